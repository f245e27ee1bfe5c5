from django.contrib import admin

from apps.cases.models import WrongPrice


@admin.register(WrongPrice)
class WrongPriceAdmin(admin.ModelAdmin):
    """Lines charged too much, as they were found. One that was found by mistake can be deleted before it has a case."""

    list_display = ["found_at", "account", "line", "because", "right_price", "too_much", "case"]
    list_filter = ["because", ("case", admin.EmptyFieldListFilter)]
    list_select_related = ["account", "line", "case"]
    search_fields = ["=line__order__number", "=line__sku", "account__name", "=case__number"]
    fields = ["account", "line", "because", "right_price", "too_much", "found_at", "case"]
    readonly_fields = fields
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or obj.case_id is None)
