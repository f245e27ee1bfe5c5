"""Parcels: what of a shipment is in which box, and the number a carrier knows it by."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.fulfilment.models.shipments import Shipment, ShipmentLine


class Parcel(models.Model):
    """A box of a shipment; its status is that of a shipment, by rank of what its carrier said."""

    shipment = models.ForeignKey(Shipment, models.CASCADE, related_name="parcels", verbose_name=_("shipment"))
    position = models.PositiveSmallIntegerField(_("number"))
    tracking_number = models.CharField(_("tracking number"), max_length=60, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=Shipment.Status.choices, default=Shipment.Status.PLANNED
    )

    class Meta:
        verbose_name, verbose_name_plural = _("parcel"), _("parcels")
        ordering = ["position"]
        indexes = [models.Index(fields=["tracking_number"], name="parcel_tracking")]
        constraints = [
            models.UniqueConstraint(fields=["shipment", "position"], name="one_parcel_per_position"),
            models.UniqueConstraint(
                fields=["shipment", "tracking_number"],
                name="one_parcel_per_tracking_number",
                condition=~Q(tracking_number=""),
            ),
        ]

    def __str__(self):
        return self.tracking_number or f"{self.shipment_id}/{self.position}"


class ParcelLine(models.Model):
    """How much of a shipment's line is in a parcel."""

    parcel = models.ForeignKey(Parcel, models.CASCADE, related_name="lines", verbose_name=_("parcel"))
    line = models.ForeignKey(ShipmentLine, models.CASCADE, related_name="in_parcels", verbose_name=_("shipment line"))
    quantity = models.PositiveIntegerField(_("quantity"))

    class Meta:
        verbose_name, verbose_name_plural = _("line of a parcel"), _("lines of parcels")
        constraints = [
            models.UniqueConstraint(fields=["parcel", "line"], name="one_line_per_parcel_and_shipment_line"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="parcel_quantity_positive"),
        ]

    def __str__(self):
        return f"{self.quantity} of {self.line_id}"
