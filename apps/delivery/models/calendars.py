"""Days nobody works: of a country, of a part of it, of one warehouse or one way of delivery."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.delivery.models.options import DeliveryOption, Zone


class Holiday(models.Model):
    """A day on which a country, or a zone of it, neither ships nor receives."""

    country = models.CharField(_("country"), max_length=2)
    zone = models.ForeignKey(
        Zone, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("zone"),
        help_text=_("Empty: the whole country."),
    )  # fmt: skip
    day_on = models.DateField(_("day"))
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        verbose_name, verbose_name_plural = _("holiday"), _("holidays")
        ordering = ["day_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["country", "zone", "day_on"], name="one_holiday_a_day_and_place", nulls_distinct=False
            )
        ]

    def __str__(self):
        return f"{self.day_on} {self.name}"

    def clean(self):
        self.country = self.country.strip().upper()
        if self.zone and self.zone.country != self.country:
            raise ValidationError({"zone": _("That zone is in another country.")})


class Closure(models.Model):
    """Days on which one warehouse does not work, or one way of delivery does not run: stocktaking, a strike."""

    warehouse = models.ForeignKey(
        "availability.Warehouse", models.CASCADE, null=True, blank=True, related_name="closures",
        verbose_name=_("warehouse"),
    )  # fmt: skip
    option = models.ForeignKey(
        DeliveryOption, models.CASCADE, null=True, blank=True, related_name="closures", verbose_name=_("option")
    )
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), help_text=_("The last day, which is closed as well."))
    name = models.CharField(_("reason"), max_length=80)

    LONGEST = 366

    class Meta:
        verbose_name, verbose_name_plural = _("closure"), _("closures")
        ordering = ["from_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(warehouse=None, option__isnull=False) | Q(warehouse__isnull=False, option=None),
                name="a_closure_is_of_one_place",
                violation_error_message=_("A closure is of a warehouse, or of a way of delivery."),
            ),
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="a_closure_ends_after_it_begins"),
        ]

    def __str__(self):
        return f"{self.from_on} {self.name}"

    def clean(self):
        if self.from_on and self.until_on and not 0 <= (self.until_on - self.from_on).days <= self.LONGEST:
            raise ValidationError({"until_on": _("It ends after it begins, and within a year.")})
