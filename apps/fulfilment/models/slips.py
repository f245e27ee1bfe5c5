"""A promise that slipped: which line comes later than was first promised, why, and what its buyer chose."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.money import line_net
from apps.core.scoping import AccountOwnedQuerySet


class SlipQuerySet(AccountOwnedQuerySet):
    def open(self):
        """Those of lines that are still awaited."""
        awaited = self.filter(ended_at=None, order_line__shipped_quantity__lt=models.F("order_line__quantity"))
        return awaited.exclude(order__status__in=["delivered", "cancelled", "declined"])


class Slip(models.Model):
    """`quantity` of an order line comes on `comes_on` instead of `first_on`; at most one is open for a line.

    Without a choice it is waited for. A later day asks anew; an earlier one leaves the choice as it is.
    """

    class Reason(models.TextChoices):
        SUPPLY_LATE = "supply_late", _("Our supplier delivers later than was agreed.")
        SUPPLY_SHORT = "supply_short", _("Less came from our supplier than was on its way.")
        STOCK_SHORT = "stock_short", _("Fewer were in our warehouse than our books said.")
        OFFER = "offer", _("The maker has sold out, or takes longer than was said.")
        LEAD_TIME = "lead_time", _("It takes longer to get than was said.")
        TOGETHER = "together", _("It is there; it waits for the rest of the order.")

    class Choice(models.TextChoices):
        NONE = "", _("not chosen yet")
        WAIT = "wait", _("wait for it")
        SUBSTITUTE = "substitute", _("something else instead")
        SPLIT = "split", _("send what is there")
        CANCEL = "cancel", _("call it off")

    class Ending(models.TextChoices):
        OPEN = "", _("open")
        KEPT = "kept", _("comes as first promised after all")
        SUBSTITUTED = "substituted", _("replaced")
        CANCELLED = "cancelled", _("called off")

    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="+", verbose_name=_("account"))
    order = models.ForeignKey("ordering.Order", models.CASCADE, related_name="slips", verbose_name=_("order"))
    order_line = models.ForeignKey(
        "ordering.OrderLine", models.CASCADE, related_name="slips", verbose_name=_("order line"), db_index=False
    )
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices)
    quantity = models.PositiveIntegerField(_("quantity"))
    first_on = models.DateField(_("first promise"))
    was_on = models.DateField(_("promised before"))
    comes_on = models.DateField(_("new day"))
    noticed_at = models.DateTimeField(_("noticed"))
    told_at = models.DateTimeField(_("told"), null=True, blank=True)
    choice = models.CharField(_("choice"), max_length=10, choices=Choice.choices, blank=True, default="")
    chosen_at = models.DateTimeField(_("chosen"), null=True, blank=True)
    chosen_by_name = models.CharField(_("chosen by"), max_length=120, blank=True, default="")
    substitute = models.ForeignKey(
        "ordering.Order", models.PROTECT, null=True, blank=True, related_name="stands_in_for",
        verbose_name=_("order of the substitute"),
    )  # fmt: skip
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ending = models.CharField(_("ending"), max_length=12, choices=Ending.choices, blank=True, default="")

    objects = SlipQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("slipped promise"), _("slipped promises")
        ordering = ["first_on", "id"]
        indexes = [models.Index(fields=["account", "comes_on"], name="slip_open", condition=Q(ended_at=None))]
        constraints = [
            models.UniqueConstraint(fields=["order_line"], name="one_open_slip_per_line", condition=Q(ended_at=None)),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="slip_quantity_positive"),
            models.CheckConstraint(condition=Q(comes_on__gt=models.F("first_on")), name="slip_is_later_than_promised"),
            models.CheckConstraint(
                condition=Q(choice="", chosen_at=None) | ~Q(choice="") & Q(chosen_at__isnull=False),
                name="slip_choice_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(ending="", ended_at=None) | ~Q(ending="") & Q(ended_at__isnull=False),
                name="slip_ending_has_its_moment",
            ),
        ]

    def __str__(self):
        return f"{self.order_id} {self.first_on} > {self.comes_on}"

    @property
    def goes(self):
        """Where it goes: the further ship-to of its line, else the order's own."""
        return self.order_line.destination or self.order

    @property
    def net(self) -> Decimal:
        """What comes later is worth, net, in the currency of the order."""
        return line_net(self.quantity, self.order_line.unit_price, self.order.currency)
