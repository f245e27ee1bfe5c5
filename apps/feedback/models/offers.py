"""Offers to accounts that could be won over: proposed to the rep, within a budget, one at a time."""

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.scoping import AccountOwnedQuerySet

_SHARE = [MinValueValidator(0), MaxValueValidator(99)]


class OfferTerms(models.Model):
    """What operations let reps offer: one row. Without it nothing is proposed."""

    is_active = models.BooleanField(_("active"), default=True)
    monthly_budget = models.DecimalField(
        _("budget of a month"), max_digits=12, decimal_places=2, validators=[MinValueValidator(0)],
        help_text=_("In the currency of the house. A month that has begun keeps its own: see budgets of months."),
    )  # fmt: skip
    floor_percent = models.DecimalField(
        _("margin that stays, in percent"), max_digits=5, decimal_places=2, default=15, validators=_SHARE
    )
    discount_percent = models.PositiveSmallIntegerField(
        _("most discount, in percent"), default=5, validators=[MinValueValidator(1), MaxValueValidator(50)]
    )
    valid_days = models.PositiveSmallIntegerField(
        _("days it holds"), default=60, validators=[MinValueValidator(1), MaxValueValidator(180)]
    )
    held_out_percent = models.PositiveSmallIntegerField(
        _("share that gets none, in percent"), default=20, validators=[MaxValueValidator(50)],
        help_text=_("Always the same accounts: so that it can be told what offers do."),
    )  # fmt: skip

    class Meta:
        verbose_name, verbose_name_plural = _("terms of offers"), _("terms of offers")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="one_row_of_offer_terms"),
            models.CheckConstraint(
                condition=Q(floor_percent__gte=0, floor_percent__lt=100, monthly_budget__gte=0),
                name="offer_terms_within_bounds",
            ),
        ]

    def __str__(self):
        return f"{self.monthly_budget}"


class OfferMonth(models.Model):
    """What may be spent on offers in a month, and what is: kept by conditional updates."""

    month = models.DateField(_("month"), unique=True)
    budget = models.DecimalField(_("budget"), max_digits=12, decimal_places=2)
    spent = models.DecimalField(_("promised"), max_digits=12, decimal_places=2, default=0)

    class Meta:
        verbose_name, verbose_name_plural = _("budget of a month"), _("budgets of months")
        ordering = ["-month"]
        constraints = [
            models.CheckConstraint(condition=Q(spent__gte=0, spent__lte=F("budget")), name="offers_within_their_budget")
        ]

    def __str__(self):
        return f"{self.month:%Y-%m}"


class Offer(models.Model):
    """An offer to an account, or that it gets none to compare with. What it is for stands in `why`, never a score."""

    class Kind(models.TextChoices):
        DISCOUNT = "discount", _("discount")
        FREIGHT = "freight", _("free freight")
        SAMPLE = "sample", _("sample")
        SLOT = "slot", _("priority slot")
        CALL = "call", _("call")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("to be decided")
        APPROVED = "approved", _("made")
        DECLINED = "declined", _("not made")
        EXPIRED = "expired", _("over")
        HELD_OUT = "held_out", _("held out")

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="offers", verbose_name=_("account"))
    contact = models.ForeignKey(
        "accounts.Contact", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PROPOSED)
    percent = models.PositiveSmallIntegerField(_("percent"), default=0)
    most_percent = models.PositiveSmallIntegerField(_("at most"), default=0)
    cost = models.DecimalField(_("costs us about"), max_digits=12, decimal_places=2, default=0)
    usual_order = models.DecimalField(_("usual order"), max_digits=14, decimal_places=2, default=0)
    why = models.TextField(_("what they told us"), blank=True)
    words = models.CharField(_("as the account reads it"), max_length=120, blank=True)
    source_ref = models.CharField(_("caused by"), max_length=80, unique=True)
    rest = DateRangeField(_("no other offer within"))
    month = models.ForeignKey(
        OfferMonth, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("month")
    )
    coupon = models.ForeignKey(
        "pricing.Coupon", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("coupon")
    )
    insert = models.ForeignKey(
        "fulfilment.Insert", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("sample")
    )
    proposed_at = models.DateTimeField(_("proposed"))
    decide_by = models.DateField(_("to be decided by"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by_name = models.CharField(_("decided by"), max_length=120, blank=True)
    reason = models.CharField(_("why not"), max_length=300, blank=True)
    valid_until = models.DateField(_("holds until"), null=True, blank=True)
    used_at = models.DateTimeField(_("used"), null=True, blank=True)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("offer"), _("offers")
        ordering = ["-proposed_at", "-id"]
        indexes = [
            models.Index(fields=["account", "-proposed_at"], name="offer_of_account"),
            models.Index(fields=["decide_by"], name="offer_to_decide", condition=Q(state="proposed")),
            models.Index(
                fields=["valid_until"], name="offer_to_end", condition=Q(state="approved", used_at__isnull=True)
            ),
        ]
        constraints = [
            ExclusionConstraint(
                name="one_offer_per_account_and_rest",
                expressions=[
                    (Func(F("account"), F("account"), Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    (F("rest"), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(condition=Q(percent__lte=F("most_percent")), name="offer_within_its_margin"),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(valid_until__isnull=False, decided_at__isnull=False),
                name="a_made_offer_ends",
            ),
            models.CheckConstraint(condition=Q(cost__gte=0), name="offer_cost_not_negative"),
        ]

    def __str__(self):
        return f"{self.account_id} {self.kind}"

    @property
    def decided_on(self) -> date:
        """The day of the decision, in the house's time."""
        return timezone.localdate(self.decided_at)
