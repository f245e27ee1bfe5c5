"""Products, with everything that hangs on them."""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.catalogue import services
from apps.catalogue.admin.attributes import attribute_fields, checked_picture, product_form
from apps.catalogue.models import (
    Category,
    CustomerPartNumber,
    PackagingUnit,
    Product,
    ProductCode,
    ProductDocument,
    ProductPicture,
    ProductRelation,
    ProductText,
)
from apps.catalogue.search import ids_like
from apps.core.images import suffix
from apps.core.text import folded


class CodeInline(admin.TabularInline):
    """Codes that somebody else knows the product by. SKU, MPN and GTIN follow from the product."""

    model = ProductCode
    extra = 0
    verbose_name_plural = _("further codes")

    def get_queryset(self, request):
        return super().get_queryset(request).exclude(kind__in=services.OWN_KINDS)

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        if db_field.name == "kind":
            kwargs["choices"] = [choice for choice in ProductCode.Kind.choices if choice[0] not in services.OWN_KINDS]
        return super().formfield_for_choice_field(db_field, request, **kwargs)


class PackagingInline(admin.TabularInline):
    model = PackagingUnit
    extra = 0


class DocumentInline(admin.TabularInline):
    model = ProductDocument
    extra = 0


class TextInline(admin.StackedInline):
    """The product in other languages; found and shown in each of them."""

    model = ProductText
    extra = 0
    classes = ["collapse"]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "language":
            others = [choice for choice in settings.LANGUAGES if choice[0] != settings.LANGUAGE_CODE]
            return forms.ChoiceField(choices=others, label=_("language"))
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class PictureForm(forms.ModelForm):
    """A further picture: checked by decoding it, and kept as it was written anew."""

    def clean_file(self):
        sent = self.cleaned_data.get("file")
        if isinstance(sent, UploadedFile):
            return ContentFile(checked_picture(sent).large, f"picture{suffix()}")
        return sent


class PictureInline(admin.TabularInline):
    model = ProductPicture
    form = PictureForm
    extra = 0


class RelationInline(admin.TabularInline):
    model = ProductRelation
    fk_name = "product"
    autocomplete_fields = ["other"]
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("other")


class TopCategoryFilter(admin.SimpleListFilter):
    title = _("category")
    parameter_name = "top"

    def lookups(self, request, model_admin):
        return list(Category.objects.filter(parent=None).values_list("pk", "name"))

    def queryset(self, request, products: QuerySet) -> QuerySet:
        top = Category.objects.filter(pk=self.value()).first() if (self.value() or "").isdecimal() else None
        return products.filter(category__path__startswith=top.path) if top else products


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin):
    list_display = ["thumbnail", "sku", "name", "brand", "category", "kind", "status", "lead_days", "popularity"]
    list_display_links = ["sku", "name"]
    list_filter = ["status", "kind", TopCategoryFilter, "tax_class"]
    list_select_related = ["brand", "category"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["sku", "name"]
    search_help_text = _("Words of the name or brand, or any code: SKU, MPN, GTIN, superseded, competitor's.")
    ordering = ["-popularity", "id"]
    autocomplete_fields = ["category", "brand"]
    readonly_fields = ["popularity"]
    inlines = [
        CodeInline,
        PictureInline,
        PackagingInline,
        RelationInline,
        DocumentInline,
        TextInline,
    ]
    actions = ["discontinue", "put_on_sale"]
    save_on_top = True

    def get_fieldsets(self, request, product=None):
        ordering = ["uom", "minimum_quantity", "order_multiple", "content_quantity", "content_uom"]
        return [
            (None, {"fields": ["sku", "name", "category", "brand", "kind", "status", "picture"]}),
            (_("Words"), {"fields": ["summary", "description"]}),
            (_("Attributes"), {"fields": [*attribute_fields(product), "added_attribute"]}),
            (_("Codes"), {"fields": ["mpn", "gtin"]}),
            (_("Ordering"), {"fields": ordering}),
            (_("Supply"), {"fields": ["lead_days", "warranty_months", "tax_class", "popularity"]}),
            (_("Delivery"), {"fields": [("weight_kg", "volume_l"), ("is_bulky", "is_dangerous")]}),
        ]

    def get_form(self, request, obj=None, change=False, **kwargs):
        return super().get_form(request, obj, change, form=product_form(obj), **kwargs)

    def get_search_results(self, request, products: QuerySet, term: str) -> tuple[QuerySet, bool]:
        """As buyers search, and by SKU while the index is still to follow."""
        term = folded(term)
        return (products.filter(Q(pk__in=ids_like(term)) | Q(sku__iexact=term)) if term else products), False

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        fields = [name.removeprefix("attribute_") for name in form.changed_data]
        services.product_changed(form.instance, now=timezone.now(), actor=request.actor, fields=fields)
        if form.sizes:
            services.set_picture(form.instance.pk, form.sizes, now=timezone.now(), actor=request.actor)

    @admin.display(description="")
    def thumbnail(self, product: Product) -> str:
        if not product.picture:
            return ""
        return format_html('<img src="{}" alt="" width="32" height="32" loading="lazy">', product.thumbnail_url)

    @admin.action(description=_("Discontinue the chosen products"))
    def discontinue(self, request, products: QuerySet):
        self._tell(request, services.discontinue(products, now=timezone.now(), actor=request.actor))

    @admin.action(description=_("Put the chosen products on sale"))
    def put_on_sale(self, request, products: QuerySet):
        self._tell(request, services.put_on_sale(products, now=timezone.now(), actor=request.actor))

    def _tell(self, request, number: int):
        said = ngettext("%(n)d product was changed.", "%(n)d products were changed.", number) % {"n": number}
        self.message_user(request, said, messages.SUCCESS if number else messages.WARNING)


@admin.register(CustomerPartNumber)
class PartNumberAdmin(admin.ModelAdmin):
    list_display = ["account", "code", "product"]
    list_select_related = ["account", "product"]
    search_fields = ["code", "account__name", "account__number", "product__sku"]
    autocomplete_fields = ["account", "product"]
