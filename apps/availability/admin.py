from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.availability import services
from apps.availability.errors import StockRefused, SupplyRefused
from apps.availability.models import IncomingSupply, Reservation, StockLevel, SupplierOffer, Warehouse


@admin.register(Warehouse)
class WarehouseAdmin(admin.ModelAdmin):
    list_display = ["code", "name", "city", "country", "time_zone", "working_days", "is_branch", "priority"]
    list_filter = ["country", "is_branch"]
    search_fields = ["code", "name", "city"]


MOST_DIGITS = 9


class CountForm(ActionForm):
    """What the action of the list asks for; the action says what is wrong with it, a list has no form errors."""

    counted = forms.CharField(label=_("counted on hand"), required=False, widget=forms.NumberInput(attrs={"min": 0}))
    reason = forms.CharField(label=_("reason"), max_length=80, required=False)


@admin.register(StockLevel)
class StockLevelAdmin(admin.ModelAdmin):
    """On hand changes by counting, reserved by orders; only the safety stock is edited."""

    list_display = ["product", "warehouse", "on_hand", "reserved", "safety_stock", "promisable"]
    list_filter = ["warehouse"]
    list_select_related = ["product", "warehouse"]
    search_fields = ["product__sku__exact"]
    search_help_text = _("An exact SKU")
    autocomplete_fields = ["product", "warehouse"]
    readonly_fields = ["reserved"]
    show_full_result_count = False
    list_per_page = 50
    action_form = CountForm
    actions = ["set_counted"]

    @admin.display(description=_("can be promised"))
    def promisable(self, stock):
        return max(stock.on_hand - stock.reserved - stock.safety_stock, 0)

    def get_readonly_fields(self, request, obj=None):
        return ["warehouse", "product", "on_hand", "reserved"] if obj else ["reserved"]

    @admin.action(description=_("Set on hand to what was counted"), permissions=["change"])
    def set_counted(self, request, queryset):
        counted, reason = request.POST.get("counted", "").strip(), request.POST.get("reason", "")[:80]
        if not counted.isdecimal() or len(counted) > MOST_DIGITS:
            self.message_user(request, _("Say how many were counted, beside the action."), messages.ERROR)
            return
        done = 0
        for stock in queryset.select_related("product", "warehouse"):
            try:
                services.set_on_hand(stock, int(counted), now=timezone.now(), reason=reason, actor=request.actor)
                done += 1
            except StockRefused:
                text = _("%(sku)s in %(warehouse)s: %(reserved)d are reserved, fewer cannot be on hand.")
                facts = {"sku": stock.product.sku, "warehouse": stock.warehouse, "reserved": stock.reserved}
                self.message_user(request, text % facts, messages.ERROR)
        if done:
            text = ngettext("%(n)d stock level set.", "%(n)d stock levels set.", done)
            self.message_user(request, text % {"n": done}, messages.SUCCESS)


@admin.register(IncomingSupply)
class IncomingSupplyAdmin(admin.ModelAdmin):
    list_display = ["number", "product", "warehouse", "quantity", "reserved", "due_on", "received_on"]
    list_filter = [("received_on", admin.EmptyFieldListFilter), "warehouse", "due_on"]
    list_select_related = ["product", "warehouse"]
    search_fields = ["number", "product__sku__exact"]
    search_help_text = _("A number, or an exact SKU")
    autocomplete_fields = ["product", "warehouse"]
    readonly_fields = ["reserved", "received_on"]
    date_hierarchy = "due_on"
    show_full_result_count = False
    actions = ["receive"]

    def get_readonly_fields(self, request, obj=None):
        """What has come no longer comes on another day."""
        return [*self.readonly_fields, "due_on"] if obj and obj.received_on else self.readonly_fields

    def save_model(self, request, obj, form, change):
        """Another day goes by the service, which tells whoever waits for it."""
        if not change or "due_on" not in form.changed_data:
            return super().save_model(request, obj, form, change)
        wanted, obj.due_on = obj.due_on, form.initial["due_on"]
        super().save_model(request, obj, form, change)
        try:
            services.reschedule(obj, wanted, now=timezone.now(), on=timezone.localdate(), actor=request.actor)
        except SupplyRefused:
            text = _("%(number)s has been received already.") % {"number": obj.number}
            self.message_user(request, text, messages.WARNING)

    @admin.action(description=_("Receive in full"), permissions=["change"])
    def receive(self, request, queryset):
        done, now = 0, timezone.now()
        for supply in queryset.select_related("product", "warehouse").order_by("product_id", "id"):
            try:
                services.receive(supply, now=now, on=timezone.localdate(), actor=request.actor)
                done += 1
            except SupplyRefused:
                text = _("%(number)s has been received already.") % {"number": supply.number}
                self.message_user(request, text, messages.WARNING)
        if done:
            text = ngettext("%(n)d delivery received.", "%(n)d deliveries received.", done)
            self.message_user(request, text % {"n": done}, messages.SUCCESS)


@admin.register(SupplierOffer)
class SupplierOfferAdmin(admin.ModelAdmin):
    list_display = ["product", "supplier", "stock", "reserved", "lead_days", "ships_directly"]
    list_filter = ["ships_directly", "supplier"]
    list_select_related = ["product"]
    search_fields = ["product__sku__exact", "supplier"]
    search_help_text = _("An exact SKU, or a supplier")
    autocomplete_fields = ["product"]
    readonly_fields = ["reserved"]
    show_full_result_count = False

    def save_model(self, request, obj, form, change):
        """What a supplier has, and how long they take, goes by the service: what is held of it follows."""
        if not change:
            return super().save_model(request, obj, form, change)
        stock, lead_days = obj.stock, obj.lead_days
        kept = SupplierOffer.objects.get(pk=obj.pk)
        obj.stock, obj.lead_days = kept.stock, kept.lead_days
        super().save_model(request, obj, form, change)
        told = {"now": timezone.now(), "on": timezone.localdate(), "actor": request.actor}
        services.change_offer(obj, stock=stock, lead_days=lead_days, **told)


@admin.register(Reservation)
class ReservationAdmin(admin.ModelAdmin):
    """Made by orders and read here; a change by hand would unbalance the stock."""

    list_display = ["demand_ref", "product", "warehouse", "quantity", "ready_on", "is_direct", "state", "created_at"]
    list_filter = ["state", "warehouse"]
    list_select_related = ["product", "warehouse"]
    search_fields = ["demand_ref__startswith", "product__sku__exact"]
    search_help_text = _("The beginning of an order line's number, or an exact SKU")
    show_full_result_count = False
    ordering = ["-id"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
