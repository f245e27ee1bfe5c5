"""The journey of customers counted as it goes on, so that years of orders are read as some thousand sums."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.scoping import AccountOwnedQuerySet


class MeasureCode(models.TextChoices):
    """The measures of `rules.journey`."""

    MET = "met", _("needs met")
    QUESTIONS = "questions", _("questions answered in time")
    QUOTED = "quoted", _("quotes offered in two working days")
    WON = "won", _("quotes accepted")
    MATCHED = "matched", _("price matches granted")
    TOUCHLESS = "touchless", _("orders without our hands")
    APPROVED = "approved", _("approved within a day")
    CHANGED = "changed", _("orders called off or cut")
    KEPT = "kept", _("promises kept")
    SLIPPED = "slipped", _("lines that slipped")
    FILL = "fill", _("fill rate")
    OTIF = "otif", _("on time and in full")
    PERFECT = "perfect", _("perfect orders")
    CREDITED = "credited", _("invoices credited")
    DISPUTED = "disputed", _("invoices disputed")
    PAID = "paid", _("paid in time")
    ANSWERED = "answered", _("cases answered in time")
    REOPENED = "reopened", _("cases opened again")
    PROVEN = "proven", _("recoveries proven")


class JourneyMonth(models.Model):
    """What a measure counted of one account in a month (its first day, UTC): of `total` that many `hits`."""

    account = models.ForeignKey(
        "accounts.Account", models.CASCADE, related_name="+", db_index=False, verbose_name=_("account")
    )
    month = models.DateField(pgettext_lazy("of the year", "month"))
    measure = models.CharField(_("measure"), max_length=10, choices=MeasureCode.choices)
    hits = models.BigIntegerField(_("hits"))
    total = models.BigIntegerField(_("of"))

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("month of the journey"), _("months of the journey")
        indexes = [
            models.Index(fields=["month"], name="journey_by_month", include=["account", "measure", "hits", "total"]),
            models.Index(fields=["measure", "month"], name="journey_by_measure", include=["account", "hits", "total"]),
        ]
        constraints = [
            models.UniqueConstraint(fields=["account", "month", "measure"], name="one_journey_month"),
            models.CheckConstraint(condition=Q(total__gt=0, hits__gte=0), name="journey_counts_something"),
        ]

    def __str__(self):
        return f"{self.account_id} {self.month} {self.measure}"


class JourneyTarget(models.Model):
    """What a measure is to reach; without one the usual target of `rules.journey` holds."""

    measure = models.CharField(_("measure"), max_length=10, choices=MeasureCode.choices, unique=True)
    percent = models.DecimalField(
        _("target in percent"), max_digits=4, decimal_places=1,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("At least, where more is better; at most, where less is."),
    )  # fmt: skip

    class Meta:
        verbose_name, verbose_name_plural = _("target of the journey"), _("targets of the journey")
        ordering = ["measure"]
        constraints = [
            models.CheckConstraint(condition=Q(percent__gte=0, percent__lte=100), name="journey_target_is_a_share")
        ]

    def __str__(self):
        return self.get_measure_display()
