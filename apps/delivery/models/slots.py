"""Timed slots: when a van can be there, and how many can be served."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.core.dates import are_weekdays
from apps.delivery.models.options import DeliveryOption


class SlotWindow(models.Model):
    """A time of day in which an option delivers so many orders, on its weekdays; by the clock of the ship-to."""

    option = models.ForeignKey(DeliveryOption, models.CASCADE, related_name="windows", verbose_name=_("option"))
    weekdays = models.CharField(_("weekdays"), max_length=7, default="12345", help_text=_("ISO weekdays, 1 is Monday"))
    starts_at = models.TimeField(_("from"))
    ends_at = models.TimeField(_("to"))
    capacity = models.PositiveSmallIntegerField(_("orders it can serve"))
    is_priority = models.BooleanField(
        _("by right alone"), default=False, db_default=False,
        help_text=_("A priority slot: only who was given the right sees it and books it."),
    )  # fmt: skip

    class Meta:
        verbose_name, verbose_name_plural = _("time slot"), _("time slots")
        ordering = ["option", "starts_at", "ends_at"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="a_window_ends_after_it_begins"),
        ]

    def __str__(self):
        return f"{self.starts_at:%H:%M}–{self.ends_at:%H:%M}"

    def clean(self):
        if not are_weekdays(self.weekdays):
            raise ValidationError({"weekdays": _("Write the weekdays as figures in order, 1 is Monday: 12345.")})
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("It ends after it begins.")})

    def meets(self, other: "SlotWindow") -> bool:
        """Whether both are at the same time on some weekday."""
        is_then = self.starts_at < other.ends_at and other.starts_at < self.ends_at
        return is_then and bool(set(self.weekdays) & set(other.weekdays))


class Slot(models.Model):
    """A window on one day, from when it is first booked or its capacity is changed for that day."""

    window = models.ForeignKey(SlotWindow, models.PROTECT, related_name="slots", verbose_name=_("time slot"))
    day_on = models.DateField(_("day"))
    capacity = models.PositiveSmallIntegerField(_("orders it can serve"))
    booked = models.PositiveSmallIntegerField(_("booked"), default=0, editable=False)

    class Meta:
        verbose_name, verbose_name_plural = _("slot of a day"), _("slots of a day")
        ordering = ["day_on", "window"]
        constraints = [
            models.UniqueConstraint(fields=["window", "day_on"], name="one_slot_per_window_and_day"),
            models.CheckConstraint(
                condition=Q(booked__lte=F("capacity")),
                name="never_book_more_than_a_slot_serves",
                violation_error_message=_("More orders than that are booked already."),
            ),
        ]

    def __str__(self):
        return f"{self.day_on} {self.window}"

    def clean(self):
        """The constraint names a column that no form has, and is then left out of its checks."""
        if self.capacity is not None and self.capacity < self.booked:
            words = _("%(booked)s orders are booked already: it cannot serve fewer.")
            raise ValidationError({"capacity": words % {"booked": self.booked}})


class SlotBooking(models.Model):
    """An order's place in a slot, held by the order's public number."""

    slot = models.ForeignKey(Slot, models.PROTECT, related_name="bookings", verbose_name=_("slot"))
    order_number = models.CharField(_("order"), max_length=30, unique=True)

    class Meta:
        verbose_name, verbose_name_plural = _("booking of a slot"), _("bookings of slots")

    def __str__(self):
        return self.order_number


class SlotRight(models.Model):
    """An account may book a priority slot, once. `order_number` is what books it: an order, or a delivery of one."""

    account = models.ForeignKey(
        "accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"), db_index=False
    )  # the index begins with it
    source_ref = models.CharField(_("caused by"), max_length=80, unique=True)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"))
    order_number = models.CharField(_("order"), max_length=30, blank=True, default="")

    class Meta:
        verbose_name, verbose_name_plural = _("right to a priority slot"), _("rights to priority slots")
        indexes = [models.Index(fields=["account", "valid_until"], name="slot_right_of_account")]
        constraints = [
            models.UniqueConstraint(
                fields=["order_number"], name="one_slot_right_per_booking", condition=~Q(order_number="")
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gte=F("valid_from")), name="slot_right_ends_after_its_start"
            ),
        ]

    def __str__(self):
        return f"{self.account_id} {self.source_ref}"
