"""How overdue invoices are reminded of, and what was sent."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.scoping import AccountOwnedQuerySet


class DunningLevel(models.Model):
    """A level of reminding, the first the mildest. Without one in use nobody is reminded."""

    level = models.PositiveSmallIntegerField(_("level"), unique=True, help_text=_("1 is the mildest."))
    name = models.CharField(_("name"), max_length=60, help_text=_("As it is called here and in the letter."))
    days = models.PositiveSmallIntegerField(_("days overdue"))
    fee = models.DecimalField(
        _("fee"), max_digits=8, decimal_places=2, default=0,
        help_text=_("Charged with a letter of this level by a document of its own, free of tax; only in its currency."),
    )  # fmt: skip
    currency = models.CharField(_("currency of the fee"), max_length=3, default="GBP")
    tells_rep = models.BooleanField(_("the rep calls"), default=False, help_text=_("Gives the account's rep a task."))
    is_active = models.BooleanField(_("in use"), default=False)

    class Meta:
        verbose_name, verbose_name_plural = _("reminder level"), _("reminder levels")
        ordering = ["level"]
        constraints = [
            models.CheckConstraint(
                condition=Q(level__gte=1, level__lte=9, days__gte=1, fee__gte=0),
                name="dunning_level_within_reason",
                violation_error_message=_("Levels are 1 to 9, from one day overdue on; a fee is not below zero."),
            )
        ]

    def __str__(self):
        return self.name


class DunningWords(models.Model):
    """What a letter of a level says in a language; where there is none, the standard sentence of the level stands."""

    level = models.ForeignKey(DunningLevel, models.CASCADE, related_name="words", verbose_name=_("level"))
    language = models.CharField(_("language"), max_length=8, help_text=_("Its code, such as en or de."))
    text = models.TextField(_("text"), max_length=2000)

    class Meta:
        verbose_name, verbose_name_plural = _("words of a reminder"), _("words of reminders")
        constraints = [models.UniqueConstraint(fields=["level", "language"], name="dunning_words_once_a_language")]

    def __str__(self):
        return f"{self.level} {self.language}"


class DunningHold(models.Model):
    """An account, with those below it, that is not reminded: until a day, or until the row is taken away."""

    account = models.OneToOneField("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    until = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The last day; empty: until further notice.")
    )
    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        verbose_name, verbose_name_plural = _("hold on reminders"), _("holds on reminders")

    def __str__(self):
        return str(self.account)


class Dunning(models.Model):
    """A letter that reminded an account of what was overdue in one currency; at most one a day."""

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="dunnings", verbose_name=_("account"))
    currency = models.CharField(_("currency"), max_length=3)
    level = models.PositiveSmallIntegerField(_("level"))
    name = models.CharField(_("name"), max_length=60)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    fee_invoice = models.OneToOneField(
        "invoicing.Invoice", models.PROTECT, null=True, blank=True, related_name="fee_of", verbose_name=_("fee")
    )
    sent_on = models.DateField(_("sent"), help_text=_("The day it was at the account."))
    made_at = models.DateTimeField(_("made"))

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("reminder"), _("reminders")
        ordering = ["-sent_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["account", "currency", "sent_on"], name="one_dunning_a_day"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="dunned_for_something"),
        ]

    def __str__(self):
        return f"{self.name} {self.sent_on}"


class DunningLine(models.Model):
    """A part of an invoice in a letter; it is reminded of once at each level."""

    dunning = models.ForeignKey(Dunning, models.CASCADE, related_name="lines", verbose_name=_("reminder"))
    invoice = models.ForeignKey(
        "invoicing.Invoice", models.CASCADE, related_name="dunning_lines", verbose_name=_("invoice")
    )
    due_on = models.DateField(_("due"))
    level = models.PositiveSmallIntegerField(_("level"))
    amount = models.DecimalField(_("open"), max_digits=14, decimal_places=2)

    class Meta:
        verbose_name, verbose_name_plural = _("invoice reminded of"), _("invoices reminded of")
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["invoice", "due_on", "level"], name="dunned_once_at_each_level"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="dunned_for_what_is_open"),
        ]

    def __str__(self):
        return f"{self.invoice} {self.amount}"
