"""What failed deliveries cost, made anew every night."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.comparing import Difference


class FailureCost(models.Model):
    """The effect of one cause (see `rules.effects`) over the deliveries of a period whose follow-up is over.

    Differences are of a delivery that failed to a perfect one like it: `again` of the share that orders again within
    its rhythm, `net` of what is ordered in 90 days, in `currency`, that of the house. Empty under ten accounts.
    """

    class Cause(models.TextChoices):
        LATE = "late", _("late")
        SHORT = "short", _("incomplete")
        DAMAGED = "damaged", _("damaged")
        WRONG = "wrong", _("not what was ordered, or wrong papers")
        SEVERAL = "several", _("several at once")

    cause = models.CharField(_("cause"), max_length=8, choices=Cause.choices, unique=True)
    deliveries = models.PositiveIntegerField(_("deliveries"))
    matched = models.PositiveIntegerField(_("compared"))
    own = models.PositiveIntegerField(_("compared within the account"))
    accounts = models.PositiveIntegerField(_("accounts"))
    again = models.FloatField(_("ordering again"), null=True)
    again_low = models.FloatField(null=True)
    again_high = models.FloatField(null=True)
    net = models.FloatField(_("ordered in 90 days"), null=True)
    net_low = models.FloatField(null=True)
    net_high = models.FloatField(null=True)
    currency = models.CharField(_("currency"), max_length=3)
    since_on = models.DateField(_("since"))
    until_on = models.DateField(_("until"))
    left_out = models.PositiveIntegerField(_("accounts left out"), default=0)
    left_out_currencies = models.JSONField(_("currencies without a rate"), default=list)
    reckoned_at = models.DateTimeField(_("reckoned"))

    class Meta:
        verbose_name, verbose_name_plural = _("cost of a failure"), _("costs of failures")

    def __str__(self):
        return self.get_cause_display()

    @property
    def of_ordering_again(self) -> Difference | None:
        return None if self.again is None else Difference(self.again, self.again_low, self.again_high)

    @property
    def of_orders(self) -> Difference | None:
        return None if self.net is None else _sums(self.net, self.net_low, self.net_high)

    @property
    def a_year(self) -> Difference | None:
        """What all deliveries that failed so cost in a year: a loss is above 0."""
        if self.net is None:
            return None
        many = self.deliveries * 365 / max((self.until_on - self.since_on).days, 1)
        return _sums(*(-each * many for each in (self.net, self.net_high, self.net_low)))


def _sums(*figures: float) -> Difference:
    return Difference(*(Decimal(each).quantize(Decimal("0.01")) for each in figures))
