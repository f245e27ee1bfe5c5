from typing import ClassVar

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from apps.delivery.models import Closure, DeliveryOption, Holiday, Lane, Rate, Slot, SlotWindow, Zone


class LaneInline(admin.TabularInline):
    model = Lane
    extra = 0
    fields = ["warehouse", "country", "zone", "branch", "transit_days", "is_served"]


class RateInline(admin.TabularInline):
    model = Rate
    extra = 0
    formfield_overrides: ClassVar = {
        models.DecimalField: {"widget": forms.TextInput(attrs={"size": 8, "inputmode": "decimal"})}
    }
    fields = ["zone", "up_to_kg", "up_to_m3", "from_net", "price", "per_kg", "per_pallet"]


class SlotWindowInline(admin.TabularInline):
    model = SlotWindow
    extra = 0


class ClosureInline(admin.TabularInline):
    model = Closure
    exclude = ["warehouse"]
    extra = 0


@admin.register(DeliveryOption)
class DeliveryOptionAdmin(admin.ModelAdmin):
    list_display = ["name", "kind", "carrier", "cut_off", "currency", "base_rate", "free_from", "is_active"]
    list_filter = ["kind", "is_active", "currency"]
    search_fields = ["code", "name", "carrier"]
    prepopulated_fields = {"code": ["name"]}
    inlines = [RateInline, LaneInline, SlotWindowInline, ClosureInline]
    fieldsets = [
        (None, {"fields": ["name", "code", "kind", "description", "carrier", "position", "is_active"]}),
        (_("When it runs"), {"fields": ["cut_off", "working_days"]}),
        (
            _("What it costs"),
            {
                "description": _("The base rate and the rate per kg count where there are no rates below."),
                "fields": ["currency", "base_rate", "rate_per_kg", "part_charge", "free_from"],
            },
        ),
        (
            _("What it carries"),
            {
                "fields": [
                    ("min_weight_kg", "max_weight_kg"),
                    ("carries_dangerous", "carries_bulky"),
                    ("pallet_kg", "pallet_m3"),
                ]
            },
        ),
    ]


@admin.register(Zone)
class ZoneAdmin(admin.ModelAdmin):
    list_display = ["name", "country", "beginnings"]
    list_filter = ["country"]
    search_fields = ["name"]

    @admin.display(description=_("postal codes begin with"))
    def beginnings(self, zone):
        return ", ".join(zone.prefixes)


@admin.register(Lane)
class LaneAdmin(admin.ModelAdmin):
    list_display = ["option", "warehouse", "country", "zone", "branch", "transit_days", "is_served"]
    list_editable = ["transit_days", "is_served"]
    list_filter = ["option", "warehouse", "country", "zone"]
    list_select_related = ["option", "warehouse", "zone", "branch"]


@admin.register(Holiday)
class HolidayAdmin(admin.ModelAdmin):
    list_display = ["day_on", "country", "zone", "name"]
    list_filter = ["country", "zone"]
    list_select_related = ["zone"]
    search_fields = ["name"]
    date_hierarchy = "day_on"


@admin.register(Closure)
class ClosureAdmin(admin.ModelAdmin):
    list_display = ["from_on", "until_on", "warehouse", "option", "name"]
    list_filter = ["warehouse", "option"]
    list_select_related = ["warehouse", "option"]
    search_fields = ["name"]
    date_hierarchy = "from_on"


@admin.register(Slot)
class SlotAdmin(admin.ModelAdmin):
    """What is booked on a day; its capacity can be changed for that day, never below what is booked."""

    list_display = ["day_on", "option_name", "window", "capacity", "booked", "left"]
    list_editable = ["capacity"]
    list_filter = ["window__option"]
    list_select_related = ["window__option"]
    date_hierarchy = "day_on"
    readonly_fields = ["booked"]

    @admin.display(description=_("option"), ordering=F("window__option__position"))
    def option_name(self, slot):
        return slot.window.option.name

    @admin.display(description=_("left"))
    def left(self, slot):
        return slot.capacity - slot.booked

    def has_delete_permission(self, request, obj=None):
        return bool(obj and not obj.booked) and super().has_delete_permission(request, obj)
