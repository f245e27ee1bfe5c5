"""What products are sorted by: the category tree, brands, attributes."""

from functools import partial

from django.contrib import admin
from django.db.models import Case, Count, IntegerField, Q, Value, When
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from apps.catalogue.admin.tree import arrange
from apps.catalogue.models import Attribute, Brand, Category, Product
from apps.catalogue.selectors import category_tree
from apps.catalogue.services import naming_changed


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin):
    """The tree in its order, indented; `position` orders categories below one parent."""

    list_display = ["in_tree", "slug", "position", "product_count"]
    list_editable = ["position"]
    list_per_page = 500
    search_fields = ["name", "slug"]
    autocomplete_fields = ["parent"]
    prepopulated_fields = {"slug": ["name"]}
    readonly_fields = ["product_count"]
    change_list_template = "admin/catalogue/category/change_list.html"

    def get_urls(self):
        view = self.admin_site.admin_view(partial(arrange, self))
        return [path("tree/", view, name="catalogue_category_tree"), *super().get_urls()]

    def get_ordering(self, request):
        nodes = [node.id for top in category_tree(empty=True) for node in top.walk()]
        places = [When(pk=pk, then=Value(place)) for place, pk in enumerate(nodes)]
        return [Case(*places, default=Value(len(nodes)), output_field=IntegerField()).asc(), "pk"]

    @admin.display(description=_("category"))
    def in_tree(self, category: Category) -> str:
        return format_html("{}{}", "\u2003" * category.depth, category.name)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if change and {"name", "parent"} & set(form.changed_data):
            naming_changed(category=form.instance, now=timezone.now(), actor=request.actor)


@admin.register(Brand)
class BrandAdmin(admin.ModelAdmin):
    list_display = ["name", "slug", "is_own", "products_on_sale"]
    list_editable = ["is_own"]
    list_filter = ["is_own"]
    list_per_page = 500
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}

    def get_queryset(self, request):
        counted = Count("products", filter=Q(products__status=Product.Status.ACTIVE))
        return super().get_queryset(request).annotate(on_sale=counted)

    @admin.display(description=_("products on sale"), ordering="on_sale")
    def products_on_sale(self, brand: Brand) -> int:
        return brand.on_sale

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if change and "name" in form.changed_data:
            naming_changed(brand=form.instance, now=timezone.now(), actor=request.actor)


@admin.register(Attribute)
class AttributeAdmin(admin.ModelAdmin):
    list_display = ["name", "code", "kind", "unit", "is_facet", "position"]
    list_editable = ["is_facet", "position"]
    list_filter = ["kind", "is_facet"]
    search_fields = ["name", "code"]
    prepopulated_fields = {"code": ["name"]}

    def get_readonly_fields(self, request, attribute=None):
        """The code and the kind are written in every product that carries it."""
        return ["code", "kind"] if attribute else []

    def get_prepopulated_fields(self, request, attribute=None):
        return {} if attribute else self.prepopulated_fields
