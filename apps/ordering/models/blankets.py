"""Blanket orders: a quantity agreed for a term, called off in parts at the agreed price."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.core.scoping import AccountOwnedQuerySet


class BlanketOrder(models.Model):
    """What was agreed to be called off between two days. What is left after the last one lapses."""

    class State(models.TextChoices):
        ACTIVE = "active", _("active")
        LAPSED = "lapsed", _("ended")

    number = models.CharField(_("number"), max_length=30, unique=True)
    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    contact = models.ForeignKey(
        "accounts.Contact", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("agreed with")
    )
    quote = models.OneToOneField(
        "ordering.Quote", models.SET_NULL, null=True, blank=True, related_name="blanket", verbose_name=_("quote")
    )
    name = models.CharField(_("name"), max_length=80)
    po_number = models.CharField(_("PO number"), max_length=60, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    state = models.CharField(_("state"), max_length=6, choices=State.choices, default=State.ACTIVE)
    made_by_name = models.CharField(_("made by"), max_length=120, blank=True)
    made_at = models.DateTimeField(_("made"))
    warned_at = models.DateTimeField(_("end told beforehand"), null=True, blank=True)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("blanket order"), _("blanket orders")
        ordering = ["ends_on", "id"]
        indexes = [
            models.Index(fields=["account", "ends_on"], name="blanket_of_account"),
            models.Index(fields=["ends_on"], name="blanket_in_force", condition=Q(state="active")),
        ]
        constraints = [models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="blanket_has_a_term")]

    def __str__(self):
        return self.number

    def can_be_called_on(self, day) -> bool:
        """Whether the day is in its term and it has not ended."""
        return self.state == self.State.ACTIVE and self.starts_on <= day <= self.ends_on


class BlanketLine(models.Model):
    """A product of a blanket order. `called` is kept with every call-off; the database never lets it pass `agreed`."""

    blanket = models.ForeignKey(BlanketOrder, models.CASCADE, related_name="lines", verbose_name=_("blanket order"))
    product = models.ForeignKey("catalogue.Product", models.PROTECT, related_name="+", verbose_name=_("product"))
    unit_price = models.DecimalField(_("agreed price"), max_digits=14, decimal_places=4)
    agreed = models.PositiveIntegerField(_("agreed"))
    called = models.PositiveIntegerField(_("called off"), default=0)

    class Meta:
        verbose_name, verbose_name_plural = _("blanket line"), _("blanket lines")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["blanket", "product"], name="one_line_per_product_in_a_blanket"),
            models.CheckConstraint(condition=Q(agreed__gte=1), name="blanket_quantity_positive"),
            models.CheckConstraint(condition=Q(called__lte=F("agreed")), name="never_call_off_more_than_agreed"),
            models.CheckConstraint(condition=Q(unit_price__gt=0), name="blanket_price_above_zero"),
        ]

    def __str__(self):
        return f"{self.agreed} of {self.product_id}"

    @property
    def left(self) -> int:
        return self.agreed - self.called


class CallOff(models.Model):
    """What an order took from a blanket line; given back, once, where the order is cancelled or declined."""

    line = models.ForeignKey(BlanketLine, models.CASCADE, related_name="call_offs", verbose_name=_("blanket line"))
    order = models.ForeignKey("ordering.Order", models.CASCADE, related_name="call_offs", verbose_name=_("order"))
    quantity = models.PositiveIntegerField(_("quantity"))
    called_at = models.DateTimeField(_("called off"))
    given_back = models.BooleanField(_("given back"), default=False)

    class Meta:
        verbose_name, verbose_name_plural = _("call-off"), _("call-offs")
        ordering = ["-called_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["line", "order"], name="one_call_off_per_line_and_order"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="call_off_positive"),
        ]

    def __str__(self):
        return f"{self.quantity} of {self.line_id}"
