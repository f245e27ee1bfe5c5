from typing import ClassVar

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import Count, F
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.core.formatting import money, number_writer
from apps.delivery.formsets import RateRows, WindowRows
from apps.delivery.models import Closure, DeliveryOption, Holiday, Lane, Rate, Slot, SlotWindow, Zone
from apps.delivery.selectors.examples import example_of


class LaneInline(admin.TabularInline):
    model = Lane
    extra = 0
    fields = ["warehouse", "country", "zone", "branch", "transit_days", "is_served"]


class RateInline(admin.TabularInline):
    model = Rate
    formset = RateRows
    extra = 0
    formfield_overrides: ClassVar = {
        models.DecimalField: {"widget": forms.TextInput(attrs={"size": 8, "inputmode": "decimal"})}
    }
    fields = ["zone", "up_to_kg", "up_to_m3", "from_net", "price", "per_kg", "per_pallet"]


class SlotWindowInline(admin.TabularInline):
    model = SlotWindow
    formset = WindowRows
    extra = 0
    fields = ["weekdays", "starts_at", "ends_at", "capacity", "is_priority"]


class ClosureInline(admin.TabularInline):
    model = Closure
    exclude = ["warehouse"]
    extra = 0


@admin.register(DeliveryOption)
class DeliveryOptionAdmin(admin.ModelAdmin):
    list_display = [
        *("name", "kind", "carrier", "cut_off", "working_days", "costs", "free_from", "carries", "goes_to"),
        *("position", "is_active"),
    ]
    list_editable = ["position", "is_active"]
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
        (_("What a buyer would be told now"), {"fields": ["preview"]}),
    ]
    readonly_fields = ["preview"]

    def get_queryset(self, request):
        counted = {"rates_count": Count("rates", distinct=True), "lanes_count": Count("lanes", distinct=True)}
        return super().get_queryset(request).annotate(**counted)

    @admin.display(description=_("what it costs"))
    def costs(self, option):
        if option.rates_count:
            return _("rate table")
        base = money(option.base_rate, option.currency)
        per_kg = number_writer(get_language(), 0, 4).write(option.rate_per_kg)
        return f"{base} + {per_kg}/kg" if option.rate_per_kg else base

    @admin.display(description=_("what it carries"))
    def carries(self, option):
        write = number_writer(get_language(), 0, 2).write
        least, most = write(option.min_weight_kg), option.max_weight_kg
        return f"{least}–{write(most)} kg" if most is not None else f"≥ {least} kg"

    @admin.display(description=_("lanes"), ordering="lanes_count")
    def goes_to(self, option):
        return option.lanes_count

    @admin.display(description=_("for goods that are ready today"))
    def preview(self, option):
        lines = example_of(option, now=timezone.now()) if option.pk else []
        if not lines:
            return _("Save it as active with a lane to a country, and it is reckoned here.")
        rows = format_html_join("", "<li>{}</li>", ((line,) for line in lines))
        return format_html("<ul>{}</ul>", rows)


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
    list_per_page = 60

    @admin.display(description=_("option"), ordering=F("window__option__position"))
    def option_name(self, slot):
        return slot.window.option.name

    @admin.display(description=_("left"))
    def left(self, slot):
        return slot.capacity - slot.booked

    def has_delete_permission(self, request, obj=None):
        return bool(obj and not obj.booked) and super().has_delete_permission(request, obj)
