from django.contrib import admin

from apps.delivery.models import DeliveryOption, Holiday, Lane


class LaneInline(admin.TabularInline):
    model = Lane
    extra = 0


@admin.register(DeliveryOption)
class DeliveryOptionAdmin(admin.ModelAdmin):
    list_display = [
        "name",
        "kind",
        "carrier",
        "cut_off",
        "currency",
        "base_rate",
        "rate_per_kg",
        "free_from",
        "is_active",
    ]
    list_filter = ["kind", "is_active", "currency"]
    search_fields = ["code", "name", "carrier"]
    prepopulated_fields = {"code": ["name"]}
    inlines = [LaneInline]


@admin.register(Lane)
class LaneAdmin(admin.ModelAdmin):
    list_display = ["option", "warehouse", "country", "transit_days"]
    list_editable = ["transit_days"]
    list_filter = ["option", "warehouse", "country"]
    list_select_related = ["option", "warehouse"]


@admin.register(Holiday)
class HolidayAdmin(admin.ModelAdmin):
    list_display = ["day_on", "country", "name"]
    list_filter = ["country"]
    search_fields = ["name"]
    date_hierarchy = "day_on"
