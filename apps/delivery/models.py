"""How goods can come: options, the lanes they run on, days nobody works."""

from datetime import time

from django.db import models
from django.utils.translation import gettext_lazy as _


class DeliveryOption(models.Model):
    """A way to deliver, with its cut-off in the warehouse's local time and its rates."""

    class Kind(models.TextChoices):
        STANDARD = "standard", _("standard")
        EXPRESS = "express", _("express")
        FREIGHT = "freight", _("freight on pallets")
        PICK_UP = "pick_up", _("pick-up")

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    description = models.CharField(_("description"), max_length=200, blank=True)
    carrier = models.CharField(_("carrier"), max_length=80, blank=True)
    cut_off = models.TimeField(_("cut-off"), default=time(15, 0), help_text=_("Local time of the warehouse."))
    currency = models.CharField(_("currency"), max_length=3, default="GBP")
    base_rate = models.DecimalField(_("base rate"), max_digits=10, decimal_places=2, default=0)
    rate_per_kg = models.DecimalField(_("rate per kg"), max_digits=10, decimal_places=4, default=0)
    free_from = models.DecimalField(
        _("free from a net value of"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    min_weight_kg = models.DecimalField(_("from weight in kg"), max_digits=10, decimal_places=2, default=0)
    max_weight_kg = models.DecimalField(_("up to weight in kg"), max_digits=10, decimal_places=2, null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name, verbose_name_plural = _("delivery option"), _("delivery options")
        ordering = ["position", "code"]

    def __str__(self):
        return self.name


class Lane(models.Model):
    """Transit in working days for an option from a warehouse to a country."""

    option = models.ForeignKey(DeliveryOption, models.CASCADE, related_name="lanes", verbose_name=_("option"))
    warehouse = models.ForeignKey("availability.Warehouse", models.CASCADE, related_name="+", verbose_name=_("from"))
    country = models.CharField(_("to country"), max_length=2)
    transit_days = models.PositiveSmallIntegerField(_("transit in working days"))

    class Meta:
        verbose_name, verbose_name_plural = _("lane"), _("lanes")
        constraints = [
            models.UniqueConstraint(fields=["option", "warehouse", "country"], name="one_lane_per_option_and_country")
        ]

    def __str__(self):
        return f"{self.warehouse_id} to {self.country}"


class Holiday(models.Model):
    """A day on which a country neither ships nor receives."""

    country = models.CharField(_("country"), max_length=2)
    day_on = models.DateField(_("day"))
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        verbose_name, verbose_name_plural = _("holiday"), _("holidays")
        ordering = ["day_on"]
        constraints = [models.UniqueConstraint(fields=["country", "day_on"], name="one_holiday_a_day")]

    def __str__(self):
        return f"{self.day_on} {self.name}"
