"""Price lists of an account on file, and when one is made anew."""

import uuid

from django.core.files.storage import storages
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.scoping import AccountOwnedQuerySet


class Kind(models.TextChoices):
    XLSX = "xlsx", _("Excel")
    CSV = "csv", _("CSV")
    PDF = "pdf", _("PDF")


def private_storage():
    """Never below the media root: one account's prices have one door."""
    return storages["private"]


def paper_path(paper: models.Model, _name: str) -> str:
    return f"price-lists/{uuid.uuid4().hex}.{paper.kind}"


class PriceListSchedule(models.Model):
    """A price list that an account is sent again and again. `next_on` is when the next one is due."""

    class Rhythm(models.TextChoices):
        WEEKLY = "weekly", pgettext_lazy("price list", "every week")
        MONTHLY = "monthly", pgettext_lazy("price list", "every month")
        QUARTERLY = "quarterly", pgettext_lazy("price list", "every quarter")

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    contact = models.ForeignKey("accounts.Contact", models.CASCADE, related_name="+", verbose_name=_("sent to"))
    kind = models.CharField(_("as"), max_length=4, choices=Kind.choices, default=Kind.XLSX)
    rhythm = models.CharField(_("how often"), max_length=9, choices=Rhythm.choices, default=Rhythm.MONTHLY)
    next_on = models.DateField(_("next"))

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("scheduled price list"), _("scheduled price lists")
        ordering = ["next_on", "id"]
        indexes = [models.Index(fields=["next_on"], name="price_lists_due")]
        constraints = [
            models.UniqueConstraint(fields=["account", "contact", "kind", "rhythm"], name="one_schedule_of_a_kind")
        ]

    def __str__(self):
        return f"{self.get_rhythm_display()}, {self.get_kind_display()}"


class PriceListFile(models.Model):
    """The prices of an account as of a day, made in the background. `contact` is mailed where it is to be sent."""

    class State(models.TextChoices):
        WAITING = "waiting", _("being made")
        READY = "ready", _("ready")
        FAILED = "failed", _("could not be made")

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    contact = models.ForeignKey(
        "accounts.Contact", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("sent to")
    )
    asked_by_name = models.CharField(_("asked by"), max_length=120, blank=True)
    kind = models.CharField(_("as"), max_length=4, choices=Kind.choices, default=Kind.XLSX)
    on_day = models.DateField(_("prices of"))
    language = models.CharField(_("language"), max_length=8, default="en")
    state = models.CharField(_("state"), max_length=7, choices=State.choices, default=State.WAITING)
    reached = models.PositiveIntegerField(_("products looked at"), default=0)
    total = models.PositiveIntegerField(_("products in all"), default=0)
    prices = models.PositiveIntegerField(_("prices in it"), default=0)
    file = models.FileField(_("file"), upload_to=paper_path, storage=private_storage, blank=True)
    refusal = models.CharField(_("why not"), max_length=300, blank=True)
    schedule = models.ForeignKey(
        PriceListSchedule, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by schedule")
    )
    asked_at = models.DateTimeField(_("asked"))
    made_at = models.DateTimeField(_("made"), null=True, blank=True)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("price list on file"), _("price lists on file")
        ordering = ["-asked_at", "-id"]
        indexes = [models.Index(fields=["account", "-asked_at", "-id"], name="price_files_of_an_account")]
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "on_day"], name="one_price_file_a_due_day", condition=Q(schedule__isnull=False)
            )
        ]

    def __str__(self):
        return f"{self.account_id} {self.on_day} {self.kind}"

    @property
    def percent(self) -> int:
        return min(100 * self.reached // self.total, 100) if self.total else 0
