from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.ordering.rules.payment import AHEAD, INSTALMENTS, ON_ACCOUNT, Way, pay_by


class PaymentPlan(models.Model):
    """A way to pay besides an account's own terms: in instalments, or ahead of delivery.

    Offered to everybody, to a group, or to an account with its subsidiaries.
    """

    class Kind(models.TextChoices):
        INSTALMENTS = INSTALMENTS, _("in instalments")
        AHEAD = AHEAD, _("ahead of delivery")

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=80, help_text=_("As buyers read it."))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    parts = models.PositiveSmallIntegerField(_("instalments"), default=1)
    first_days = models.PositiveSmallIntegerField(
        _("days to the first"), default=0, help_text=_("From the invoice to the day the first instalment is due.")
    )
    every_days = models.PositiveSmallIntegerField(_("days between"), default=30)
    fee_percent = models.DecimalField(
        _("fee in percent"),
        max_digits=4,
        decimal_places=2,
        default=0,
        help_text=_("Of goods and freight, net; taxed like freight."),
    )
    minimum = models.DecimalField(
        _("from"), max_digits=14, decimal_places=2, default=0, help_text=_("The smallest order, gross.")
    )
    hold_days = models.PositiveSmallIntegerField(
        _("days the goods are held"), default=10, db_default=10,
        help_text=_("Ahead of delivery: without its money the order is cancelled after them; a reminder goes before."),
    )  # fmt: skip
    group = models.ForeignKey(
        "accounts.AccountGroup",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("for the group"),
    )
    account = models.ForeignKey(
        "accounts.Account",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("for the account"),
        help_text=_("And its subsidiaries. Without account and group it is offered to everybody."),
    )
    is_active = models.BooleanField(_("offered"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name, verbose_name_plural = _("payment plan"), _("payment plans")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=AHEAD, parts=1, fee_percent=0) | Q(kind=INSTALMENTS, parts__gte=2, parts__lte=60),
                name="plan_of_a_kind",
                violation_error_message=_("Instalments are 2 to 60; payment ahead is in one, without a fee."),
            ),
            models.CheckConstraint(
                condition=Q(kind=AHEAD) | Q(every_days__gte=1),
                name="instalments_lie_apart",
                violation_error_message=_("Between two instalments lies at least a day."),
            ),
            models.CheckConstraint(
                condition=Q(fee_percent__gte=0, fee_percent__lte=50, minimum__gte=0), name="plan_within_reason"
            ),
            models.CheckConstraint(
                condition=Q(hold_days__gte=2, hold_days__lte=90),
                name="goods_held_for_a_while",
                violation_error_message=_("The goods are held for 2 to 90 days."),
            ),
            models.CheckConstraint(
                condition=Q(account=None) | Q(group=None),
                name="plan_for_account_or_group",
                violation_error_message=_("Name an account or a group, not both."),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def way(self) -> Way:
        return Way(
            code=self.code,
            kind=self.kind,
            name=self.name,
            days=self.first_days,
            parts=self.parts,
            every_days=self.every_days if self.kind == INSTALMENTS else 0,
            fee_percent=self.fee_percent,
            minimum=self.minimum,
            hold_days=self.hold_days if self.kind == AHEAD else 0,
        )


class PaidSomehow(models.Model):
    """How an order is paid, as it was decided when it was placed: the fields of a `Way`, and the fee in money."""

    class PaymentKind(models.TextChoices):
        ON_ACCOUNT = ON_ACCOUNT, _("on account")
        INSTALMENTS = INSTALMENTS, _("in instalments")
        AHEAD = AHEAD, _("ahead of delivery")

    payment_kind = models.CharField(
        _("paid"), max_length=12, choices=PaymentKind.choices, default=ON_ACCOUNT, db_default=ON_ACCOUNT
    )
    payment_name = models.CharField(_("payment plan"), max_length=80, blank=True, default="", db_default="")
    instalments = models.PositiveSmallIntegerField(_("instalments"), default=1, db_default=1)
    instalment_days = models.PositiveSmallIntegerField(_("days between"), default=0, db_default=0)
    net_days = models.PositiveSmallIntegerField(_("net days"), default=30)
    discount_percent = models.DecimalField(
        _("early-payment discount in percent"), max_digits=4, decimal_places=2, default=0
    )
    discount_days = models.PositiveSmallIntegerField(_("early-payment days"), default=0)
    fee_net = models.DecimalField(_("fee, net"), max_digits=12, decimal_places=2, default=0, db_default=0)
    hold_days = models.PositiveSmallIntegerField(_("days the goods are held"), default=0, db_default=0)
    pay_by = models.DateField(
        _("money by"), null=True, blank=True, help_text=_("Ahead of delivery: the last day, where the account is.")
    )
    payment_reminded_at = models.DateTimeField(_("reminded of the payment"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def way(self) -> Way:
        """The way it is paid; a fee that was charged is in `fee_net`."""
        return Way(
            kind=self.payment_kind,
            name=self.payment_name,
            days=self.net_days,
            discount_percent=self.discount_percent,
            discount_days=self.discount_days,
            parts=self.instalments,
            every_days=self.instalment_days,
            hold_days=self.hold_days,
        )

    def pay(self, way: Way, fee_net) -> None:
        """Keep the way that was chosen."""
        self.payment_kind, self.payment_name = way.kind, way.name[:80]
        self.instalments, self.instalment_days, self.net_days = way.parts, way.every_days, way.days
        self.discount_percent, self.discount_days, self.fee_net = way.discount_percent, way.discount_days, fee_net
        self.hold_days = way.hold_days

    def await_payment(self, on) -> None:
        """From this day of the account's it waits for nothing but its money."""
        self.pay_by, self.payment_reminded_at = pay_by(self.hold_days, on), None
