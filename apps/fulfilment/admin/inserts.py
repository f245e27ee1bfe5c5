"""Operations write here what goes into boxes, when, and within which budget."""

from django import forms
from django.contrib import admin
from django.core.files.base import ContentFile
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Contact
from apps.core.admin import ReadOnlyAdmin
from apps.core.desk import FrozenInline, OneRow
from apps.core.images import NoPicture, sizes_of, suffix
from apps.fulfilment.models import BoxTerms, Insert, InsertBudget, InsertRule, ShipmentInsert


class InsertForm(forms.ModelForm):
    def clean_picture(self):
        """What is sent is decoded and written anew; what is kept stays."""
        sent = self.cleaned_data["picture"]
        if not sent or "picture" not in self.changed_data:
            return sent
        try:
            return ContentFile(sizes_of(sent.read()).small, name=f"picture{suffix()}")
        except NoPicture as refused:
            raise forms.ValidationError(str(refused)) from None


@admin.register(Insert)
class InsertAdmin(admin.ModelAdmin):
    form = InsertForm
    list_display = ["name", "kind", "shown", "product", "cost", "is_active"]
    list_filter = ["kind", "is_active"]
    list_select_related = ["product"]
    search_fields = ["name", "product__sku__exact"]
    autocomplete_fields = ["product"]

    @admin.display(description=_("picture"))
    def shown(self, insert):
        picture = insert.picture_file
        return format_html('<img src="{}" alt="" height="40">', picture.url) if picture else "-"


class RuleForm(forms.ModelForm):
    personas = forms.MultipleChoiceField(
        label=_("Persona of who ordered"), choices=Contact.Persona.choices, required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("None ticked: any."),
    )  # fmt: skip

    def clean_countries(self):
        return [country.strip().upper() for country in self.cleaned_data["countries"]]


class BudgetInline(FrozenInline):
    model = InsertBudget
    fields = ["starts_on", "limit", "spent"]
    readonly_fields = fields


@admin.register(InsertRule)
class InsertRuleAdmin(admin.ModelAdmin):
    form = RuleForm
    list_display = ["name", "insert", "priority", "held_out_percent", "budget", "period", "rest_days", "is_active"]
    list_filter = ["is_active", "insert__kind"]
    list_select_related = ["insert"]
    search_fields = ["name", "insert__name"]
    autocomplete_fields = ["insert", "categories"]
    filter_horizontal = ["groups"]
    inlines = [BudgetInline]
    fieldsets = [
        (None, {"fields": ["name", "insert", "priority", "is_active"]}),
        (_("For whom"), {"fields": ["segments", "groups", "countries", "personas"]}),
        (_("After what"), {"fields": ["order_from", "order_to", "categories", "away_days", "complaint_days"]}),
        (_("When"), {"fields": ["starts_on", "ends_on", "yearly"]}),
        (_("How often, and for how much"), {"fields": ["rest_days", "held_out_percent", "budget", "period"]}),
    ]

    def has_delete_permission(self, request, obj=None):
        """A rule that has chosen is history: it is switched off instead."""
        used = obj is not None and obj.chosen.exists()
        return super().has_delete_permission(request, obj) and not used


@admin.register(BoxTerms)
class BoxTermsAdmin(OneRow):
    """One row for the house."""

    list_display = ["__str__", "most"]

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(ShipmentInsert)
class ShipmentInsertAdmin(ReadOnlyAdmin):
    list_display = ["shipment", "insert", "kind", "state", "reason", "cost", "coupon_code", "chosen_at"]
    list_filter = ["state", "kind", "rule"]
    list_select_related = ["shipment", "insert"]
    search_fields = ["shipment__number__exact", "coupon_code__exact"]
    show_full_result_count = False

    @admin.display(description=_("why"))
    def reason(self, row):
        return row.why
