from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.desk import DeskAdmin, FrozenInline
from apps.fulfilment.models import DeliveryFact, LineFact
from apps.fulfilment.selectors.otif import otif_by, otif_of_house


class LineFactInline(FrozenInline):
    model = LineFact
    fields = [
        *("order_line", "supplier", "first_promised_on", "ordered", "delivered", "missing", "damaged", "wrong"),
        *("papers_right", "unit_price", "last_paid"),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("order_line")


@admin.register(DeliveryFact)
class DeliveryFactAdmin(DeskAdmin):
    """The facts of deliveries, and the year's figures by where they came from."""

    list_display = [
        *("shipment", "account", "warehouse", "carrier", "channel"),
        *("first_promised_on", "last_promised_on", "delivered_on", "net", "currency"),
    ]
    list_filter = ["channel", "warehouse", "carrier"]
    list_select_related = ["shipment", "account", "warehouse"]
    search_fields = ["=shipment__number", "=order__number"]
    search_help_text = gettext_lazy("Shipment or order number")
    inlines = [LineFactInline]

    def changelist_view(self, request, extra_context=None):
        on = timezone.localdate()
        ways = (("warehouse", _("Warehouse")), ("carrier", _("Carrier")), ("supplier", _("Supplier")))
        figures = [(_("The house"), {_("within a year"): otif_of_house(request.actor, on)})]
        figures += [(title, otif_by(request.actor, way, on)) for way, title in ways]
        return super().changelist_view(request, {**(extra_context or {}), "otif": figures})
