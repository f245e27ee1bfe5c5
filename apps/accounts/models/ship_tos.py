"""Where goods go."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts import places, rules, zones
from apps.accounts.models.accounts import Account
from apps.accounts.models.users import check_time_zone
from apps.core.dates import are_weekdays
from apps.core.scoping import AccountOwnedQuerySet


class ShipTo(models.Model):
    """Where goods go: address, hours, gate, markings."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="ship_tos", verbose_name=_("account"))
    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=120)
    street = models.CharField(_("street"), max_length=160)
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=80)
    country = models.CharField(_("country"), max_length=2, default="GB")
    time_zone = models.CharField(
        _("time zone"),
        max_length=40,
        blank=True,
        validators=[check_time_zone],
        help_text=_("Empty: found by the country and the postal code."),
    )
    latitude = models.DecimalField(
        _("latitude"), max_digits=8, decimal_places=5, null=True, blank=True,
        help_text=_("North of the equator in degrees; empty: about where the postal code is."),
    )  # fmt: skip
    longitude = models.DecimalField(
        _("longitude"),
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        help_text=_("East of Greenwich in degrees."),
    )
    contact_name = models.CharField(_("contact"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    receiving_from = models.TimeField(_("receives from"), default="08:00")
    receiving_to = models.TimeField(_("receives to"), default="16:00")
    receiving_days = models.CharField(
        _("receiving days"), max_length=7, default="12345", help_text=_("ISO weekdays, 1 is Monday")
    )
    gate = models.CharField(_("gate or dock"), max_length=80, blank=True)
    unloading = models.CharField(_("unloading"), max_length=120, blank=True)
    markings = models.CharField(_("markings"), max_length=120, blank=True)
    closed_days = models.CharField(
        _("closed days"),
        max_length=400,
        blank=True,
        default="",
        db_default="",
        help_text=_("Days or periods such as 2026-12-24 – 2027-01-02, separated by commas."),
    )
    preferred_weekday = models.PositiveSmallIntegerField(
        _("preferred weekday"), null=True, blank=True, help_text=_("1 is Monday")
    )
    delivery_note = models.CharField(
        _("delivery note"), max_length=160, blank=True, default="", db_default="",
        help_text=_("What it must say or how many are needed."),
    )  # fmt: skip
    is_blind = models.BooleanField(
        _("blind shipment"), default=False, db_default=False, help_text=_("Papers and parcels without our name.")
    )
    prefers_complete = models.BooleanField(
        _("deliver complete"), default=False, db_default=False, help_text=_("Else it is sent as it is ready.")
    )
    is_default = models.BooleanField(_("default"), default=False)
    is_active = models.BooleanField(_("active"), default=True)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("ship-to"), _("ship-tos")
        ordering = ["-is_default", "name"]
        constraints = [
            models.UniqueConstraint(fields=["account", "code"], name="ship_to_code_per_account"),
            models.CheckConstraint(
                condition=models.Q(preferred_weekday=None) | models.Q(preferred_weekday__range=(1, 7)),
                name="preferred_weekday_is_one",
            ),
            models.CheckConstraint(
                condition=models.Q(latitude=None, longitude=None)
                | models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="place_on_the_globe",
                violation_error_message=_("Write both latitude (-90 to 90) and longitude (-180 to 180), or neither."),
            ),
        ]

    def __str__(self):
        return f"{self.name}, {self.city}"

    def save(self, *args, **kwargs):
        """An address for which nobody has chosen a time zone has that of its place."""
        if not self.time_zone:
            self.time_zone = self.zone_of_place()
        super().save(*args, **kwargs)

    def zone_of_place(self, chosen: str = "") -> str:
        """`chosen` where the country keeps it, else the zone of country and postal code, else the account's."""
        return zones.zone_of_place(self.country, self.postal_code, chosen=chosen, otherwise=self.account.time_zone)

    def clean(self):
        if not are_weekdays(self.receiving_days):
            words = _("Write the weekdays as figures in order, 1 is Monday: 12345.")
            raise ValidationError({"receiving_days": words})
        try:
            self.closed_days = rules.periods_text(rules.closed_periods(self.closed_days))
        except ValueError:
            raise ValidationError({"closed_days": _("Write each day as 2026-12-24, in order.")}) from None

    @property
    def place(self) -> places.Place | None:
        """Where it is on the globe: as said, else about where its postal code is; None where nobody knows."""
        if self.latitude is not None and self.longitude is not None:
            return places.Place(float(self.latitude), float(self.longitude), is_rough=False)
        return places.place_of_postal_code(self.country, self.postal_code)

    @property
    def closed(self) -> frozenset[date]:
        """The days on which nothing is received there, besides the weekdays and the holidays of the place."""
        return rules.days_of(rules.closed_periods(self.closed_days)) if self.closed_days else frozenset()

    @property
    def zones(self) -> tuple[str, ...]:
        """The time zones of its country."""
        return zones.zones_in(self.country)
