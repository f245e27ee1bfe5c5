"""Shipments and what is in them."""

from datetime import date
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.scoping import AccountOwnedQuerySet, Actor


class ShipmentQuerySet(AccountOwnedQuerySet):
    def visible_to(self, actor: Actor):
        """A carrier sees what goes by it, a supplier what it sends straight to the receiver; whoever it goes to."""
        if actor.role == "carrier":
            own = Q(carrier__iexact=actor.carrier) | Q(supplier__iexact=actor.carrier)
            return self.filter(own) if actor.carrier else self.none()
        return super().visible_to(actor)


class Shipment(models.Model):
    """Goods of one order leaving one warehouse together for one ship-to, or coming straight from one `supplier`.

    `promised_on` is the first promise of its lines, for OTIF.
    """

    class Status(models.TextChoices):
        PLANNED = "planned", _("being picked")
        SHIPPED = "shipped", _("on its way")
        DELIVERED = "delivered", _("delivered")
        CANCELLED = "cancelled", _("cancelled")

    number = models.CharField(_("number"), max_length=30, unique=True)
    order = models.ForeignKey("ordering.Order", models.PROTECT, related_name="shipments", verbose_name=_("order"))
    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="shipments", verbose_name=_("account"))
    warehouse = models.ForeignKey(
        "availability.Warehouse", models.PROTECT, null=True, related_name="+", verbose_name=_("from")
    )
    supplier = models.CharField(
        _("straight from the supplier"), max_length=80, blank=True, default="", db_default="",
        help_text=_("Who sends it; else it leaves the warehouse."),
    )  # fmt: skip
    destination = models.ForeignKey(
        "ordering.Destination", models.PROTECT, null=True, blank=True, related_name="shipments", db_index=False,
        verbose_name=_("further ship-to"), help_text=_("Empty: where the order itself goes."),
    )  # fmt: skip
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.PLANNED)
    carrier = models.CharField(_("carrier"), max_length=80, blank=True)
    tracking_code = models.CharField(_("tracking code"), max_length=60, blank=True)
    promised_on = models.DateField(_("first promise"), null=True, blank=True)
    shipped_at = models.DateTimeField(_("shipped"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("delivered"), null=True, blank=True)
    received_by = models.CharField(_("received by"), max_length=120, blank=True)
    is_late = models.BooleanField(_("late"), default=False)
    is_short = models.BooleanField(_("short"), default=False)
    is_damaged = models.BooleanField(_("damaged"), default=False)
    ready_on = models.DateField(_("ready to ship"), null=True, blank=True)
    expected_on = models.DateField(
        _("latest promise"), null=True, blank=True, help_text=_("Where it is no longer the first promise.")
    )
    wave = models.ForeignKey(
        "fulfilment.Wave", models.PROTECT, null=True, blank=True, related_name="shipments", verbose_name=_("wave")
    )
    tour = models.ForeignKey(
        "fulfilment.Tour", models.SET_NULL, null=True, blank=True, related_name="shipments", verbose_name=_("tour")
    )
    picked_at = models.DateTimeField(_("picked"), null=True, blank=True)
    picked_by = models.CharField(_("picked by"), max_length=120, blank=True, default="", db_default="")
    overdue_at = models.DateTimeField(_("noticed as overdue"), null=True, blank=True)
    created_at = models.DateTimeField(_("made"))

    objects = ShipmentQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("shipment"), _("shipments")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["account", "-created_at"], name="shipment_of_account"),
            models.Index(fields=["delivered_at"], name="shipment_delivered"),
            models.Index(
                fields=["promised_on"], name="shipment_under_way", condition=Q(status__in=["planned", "shipped"])
            ),
            models.Index(fields=["tracking_code"], name="shipment_tracking"),
        ]

    def __str__(self):
        return self.number

    @property
    def goes(self):
        """Where and how it goes: a further ship-to of its order, else the order's own."""
        return self.destination or self.order

    @property
    def time_zone(self) -> str:
        """That of the place it is received at."""
        return self.goes.ship_to.time_zone if self.goes.ship_to else self.account.time_zone

    @property
    def comes_on(self) -> date | None:
        """The day it is promised for as things stand: the latest promise, else the first."""
        return self.expected_on or self.promised_on

    @property
    def delivered_on(self) -> date | None:
        """The day it was received, where it was received."""
        return self.delivered_at.astimezone(ZoneInfo(self.time_zone)).date() if self.delivered_at else None


class ShipmentLine(models.Model):
    shipment = models.ForeignKey(Shipment, models.CASCADE, related_name="lines", verbose_name=_("shipment"))
    order_line = models.ForeignKey(
        "ordering.OrderLine", models.PROTECT, related_name="shipment_lines", verbose_name=_("order line")
    )
    quantity = models.PositiveIntegerField(_("quantity"))
    delivered_quantity = models.PositiveIntegerField(_("delivered"), null=True, blank=True)
    damaged_quantity = models.PositiveIntegerField(_("damaged"), default=0)
    refused_quantity = models.PositiveIntegerField(_("refused"), default=0, db_default=0)

    class Meta:
        verbose_name, verbose_name_plural = _("shipment line"), _("shipment lines")
        constraints = [
            models.UniqueConstraint(fields=["shipment", "order_line"], name="one_line_per_shipment_and_order_line"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="shipment_quantity_positive"),
            models.CheckConstraint(
                condition=Q(delivered_quantity=None) | Q(delivered_quantity__lte=models.F("quantity")),
                name="never_deliver_more_than_shipped",
            ),
        ]

    def __str__(self):
        return f"{self.quantity} of {self.order_line_id}"

    @property
    def is_short(self) -> bool:
        """Whether less was received than was shipped; not before somebody has counted."""
        return self.delivered_quantity is not None and self.delivered_quantity < self.quantity
