"""What a delivery was like, frozen when it was handed over; only a fault reported in the agreed days is added."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.fulfilment.models.shipments import Shipment, ShipmentLine


class DeliveryFact(models.Model):
    """One shipment as it was received. Days are those of the place of delivery; `net` is in the order's currency."""

    shipment = models.OneToOneField(Shipment, models.CASCADE, related_name="fact", verbose_name=_("shipment"))
    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    order = models.ForeignKey("ordering.Order", models.CASCADE, related_name="+", verbose_name=_("order"))
    warehouse = models.ForeignKey(
        "availability.Warehouse", models.SET_NULL, null=True, related_name="+", verbose_name=_("warehouse")
    )
    carrier = models.CharField(_("carrier"), max_length=80, blank=True)
    channel = models.CharField(_("order channel"), max_length=8)
    first_promised_on = models.DateField(_("first promise"), null=True)
    last_promised_on = models.DateField(_("latest promise"), null=True)
    delivered_on = models.DateField(_("delivered"))
    net = models.DecimalField(_("value, net"), max_digits=16, decimal_places=4)
    currency = models.CharField(_("currency"), max_length=3)
    frozen_at = models.DateTimeField(_("frozen"))

    class Meta:
        verbose_name, verbose_name_plural = _("delivery facts"), _("delivery facts")
        ordering = ["-delivered_on", "-id"]
        indexes = [
            models.Index(fields=["account", "delivered_on"], name="delivery_fact_of_account"),
            models.Index(fields=["delivered_on"], name="delivery_fact_by_day"),
        ]

    def __str__(self):
        return f"{self.shipment_id} {self.delivered_on}"


class LineFact(models.Model):
    """One line of a delivery: what was promised, what came in which state, its price against the last one paid."""

    fact = models.ForeignKey(DeliveryFact, models.CASCADE, related_name="lines", verbose_name=_("delivery facts"))
    line = models.OneToOneField(ShipmentLine, models.CASCADE, related_name="fact", verbose_name=_("shipment line"))
    order_line = models.ForeignKey("ordering.OrderLine", models.CASCADE, related_name="+", verbose_name=_("order line"))
    supplier = models.CharField(_("supplier"), max_length=80, blank=True)
    first_promised_on = models.DateField(_("first promise"), null=True)
    ordered = models.PositiveIntegerField(_("ordered"))
    shipped = models.PositiveIntegerField(_("shipped"))
    delivered = models.PositiveIntegerField(_("delivered"))
    missing = models.PositiveIntegerField(_("reported missing"), default=0, db_default=0)
    damaged = models.PositiveIntegerField(_("damaged"))
    wrong = models.PositiveIntegerField(_("not what was ordered"), default=0, db_default=0)
    papers_right = models.BooleanField(_("papers right"), default=True, db_default=True)
    unit_price = models.DecimalField(_("unit price"), max_digits=14, decimal_places=4)
    last_paid = models.DecimalField(_("unit price last paid"), max_digits=14, decimal_places=4, null=True)

    class Meta:
        verbose_name, verbose_name_plural = _("facts of a line"), _("facts of lines")
        indexes = [
            models.Index(
                fields=["fact"], name="line_fact_reported_later",
                condition=Q(missing__gt=0) | Q(damaged__gt=0) | Q(wrong__gt=0) | Q(papers_right=False),
            )
        ]  # fmt: skip

    def __str__(self):
        return f"{self.delivered} of {self.ordered}"
