from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.scoping import AccountOwnedQuerySet


class StandingOrder(models.Model):
    """What is ordered again at a rhythm, in the name of a contact, until it ends.

    `next_on` is the date whose order comes next; `first_on` is what the rhythm is counted from. In review it waits for
    a yes of the account's: `review` says why.
    """

    class State(models.TextChoices):
        ACTIVE = "active", _("active")
        PAUSED = "paused", _("paused")
        REVIEW = "review", _("in review")
        ENDED = "ended", _("ended")

    class Unit(models.TextChoices):
        WEEK = "week", _("weeks")
        MONTH = "month", _("months")

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    contact = models.ForeignKey("accounts.Contact", models.CASCADE, related_name="+", verbose_name=_("contact"))
    ship_to = models.ForeignKey("accounts.ShipTo", models.PROTECT, related_name="+", verbose_name=_("ship-to"))
    cost_centre = models.ForeignKey(
        "ordering.CostCentre", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("cost centre")
    )
    name = models.CharField(_("name"), max_length=80)
    po_number = models.CharField(_("PO number"), max_length=60, blank=True)
    every = models.PositiveSmallIntegerField(
        _("every"), default=1, validators=[MinValueValidator(1), MaxValueValidator(26)]
    )
    unit = models.CharField(_("unit"), max_length=5, choices=Unit.choices, default=Unit.MONTH)
    first_on = models.DateField(_("first on"))
    next_on = models.DateField(_("next on"))
    ends_on = models.DateField(_("last on"), null=True, blank=True)
    rise_percent = models.DecimalField(_("price rise allowed, per cent"), max_digits=5, decimal_places=2, default=5)
    state = models.CharField(_("state"), max_length=7, choices=State.choices, default=State.ACTIVE)
    review = models.CharField(_("why in review"), max_length=300, blank=True)
    last_order = models.ForeignKey(
        "ordering.Order", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("last order")
    )
    created_at = models.DateTimeField(_("made"))

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("standing order"), _("standing orders")
        indexes = [
            models.Index(fields=["account", "next_on"], name="standing_order_of_account"),
            models.Index(fields=["next_on"], name="standing_order_due", condition=models.Q(state="active")),
        ]

    def __str__(self):
        return self.name


class StandingOrderLine(models.Model):
    """A product, how much of it each time, and the unit price that was agreed to."""

    standing_order = models.ForeignKey(
        StandingOrder, models.CASCADE, related_name="lines", verbose_name=_("standing order")
    )
    product = models.ForeignKey("catalogue.Product", models.PROTECT, related_name="+", verbose_name=_("product"))
    quantity = models.PositiveIntegerField(_("quantity"))
    agreed_price = models.DecimalField(_("price agreed to"), max_digits=14, decimal_places=4)

    class Meta:
        verbose_name, verbose_name_plural = _("standing order line"), _("standing order lines")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["standing_order", "product"], name="one_line_per_product_standing"),
            models.CheckConstraint(condition=models.Q(quantity__gte=1), name="standing_quantity_positive"),
        ]

    def __str__(self):
        return f"{self.quantity} of {self.product_id}"
