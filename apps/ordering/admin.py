from django.contrib import admin
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from apps.core.desk import DeskAdmin, FrozenInline
from apps.core.formatting import address_lines, money
from apps.ordering import services
from apps.ordering.models import (
    Approval,
    ApprovalPolicy,
    BlanketLine,
    BlanketOrder,
    BuyingList,
    BuyingListLine,
    BuyingRules,
    CostCentre,
    Deputy,
    Destination,
    Order,
    OrderLine,
    PaymentPlan,
    PolicyStep,
    Quote,
    QuoteLine,
    QuoteVersion,
    StandingOrder,
    StandingOrderLine,
)


class OrderLineInline(FrozenInline):
    model = OrderLine
    fields = [
        *("position", "sku", "name", "quantity", "uom", "unit_price", "price_source", "net", "tax_percent"),
        *("promised_on", "ready_on", "shipped_quantity", "delivered_quantity"),
    ]


class DestinationInline(FrozenInline):
    model = Destination
    fields = ["position", "ship_to_text", "requested_on", "promised_on", "freight_net"]


class ApprovalInline(FrozenInline):
    model = Approval
    fields = ["position", "reason", "policy", "role", "person", "state", "decided_by_name", "decided_at", "comment"]


@admin.register(Order)
class OrderAdmin(DeskAdmin):
    list_display = [
        "number",
        "account",
        "placed_at",
        "status",
        "total",
        "promised_on",
        "pay_by",
        "po_number",
        "channel",
    ]
    list_filter = ["status", "channel", "placed_at"]
    list_select_related = ["account"]
    search_fields = ["number", "po_number", "account__name", "=account__number"]
    search_help_text = gettext_lazy("Number, PO number, or the account's name or number")
    inlines = [OrderLineInline, DestinationInline, ApprovalInline]
    actions = ["confirm", "release_hold", "decline_hold", "wait_longer", "cancel"]
    fieldsets = [
        (None, {"fields": ["number", "status", "account", "contact", "placed_by_name", "channel", "placed_at"]}),
        (
            gettext_lazy("Delivery"),
            {
                "fields": [
                    *("delivery_address", "delivery_option", "is_complete", "slot_from", "slot_to", "branch_text"),
                    *("requested_on", "promised_on", "notes"),
                ]
            },
        ),
        (
            gettext_lazy("Money"),
            {
                "fields": [
                    *("po_number", "cost_centre_text", "currency", "goods_net", "freight_net", "freight_tax_percent"),
                    *("tax", "gross", "payment_kind", "payment_name", "instalments", "instalment_days", "fee_net"),
                    *("net_days", "discount_percent", "discount_days", "hold_days", "pay_by", "payment_reminded_at"),
                ]
            },
        ),
    ]

    @admin.display(description=gettext_lazy("delivery address"))
    def delivery_address(self, order: Order) -> str:
        return "\n".join(address_lines(order.ship_to_text, order.country, get_language()))

    @admin.display(description=gettext_lazy("total"), ordering="gross")
    def total(self, order: Order) -> str:
        return money(order.gross, order.currency)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("account", "contact", "ship_to", "delivery_option")

    @admin.action(description=gettext_lazy("Confirm"), permissions=["view"])
    def confirm(self, request, queryset):
        def deed(order):
            services.confirm_order(request.actor, order, now=timezone.now())

        self.do_each(request, queryset, deed, _("Confirmed %(count)s: %(rows)s. Shipments are being planned."))

    @admin.action(description=gettext_lazy("Release credit hold"), permissions=["view"])
    def release_hold(self, request, queryset):
        def deed(order):
            services.release_credit_hold(request.actor, order, now=timezone.now())

        self.do_each(request, queryset, deed, _("Released %(count)s: %(rows)s."))

    @admin.action(description=gettext_lazy("Decline for credit"), permissions=["view"])
    def decline_hold(self, request, queryset):
        def deed(order):
            services.decline_credit(request.actor, order, now=timezone.now())

        self.do_each(request, queryset, deed, _("Declined %(count)s: %(rows)s. Stock is free again."))

    @admin.action(description=gettext_lazy("Hold a week longer for the money"), permissions=["view"])
    def wait_longer(self, request, queryset):
        def deed(order):
            services.wait_longer(request.actor, order, now=timezone.now())

        self.do_each(request, queryset, deed, _("Held %(count)s a week longer: %(rows)s."))

    @admin.action(description=gettext_lazy("Cancel"), permissions=["view"])
    def cancel(self, request, queryset):
        def deed(order):
            services.cancel_order(request.actor, order, reason=_("cancelled by operations"), now=timezone.now())

        self.do_each(request, queryset, deed, _("Cancelled %(count)s: %(rows)s. Stock and credit are free again."))


class QuoteLineInline(FrozenInline):
    model = QuoteLine
    fields = ["product", "quantity", "current_price", "offered_price", "note"]


class QuoteVersionInline(FrozenInline):
    model = QuoteVersion
    fields = ["round", "side", "by_name", "words", "valid_until", "made_at"]


@admin.register(Quote)
class QuoteAdmin(DeskAdmin):
    list_display = ["number", "account", "contact", "status", "requested_at", "valid_until", "order"]
    list_filter = ["status"]
    list_select_related = ["account", "contact", "order"]
    search_fields = ["number", "account__name", "=account__number"]
    inlines = [QuoteLineInline, QuoteVersionInline]


class PolicyStepInline(admin.TabularInline):
    model = PolicyStep
    fields = ["above", "role", "contact"]
    autocomplete_fields = ["contact"]
    extra = 1


@admin.register(ApprovalPolicy)
class ApprovalPolicyAdmin(admin.ModelAdmin):
    list_display = ["name", "account", "category", "cost_centre", "ship_to"]
    list_select_related = ["account", "category", "cost_centre", "ship_to"]
    search_fields = ["name", "account__name", "=account__number"]
    autocomplete_fields = ["account", "category", "ship_to"]
    raw_id_fields = ["cost_centre"]
    inlines = [PolicyStepInline]


@admin.register(CostCentre)
class CostCentreAdmin(admin.ModelAdmin):
    list_display = ["code", "name", "account", "budget", "period", "when_over", "is_active"]
    list_filter = ["when_over", "is_active"]
    list_select_related = ["account"]
    search_fields = ["code", "name", "account__name", "=account__number"]
    autocomplete_fields = ["account", "people"]


@admin.register(BuyingRules)
class BuyingRulesAdmin(admin.ModelAdmin):
    list_display = ["account", "needs_cost_centre", "own_policies_only"]
    list_select_related = ["account"]
    search_fields = ["account__name", "=account__number"]
    autocomplete_fields = ["account"]


@admin.register(Deputy)
class DeputyAdmin(admin.ModelAdmin):
    list_display = ["contact", "deputy", "from_on", "until_on"]
    list_select_related = ["contact", "deputy"]
    search_fields = ["contact__name", "deputy__name"]
    autocomplete_fields = ["contact", "deputy"]


@admin.register(PaymentPlan)
class PaymentPlanAdmin(admin.ModelAdmin):
    list_display = [
        "code",
        "name",
        "kind",
        "parts",
        "first_days",
        "every_days",
        "fee_percent",
        "hold_days",
        "minimum",
        "for_whom",
        "is_active",
    ]
    list_filter = ["kind", "is_active"]
    list_select_related = ["account", "group"]
    search_fields = ["code", "name", "account__name", "=account__number"]
    autocomplete_fields = ["account", "group"]

    @admin.display(description=gettext_lazy("for whom"))
    def for_whom(self, plan: PaymentPlan) -> str:
        return str(plan.account or plan.group or _("everybody"))


class BlanketLineInline(FrozenInline):
    model = BlanketLine
    fields = ["product", "unit_price", "agreed", "called"]


@admin.register(BlanketOrder)
class BlanketOrderAdmin(DeskAdmin):
    list_display = ["number", "name", "account", "starts_on", "ends_on", "state", "made_by_name"]
    list_filter = ["state"]
    list_select_related = ["account"]
    search_fields = ["number", "name", "account__name", "=account__number"]
    inlines = [BlanketLineInline]


class BuyingListLineInline(FrozenInline):
    model = BuyingListLine
    fields = ["product", "quantity", "par", "note"]


@admin.register(BuyingList)
class BuyingListAdmin(DeskAdmin):
    list_display = ["name", "account", "owner", "is_shared", "updated_at"]
    list_filter = ["is_shared"]
    list_select_related = ["account", "owner"]
    search_fields = ["name", "account__name", "=account__number"]
    inlines = [BuyingListLineInline]


class StandingOrderLineInline(FrozenInline):
    model = StandingOrderLine
    fields = ["product", "quantity", "agreed_price"]


@admin.register(StandingOrder)
class StandingOrderAdmin(DeskAdmin):
    list_display = ["name", "account", "contact", "state", "next_on", "ends_on", "last_order"]
    list_filter = ["state"]
    list_select_related = ["account", "contact", "last_order"]
    search_fields = ["name", "account__name", "=account__number"]
    inlines = [StandingOrderLineInline]
