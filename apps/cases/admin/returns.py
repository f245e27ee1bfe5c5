"""Returns as they stand, and the terms that operations keep. Returns are worked in the workspace, step by step."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from apps.cases.models import (
    NotReturnable,
    Return,
    ReturnLine,
    ReturnReasonTerms,
    ReturnReceipt,
    ReturnReceiptLine,
    ReturnTerms,
)
from apps.core.desk import DeskAdmin, FrozenInline, OneRow
from apps.core.selectors import history_of


class LineInline(FrozenInline):
    model = ReturnLine
    fields = [
        "order_line", "reason", "quantity", "approved_quantity", "received_quantity", "fee_percent", "until", "barred",
    ]  # fmt: skip


class ReceiptInline(FrozenInline):
    model = ReturnReceipt
    fields = ["received_at", "warehouse", "received_by", "note", "credited_at"]


@admin.register(Return)
class ReturnAdmin(DeskAdmin):
    list_display = ["number", "account", "order", "status", "wish", "requested_at", "send_by", "decided_by_name"]
    list_filter = ["status", "wish", "lines__reason", "is_automatic", "warehouse"]
    list_select_related = ["account", "order"]
    search_fields = ["=number", "=order__number", "account__name", "=lines__order_line__sku"]
    date_hierarchy = "requested_at"
    fields = [
        "number", "in_workspace", "account", "contact", "order", "status", "wish", "note", "we_pay_freight",
        "is_automatic", "requested_at", "decided_at", "decided_by_name", "answer", "warehouse", "send_to", "send_by",
        "sent_at", "tracking_code", "ended_at", "history",
    ]  # fmt: skip
    readonly_fields = ["in_workspace", "history"]
    inlines = [LineInline, ReceiptInline]

    @admin.display(description=_("in the workspace"))
    def in_workspace(self, shown: Return):
        return format_html('<a href="{}">{}</a>', reverse("workspace:return", args=[shown.number]), shown.number)

    @admin.display(description=_("history"))
    def history(self, shown: Return) -> str:
        told = history_of(f"return:{shown.number}")
        return "\n".join(f"{event.occurred_at:%Y-%m-%d %H:%M}  {event.name}  {event.actor_name}" for event in told)


class ReceiptLineInline(FrozenInline):
    model = ReturnReceiptLine
    fields = ["line", "quantity", "condition", "decision", "is_credited"]


@admin.register(ReturnReceipt)
class ReturnReceiptAdmin(DeskAdmin):
    list_display = ["received_at", "of", "warehouse", "received_by", "credited_at"]
    list_filter = ["warehouse", ("credited_at", admin.EmptyFieldListFilter), "lines__condition", "lines__decision"]
    list_select_related = ["of", "warehouse"]
    search_fields = ["=of__number"]
    date_hierarchy = "received_at"
    fields = ["of", "warehouse", "received_at", "received_by", "note", "credited_at"]
    inlines = [ReceiptLineInline]


@admin.register(ReturnReasonTerms)
class ReturnReasonTermsAdmin(admin.ModelAdmin):
    """A reason without a row has the usual terms."""

    list_display = ["reason", "days", "fee_percent", "we_pay_freight", "is_automatic"]


@admin.register(ReturnTerms)
class ReturnTermsAdmin(OneRow):
    list_display = ["__str__", "automatic_below", "send_within_days", "warehouse"]


@admin.register(NotReturnable)
class NotReturnableAdmin(admin.ModelAdmin):
    list_display = ["__str__", "why", "category", "product"]
    list_filter = ["why"]
    list_select_related = ["category", "product"]
    autocomplete_fields = ["product"]
    search_fields = ["=product__sku", "product__name", "category__name"]
