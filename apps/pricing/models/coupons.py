"""Codes that buyers type, and what came of them."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.pricing.models.agreements import DatedQuerySet, DiscountedPart


class Coupon(DiscountedPart):
    """A percentage off what would hold, freight off an order, or both, for who has the code, within its limits.

    `used` is kept by who redeems it.
    """

    code = models.CharField(
        _("code"), max_length=30, unique=True, validators=[RegexValidator(r"^[A-Z0-9-]+$")],
        help_text=_("Capital letters, digits and hyphens; buyers may type it in small ones."),
    )  # fmt: skip
    name = models.CharField(_("name"), max_length=120, help_text=_("As buyers read it."))
    account = models.ForeignKey(
        "accounts.Account", models.CASCADE, null=True, blank=True, verbose_name=_("for the account and those below")
    )
    percent = models.DecimalField(_("percent off the list"), max_digits=5, decimal_places=2, default=0)
    freight_up_to = models.DecimalField(
        _("takes off freight, up to"), max_digits=12, decimal_places=2, default=0, db_default=0,
        help_text=_("Of an order, net, in the currency below. 0: no freight is taken off."),
    )  # fmt: skip
    currency = models.CharField(_("currency of its amounts"), max_length=3, default="GBP")
    minimum_net = models.DecimalField(
        _("minimum order, goods net"), max_digits=14, decimal_places=2, default=0,
        help_text=_("At the prices without the code."),
    )  # fmt: skip
    limit = models.PositiveIntegerField(
        _("most orders"), null=True, blank=True, help_text=_("Of all accounts together; empty: as many as come.")
    )
    limit_per_account = models.PositiveIntegerField(
        _("most orders of an account"), null=True, blank=True, default=1, help_text=_("Empty: as many as come.")
    )
    is_automatic = models.BooleanField(
        _("used by itself"), default=False, db_default=False,
        help_text=_("In the next cart of its account, which nobody else may use it in: not those below either."),
    )  # fmt: skip
    floor_percent = models.DecimalField(
        _("margin it leaves, in percent"), max_digits=5, decimal_places=2, null=True, blank=True,
        help_text=_("No price goes below; what has no cost is not lowered. Empty: it takes off what it says."),
    )  # fmt: skip
    used = models.PositiveIntegerField(_("used"), default=0, editable=False)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"))

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("coupon"), _("coupons")
        indexes = [
            models.Index(fields=["account", "valid_until"], name="automatic_coupons", condition=Q(is_automatic=True))
        ]
        constraints = [
            models.CheckConstraint(condition=Q(limit=None) | Q(used__lte=F("limit")), name="coupon_within_its_limit"),
            models.CheckConstraint(
                condition=Q(percent__gte=0, percent__lte=100, freight_up_to__gte=0)
                & (Q(percent__gt=0) | Q(freight_up_to__gt=0)),
                name="coupon_takes_something_off",
                violation_error_message=_("A coupon takes off a percentage, freight, or both: none of them below 0."),
            ),
            models.CheckConstraint(
                condition=Q(is_automatic=False) | Q(account__isnull=False), name="automatic_coupon_has_its_account"
            ),
            models.CheckConstraint(
                condition=Q(floor_percent=None)
                | Q(floor_percent__isnull=False, floor_percent__gte=0, floor_percent__lt=100),
                name="coupon_floor_is_a_margin",
            ),
            models.CheckConstraint(condition=Q(minimum_net__gte=0), name="coupon_minimum_not_negative"),
            models.CheckConstraint(condition=Q(valid_until__gte=F("valid_from")), name="coupon_ends_after_its_start"),
        ]

    def __str__(self):
        return f"{self.code} {self.name}"


class CouponRedemption(models.Model):
    """An order that used a coupon. An order that is called off gives it back, and the row goes."""

    coupon = models.ForeignKey(Coupon, models.PROTECT, related_name="redemptions", verbose_name=_("coupon"))
    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    order_number = models.CharField(_("order"), max_length=30, unique=True)
    saved = models.DecimalField(_("saved, net"), max_digits=14, decimal_places=2)
    redeemed_at = models.DateTimeField(_("used"))

    class Meta:
        verbose_name, verbose_name_plural = _("use of a coupon"), _("uses of coupons")
        ordering = ["-redeemed_at", "-id"]
        indexes = [models.Index(fields=["coupon", "account"], name="coupon_uses_of_an_account")]

    def __str__(self):
        return self.order_number
