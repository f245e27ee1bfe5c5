from django.contrib import admin

from apps.core.admin import ReadOnlyAdmin
from apps.recommendations.models import Pick, RegularSku, Watch


@admin.register(RegularSku)
class RegularSkuAdmin(admin.ModelAdmin):
    """Reckoned from orders, so there is nothing to type in; a dismissal can be taken back."""

    list_display = ["account", "product", "times_bought", "gap_days", "last_on", "due_on", "usual_quantity"]
    list_select_related = ["account", "product"]
    list_filter = ["due_on"]
    search_fields = ["account__name", "account__number", "product__sku", "product__name"]
    date_hierarchy = "due_on"
    readonly_fields = ["account", "product", "times_bought", "gap_days", "last_on", "due_on", "usual_quantity"]
    fields = [*readonly_fields, "dismissed_until"]

    def has_add_permission(self, request):
        return False


@admin.register(Pick)
class PickAdmin(admin.ModelAdmin):
    list_display = ["account", "product", "note", "rep", "picked_at"]
    list_select_related = ["account", "product", "rep__user"]
    list_filter = [("rep", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["account__name", "account__number", "product__sku", "product__name", "note"]
    autocomplete_fields = ["account", "product", "rep"]


@admin.register(Watch)
class WatchAdmin(ReadOnlyAdmin):
    list_display = ["begun_at", "product", "account", "contact", "kind", "quantity", "below", "state", "met_at"]
    list_filter = ["kind", "state"]
    list_select_related = ["product", "account", "contact"]
    search_fields = ["product__sku", "account__name", "contact__name"]
    show_full_result_count = False
