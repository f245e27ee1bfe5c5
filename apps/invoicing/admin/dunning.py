"""Reminders at operations' desk: the levels and their words, who is held, what was sent."""

from django.contrib import admin

from apps.core.desk import DeskAdmin, FrozenInline
from apps.invoicing.models import Dunning, DunningHold, DunningLevel, DunningLine, DunningWords


class DunningWordsInline(admin.TabularInline):
    model = DunningWords
    extra = 0


@admin.register(DunningLevel)
class DunningLevelAdmin(admin.ModelAdmin):
    list_display = ["level", "name", "days", "fee", "currency", "tells_rep", "is_active"]
    list_display_links = ["level", "name"]
    list_editable = ["days", "is_active"]
    inlines = [DunningWordsInline]


@admin.register(DunningHold)
class DunningHoldAdmin(admin.ModelAdmin):
    list_display = ["account", "until", "reason"]
    list_select_related = ["account"]
    search_fields = ["account__name", "=account__number"]
    autocomplete_fields = ["account"]


class DunningLineInline(FrozenInline):
    model = DunningLine
    fields = ["invoice", "due_on", "level", "amount"]


@admin.register(Dunning)
class DunningAdmin(DeskAdmin):
    list_display = ["sent_on", "account", "name", "level", "amount", "currency", "fee_invoice"]
    list_filter = ["level", "sent_on"]
    list_select_related = ["account", "fee_invoice"]
    search_fields = ["account__name", "=account__number"]
    inlines = [DunningLineInline]
