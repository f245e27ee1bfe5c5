from django.contrib import admin
from django.utils import timezone

from apps.core.admin import ReadOnlyAdmin
from apps.core.desk import OneRow
from apps.recommendations.models import (
    Block,
    CategoryService,
    Dismissal,
    NextLine,
    NextOrderLetter,
    Pick,
    RangeGap,
    RegularSku,
    Shortage,
    SuggestionTerms,
    Training,
    Watch,
)


@admin.register(RegularSku)
class RegularSkuAdmin(ReadOnlyAdmin):
    """Reckoned from orders, so there is nothing to type in."""

    list_display = ["account", "product", "times_bought", "gap_days", "last_on", "due_on", "usual_quantity"]
    list_select_related = ["account", "product"]
    list_filter = ["due_on"]
    search_fields = ["account__name", "account__number", "product__sku", "product__name"]
    date_hierarchy = "due_on"


@admin.register(Pick)
class PickAdmin(admin.ModelAdmin):
    list_display = ["account", "product", "note", "rep", "picked_at"]
    list_select_related = ["account", "product", "rep__user"]
    list_filter = [("rep", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["account__name", "account__number", "product__sku", "product__name", "note"]
    autocomplete_fields = ["account", "product", "rep"]


@admin.register(Block)
class BlockAdmin(admin.ModelAdmin):
    list_display = ["account", "product", "note", "rep", "blocked_at"]
    list_select_related = ["account", "product", "rep__user"]
    list_filter = [("rep", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["account__name", "account__number", "product__sku", "product__name", "note"]
    autocomplete_fields = ["account", "product", "rep"]


@admin.register(CategoryService)
class CategoryServiceAdmin(admin.ModelAdmin):
    """Which services are offered in the cart with what category."""

    list_display = ["category", "service", "note", "is_active"]
    list_editable = ["is_active"]
    list_filter = ["is_active"]
    list_select_related = ["category", "service"]
    search_fields = ["category__name", "service__sku", "service__name"]
    autocomplete_fields = ["category", "service"]


@admin.register(RangeGap)
class RangeGapAdmin(ReadOnlyAdmin):
    list_display = ["account", "place", "product", "accounts", "of_accounts", "beside"]
    list_select_related = ["account", "product", "beside"]
    search_fields = ["account__name", "account__number", "product__sku"]
    show_full_result_count = False


@admin.register(Shortage)
class ShortageAdmin(ReadOnlyAdmin):
    list_display = ["needed_on", "account", "product", "quantity", "on_hand", "comes_on", "ready_on", "substitute"]
    list_select_related = ["account", "product", "substitute"]
    list_filter = ["is_claimed", ("substitute", admin.EmptyFieldListFilter)]
    search_fields = ["account__name", "account__number", "product__sku"]
    show_full_result_count = False


@admin.register(Watch)
class WatchAdmin(ReadOnlyAdmin):
    list_display = ["begun_at", "product", "account", "contact", "kind", "quantity", "below", "state", "met_at"]
    list_filter = ["kind", "state"]
    list_select_related = ["product", "account", "contact"]
    search_fields = ["product__sku", "account__name", "contact__name"]
    show_full_result_count = False


@admin.register(NextLine)
class NextLineAdmin(ReadOnlyAdmin):
    list_display = ["account", "place", "product", "quantity", "due_on", "expected_on", "kind", "confidence"]
    list_filter = ["kind"]
    list_select_related = ["account", "product"]
    search_fields = ["account__name", "account__number", "product__sku"]
    show_full_result_count = False


@admin.register(Dismissal)
class DismissalAdmin(ReadOnlyAdmin):
    list_display = ["said_at", "account", "product", "kind", "until", "contact", "taken_back_at"]
    list_filter = ["kind", ("taken_back_at", admin.EmptyFieldListFilter)]
    list_select_related = ["account", "product", "contact"]
    search_fields = ["account__name", "account__number", "product__sku"]


@admin.register(Training)
class TrainingAdmin(ReadOnlyAdmin):
    list_display = ["began_at", "took_seconds", "peak_mib", "accounts", "lines", "recall"]


@admin.register(SuggestionTerms)
class SuggestionTermsAdmin(OneRow):
    """One row. A share that changes begins a comparison anew."""

    list_display = ["held_out_percent", "held_out_since", "writes_letters", "letter_hour"]
    readonly_fields = ["held_out_since"]

    def save_model(self, request, obj, form, change):
        obj.pk = 1
        if not change or "held_out_percent" in form.changed_data:
            obj.held_out_since = timezone.localdate()
        super().save_model(request, obj, form, change)


@admin.register(NextOrderLetter)
class NextOrderLetterAdmin(ReadOnlyAdmin):
    list_display = ["on", "account", "contact", "claimed_at", "sent_at", "used_at"]
    list_filter = [("sent_at", admin.EmptyFieldListFilter), ("used_at", admin.EmptyFieldListFilter)]
    list_select_related = ["account", "contact"]
    search_fields = ["account__name", "account__number", "contact__name"]
    show_full_result_count = False
