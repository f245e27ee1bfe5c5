"""What carriers and operations said about a shipment on its way."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.fulfilment.models.shipments import Shipment


class TrackingEvent(models.Model):
    """What a carrier or operations said, when it happened and when it was heard. Kept even where it changes nothing."""

    class Kind(models.TextChoices):
        PICKED_UP = "picked_up", _("picked up")
        IN_TRANSIT = "in_transit", _("in transit")
        OUT_FOR_DELIVERY = "out_for_delivery", _("out for delivery")
        DELIVERED = "delivered", _("delivered")
        EXCEPTION = "exception", _("exception")

    shipment = models.ForeignKey(Shipment, models.CASCADE, related_name="tracking", verbose_name=_("shipment"))
    parcel = models.ForeignKey(
        "fulfilment.Parcel", models.SET_NULL, null=True, blank=True, related_name="tracking", verbose_name=_("parcel")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    place = models.CharField(_("place"), max_length=80, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    source = models.CharField(_("source"), max_length=40)
    message_id = models.CharField(_("message id"), max_length=80)
    happened_at = models.DateTimeField(_("happened"))
    heard_at = models.DateTimeField(_("heard"))
    applied = models.BooleanField(_("applied"), default=True)
    unapplied_because = models.CharField(_("not applied because"), max_length=120, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("tracking event"), _("tracking events")
        ordering = ["happened_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["shipment", "source", "message_id"], name="one_tracking_event_per_message")
        ]

    def __str__(self):
        return f"{self.kind} {self.happened_at:%Y-%m-%d}"
