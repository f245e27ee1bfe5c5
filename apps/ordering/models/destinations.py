"""Where an order goes, and how: once on the order itself, and once more for each further ship-to of its lines."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.scoping import AccountOwnedQuerySet
from apps.delivery.models import DeliveryOption


class GoesSomewhere(models.Model):
    """A ship-to with the way there, as agreed when placed: address, terms, option, slot or branch, one day or parts."""

    ship_to = models.ForeignKey(
        "accounts.ShipTo", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ship-to")
    )
    ship_to_text = models.TextField(_("delivery address"), blank=True)
    delivery_option = models.ForeignKey(
        "delivery.DeliveryOption",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("delivery option"),
    )
    direct_option = models.ForeignKey(
        "delivery.DeliveryOption", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("option straight from the supplier"),
        help_text=_("By which a supplier sends a part of it while the rest comes from us."),
    )  # fmt: skip
    delivery_terms = models.JSONField(
        _("how it is received"), default=dict, blank=True, editable=False,
        db_default=models.Value({}, models.JSONField()),
        help_text=_("What the ship-to asked of the picker and the driver when the order was placed."),
    )  # fmt: skip
    is_complete = models.BooleanField(
        _("deliver complete"), default=False, db_default=False, help_text=_("Else it is sent as it is ready.")
    )
    slot = models.ForeignKey(
        "delivery.Slot", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("slot")
    )
    slot_from = models.DateTimeField(_("slot from"), null=True, blank=True)
    slot_to = models.DateTimeField(_("slot to"), null=True, blank=True)
    branch = models.ForeignKey(
        "availability.Warehouse", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("picked up at"),
    )  # fmt: skip
    branch_text = models.CharField(_("branch as ordered"), max_length=200, blank=True, default="", db_default="")
    requested_on = models.DateField(_("requested for"), null=True, blank=True)
    promised_on = models.DateField(
        _("promised for"), null=True, blank=True, help_text=_("The latest first promise among its lines.")
    )

    class Meta:
        abstract = True

    @property
    def time_zone(self) -> str:
        """That of the place it goes to."""
        return self.ship_to.time_zone if self.ship_to else self.account.time_zone

    @property
    def all_directly(self) -> bool:
        """Whether suppliers send all of it straight to the receiver: by that option alone."""
        return self.delivery_option is not None and self.delivery_option.kind == DeliveryOption.Kind.DROP_SHIP

    def option_from(self, supplier: str):
        """The option by which what this supplier sends comes; without one, what comes from us."""
        return self.direct_option or self.delivery_option if supplier else self.delivery_option

    @property
    def place(self) -> str:
        """The first line of the address: its name."""
        return self.ship_to_text.partition("\n")[0].strip()

    @property
    def address(self) -> str:
        """The address on one line."""
        return ", ".join(line.strip() for line in self.ship_to_text.splitlines() if line.strip())


class DestinationQuerySet(AccountOwnedQuerySet):
    account_field = "order__account"


class Destination(GoesSomewhere):
    """A further ship-to of an order. What the order goes through (approval, credit, PO number) it goes through whole.

    `freight_net` is what of the order's freight is for it.
    """

    order = models.ForeignKey("ordering.Order", models.CASCADE, related_name="destinations", verbose_name=_("order"))
    position = models.PositiveSmallIntegerField(_("position"))
    freight_net = models.DecimalField(_("freight, net"), max_digits=12, decimal_places=2, default=0)

    objects = DestinationQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("further ship-to"), _("further ship-tos")
        ordering = ["order", "position"]
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="one_destination_per_position"),
            models.UniqueConstraint(fields=["order", "ship_to"], name="one_destination_per_ship_to"),
            models.CheckConstraint(
                condition=Q(position__gte=1) & Q(freight_net__gte=0), name="a_destination_follows_the_order"
            ),
        ]

    def __str__(self):
        return f"{self.order_id}: {self.place}"

    @property
    def account(self):
        return self.order.account

    @property
    def country(self) -> str:
        """That of the order: all its ship-tos lie in one."""
        return self.order.country

    @staticmethod
    def ref_of(order_number: str, position: int) -> str:
        """By which it holds a place in a slot; the order itself is position 0."""
        return f"{order_number}/{position}" if position else order_number
