"""Accounts, their trees and groups."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext_lazy as _

from apps.accounts import rules
from apps.accounts.models.users import Rep, check_time_zone
from apps.core.scoping import AccountOwnedQuerySet, Actor


class AccountGroup(models.Model):
    """Accounts that share a price list: a buying group, a trade."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        verbose_name, verbose_name_plural = _("account group"), _("account groups")

    def __str__(self):
        return self.name


class AccountQuerySet(AccountOwnedQuerySet):
    def visible_to(self, actor: Actor):
        if actor.sees_everything:
            return self
        if actor.account_id is not None:
            return self.filter(pk__in=actor.account_ids)
        if actor.rep_id is not None:
            return self.filter(rep_id=actor.rep_id)
        return self.none()


class Account(models.Model):
    """A sold-to, possibly below a parent. `path` holds the ids from the root down to this account."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=120)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="subsidiaries", verbose_name=_("parent")
    )
    path = models.CharField(max_length=120, editable=False)
    group = models.ForeignKey(AccountGroup, models.SET_NULL, null=True, blank=True, verbose_name=_("group"))
    rep = models.ForeignKey(Rep, models.SET_NULL, null=True, blank=True, related_name="accounts", verbose_name=_("rep"))
    segment = models.CharField(_("segment"), max_length=40, blank=True)
    country = models.CharField(_("country"), max_length=2, default="GB")
    currency = models.CharField(_("currency"), max_length=3, default="GBP")
    language = models.CharField(_("language"), max_length=8, default="en")
    time_zone = models.CharField(_("time zone"), max_length=40, default="Europe/London", validators=[check_time_zone])
    working_days = models.CharField(
        _("working days"), max_length=7, default="12345", help_text=_("ISO weekdays, 1 is Monday")
    )
    vat_number = models.CharField(_("VAT number"), max_length=20, blank=True)
    vat_verified = models.BooleanField(_("VAT number verified"), default=False)
    welcome = models.TextField(_("welcome message"), blank=True)
    is_test = models.BooleanField(_("test account"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    since_on = models.DateField(_("customer since"), null=True, blank=True)

    objects = AccountQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("account"), _("accounts")
        ordering = ["name"]
        indexes = [models.Index(fields=["path"], name="account_path", opclasses=["varchar_pattern_ops"])]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        """The path follows the parent, and what stands below follows the path; a new row is written twice."""
        if self.pk is None:
            super().save(*args, **kwargs)
            kwargs = {k: v for k, v in kwargs.items() if k == "using"}
        before = self.path
        self.path = rules.path_of(self.parent.path if self.parent else None, self.pk)
        super().save(*args, **kwargs)
        if before and before != self.path:
            below = Account.objects.filter(path__startswith=before).exclude(pk=self.pk)
            below.update(path=Concat(Value(self.path), Substr("path", len(before) + 1)))

    def clean(self):
        if self.pk and self.parent and self.parent.path.startswith(self.path):
            raise ValidationError({"parent": _("An account cannot stand below itself.")})

    @property
    def lineage(self) -> tuple[int, ...]:
        """Ids from the root of the tree down to this account."""
        return rules.ids_on_path(self.path)

    def local_day(self, now: datetime) -> date:
        """The day it is where the account is."""
        return now.astimezone(ZoneInfo(self.time_zone)).date()
