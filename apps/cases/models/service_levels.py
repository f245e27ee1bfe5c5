"""What was agreed with customers about how fast their cases are dealt with."""

from datetime import time

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.cases.rules import USUAL, Level

_OWNERS = ("account", "group", "contract")
_ONE_OWNER = Q()
for _owner in _OWNERS:
    _ONE_OWNER |= Q(**{f"{each}__isnull": each != _owner for each in _OWNERS})


def _between(least: int, most: int) -> list:
    return [MinValueValidator(least), MaxValueValidator(most)]


class ServiceLevel(models.Model):
    """Holds for an account and those below it, for a group of accounts, or for as long as a contract does."""

    account = models.OneToOneField(
        "accounts.Account", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("account")
    )
    group = models.OneToOneField(
        "accounts.AccountGroup", models.CASCADE, null=True, blank=True, related_name="+",
        verbose_name=_("group"),
    )  # fmt: skip
    contract = models.OneToOneField(
        "pricing.Contract", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("contract")
    )
    acknowledge_hours = models.PositiveSmallIntegerField(
        _("hours to acknowledge"), default=USUAL.acknowledge_hours, validators=_between(1, 80),
        help_text=_("Counted while the customer is open."),
    )  # fmt: skip
    answer_hours = models.PositiveSmallIntegerField(
        _("hours to answer"), default=USUAL.answer_hours, validators=_between(1, 240),
        help_text=_("Of working days, their nights included: 48 are two working days."),
    )  # fmt: skip
    resolve_days = models.PositiveSmallIntegerField(
        _("working days to resolve"), default=USUAL.resolve_days, validators=_between(1, 60)
    )
    opens = models.TimeField(_("opens"), default=USUAL.opens, help_text=_("In the time of the customer."))
    closes = models.TimeField(_("closes"), default=USUAL.closes)

    class Meta:
        verbose_name, verbose_name_plural = _("service level"), _("service levels")
        constraints = [
            models.CheckConstraint(
                condition=_ONE_OWNER, name="service_level_of_one",
                violation_error_message=_("Choose one: an account, a group or a contract."),
            ),
            models.CheckConstraint(
                condition=Q(opens__lt=F("closes")), name="service_level_opens_first",
                violation_error_message=_("It must open before it closes."),
            ),
            models.CheckConstraint(
                condition=Q(acknowledge_hours__range=(1, 80), answer_hours__range=(1, 240))
                & Q(resolve_days__range=(1, 60)),
                name="service_level_in_reason",
            ),
        ]  # fmt: skip

    def __str__(self):
        return str(self.account or self.group or self.contract)

    def clean(self):
        if self.opens and self.closes and _minutes(self.closes) - _minutes(self.opens) < 60:
            raise ValidationError({"closes": _("It must be open for an hour at least.")})

    @property
    def level(self) -> Level:
        return Level(self.acknowledge_hours, self.answer_hours, self.resolve_days, self.opens, self.closes)


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute
