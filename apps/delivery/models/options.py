"""The ways goods can come, the lanes they run on, and what they cost."""

from datetime import time

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.dates import are_weekdays


class Zone(models.Model):
    """A part of a country by the beginnings of its postal codes: the Highlands are IV, KW and PH."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    country = models.CharField(_("country"), max_length=2)
    prefixes = ArrayField(
        models.CharField(max_length=10),
        verbose_name=_("postal codes begin with"),
        help_text=_("Separated by commas. Where several zones fit, the longest beginning counts."),
    )

    class Meta:
        verbose_name, verbose_name_plural = _("zone"), _("zones")
        ordering = ["country", "name"]

    def __str__(self):
        return self.name

    def clean(self):
        self.country = self.country.upper()
        self.prefixes = [text for each in self.prefixes or () if (text := postal_key(each))]
        if not self.prefixes:
            raise ValidationError({"prefixes": _("Give at least one beginning of a postal code.")})


def postal_key(code: str) -> str:
    """A postal code as beginnings are compared with it: capitals and digits, nothing between."""
    return "".join(filter(str.isalnum, code)).upper()


class DeliveryOption(models.Model):
    """A way to deliver, with its cut-off in the warehouse's local time, what it carries and what it costs."""

    class Kind(models.TextChoices):
        STANDARD = "standard", _("standard")
        EXPRESS = "express", _("express")
        SLOT = "slot", _("timed slot")
        OWN_VAN = "own_van", _("our own van")
        FREIGHT = "freight", _("freight on pallets")
        DROP_SHIP = "drop_ship", _("straight from the supplier")
        PICK_UP = "pick_up", _("pick-up")

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    description = models.CharField(_("description"), max_length=200, blank=True)
    carrier = models.CharField(_("carrier"), max_length=80, blank=True)
    cut_off = models.TimeField(_("cut-off"), default=time(15, 0), help_text=_("Local time of the warehouse."))
    working_days = models.CharField(
        _("days it runs"),
        max_length=7,
        blank=True,
        default="",
        db_default="",
        help_text=_("ISO weekdays, 1 is Monday. Empty: the working days of the country it goes to."),
    )
    currency = models.CharField(_("currency"), max_length=3, default="GBP")
    base_rate = models.DecimalField(_("base rate"), max_digits=10, decimal_places=2, default=0)
    rate_per_kg = models.DecimalField(_("rate per kg"), max_digits=10, decimal_places=4, default=0)
    part_charge = models.DecimalField(
        _("for each further delivery"),
        max_digits=10,
        decimal_places=2,
        default=0,
        db_default=0,
        help_text=_("Where a buyer has an order sent in parts as it is ready."),
    )
    free_from = models.DecimalField(
        _("free from a net value of"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    min_weight_kg = models.DecimalField(_("from weight in kg"), max_digits=10, decimal_places=2, default=0)
    max_weight_kg = models.DecimalField(_("up to weight in kg"), max_digits=10, decimal_places=2, null=True, blank=True)
    pallet_kg = models.DecimalField(
        _("weight on a pallet in kg"),
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("With it, or the volume, pallets are counted and charged as the rates say."),
    )
    pallet_m3 = models.DecimalField(
        _("volume on a pallet in m³"), max_digits=8, decimal_places=3, null=True, blank=True
    )
    carries_dangerous = models.BooleanField(_("carries dangerous goods"), default=True, db_default=True)
    carries_bulky = models.BooleanField(_("carries bulky goods"), default=True, db_default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name, verbose_name_plural = _("delivery option"), _("delivery options")
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(condition=Q(part_charge__gte=0), name="part_charge_not_negative"),
            models.CheckConstraint(
                condition=(Q(pallet_kg=None) | Q(pallet_kg__gt=0)) & (Q(pallet_m3=None) | Q(pallet_m3__gt=0)),
                name="a_pallet_carries_something",
            ),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        if self.working_days and not are_weekdays(self.working_days):
            raise ValidationError({"working_days": _("Write the weekdays as figures in order, 1 is Monday: 12345.")})
        if None not in (self.min_weight_kg, self.max_weight_kg) and self.max_weight_kg <= self.min_weight_kg:
            raise ValidationError({"max_weight_kg": _("It has to be more than the weight it begins at.")})


class Lane(models.Model):
    """Transit in working days for an option from a warehouse to a country, one of its zones, or a branch of ours."""

    option = models.ForeignKey(DeliveryOption, models.CASCADE, related_name="lanes", verbose_name=_("option"))
    warehouse = models.ForeignKey("availability.Warehouse", models.CASCADE, related_name="+", verbose_name=_("from"))
    country = models.CharField(_("to country"), max_length=2, blank=True)
    zone = models.ForeignKey(
        Zone,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("to zone"),
        help_text=_("It counts there instead of the lane to the whole country."),
    )
    branch = models.ForeignKey(
        "availability.Warehouse",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("to branch"),
        help_text=_("For pick-up: how goods of another warehouse come to the branch."),
    )
    transit_days = models.PositiveSmallIntegerField(_("transit in working days"))
    is_served = models.BooleanField(
        _("goes there"), default=True, db_default=True, help_text=_("Clear it to leave a zone out.")
    )

    class Meta:
        verbose_name, verbose_name_plural = _("lane"), _("lanes")
        constraints = [
            models.UniqueConstraint(
                fields=["option", "warehouse", "country", "zone", "branch"],
                name="one_lane_per_option_and_destination",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=(~Q(country="") & Q(branch=None)) | (Q(country="", zone=None) & Q(branch__isnull=False)),
                name="a_lane_goes_to_a_country_or_a_branch",
                violation_error_message=_("A lane goes to a country (or a zone of it), or to a branch."),
            ),
        ]

    def __str__(self):
        return f"{self.warehouse_id} to {self.country or self.branch_id}"

    def clean(self):
        self.country = self.country.strip().upper()
        if self.zone and self.zone.country != self.country:
            raise ValidationError({"zone": _("That zone is in another country.")})


class Rate(models.Model):
    """A row of an option's rate table: what it costs for so much weight, volume and value, in a zone or anywhere."""

    option = models.ForeignKey(DeliveryOption, models.CASCADE, related_name="rates", verbose_name=_("option"))
    zone = models.ForeignKey(
        Zone, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("zone"),
        help_text=_("Rows for a zone count there instead of those for anywhere."),
    )  # fmt: skip
    up_to_kg = models.DecimalField(_("up to kg"), max_digits=10, decimal_places=2, null=True, blank=True)
    up_to_m3 = models.DecimalField(_("up to m³"), max_digits=10, decimal_places=3, null=True, blank=True)
    from_net = models.DecimalField(_("from a net value of"), max_digits=12, decimal_places=2, default=0)
    price = models.DecimalField(_("price"), max_digits=10, decimal_places=2)
    per_kg = models.DecimalField(_("and for each kg"), max_digits=10, decimal_places=4, default=0)
    per_pallet = models.DecimalField(_("and for each pallet"), max_digits=10, decimal_places=2, default=0)

    class Meta:
        verbose_name, verbose_name_plural = _("rate"), _("rates")
        ordering = ["option", "zone__name", "up_to_kg", "up_to_m3", "-from_net"]
        constraints = [
            models.CheckConstraint(
                condition=Q(price__gte=0, per_kg__gte=0, per_pallet__gte=0, from_net__gte=0), name="rate_not_negative"
            )
        ]

    def __str__(self):
        return f"{self.option_id}: {self.price}"
