"""What came in at the bank: files, and the money that each line of them stands for."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class BankFile(models.Model):
    """A statement of the bank as it was taken in: what was read, what was known already, what could not be read."""

    class Kind(models.TextChoices):
        CAMT053 = "camt053", _("camt.053 (XML)")
        CSV = "csv", _("CSV")

    name = models.CharField(_("file"), max_length=120)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    taken_at = models.DateTimeField(_("taken in"))
    taken_by_name = models.CharField(_("by"), max_length=120, blank=True)
    new = models.PositiveIntegerField(_("new"), default=0)
    known = models.PositiveIntegerField(_("known already"), default=0)
    outgoing = models.PositiveIntegerField(_("outgoing or not booked yet, left out"), default=0)
    problems = models.JSONField(_("could not be read"), default=list, blank=True)  # [line, reason]

    class Meta:
        verbose_name, verbose_name_plural = _("bank statement file"), _("bank statement files")
        ordering = ["-taken_at", "-id"]

    def __str__(self):
        return self.name


class Receipt(models.Model):
    """Money received: a line of a bank statement, or what somebody at the desk entered.

    It waits until somebody confirms what it pays. What of it pays nothing yet (`unapplied`) belongs to its account, or
    is held for the order that was paid ahead.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("to be confirmed")
        BOOKED = "booked", _("booked")
        SET_ASIDE = "set_aside", _("set aside")

    class Match(models.TextChoices):
        REFERENCE = "reference", _("by its reference")
        AMOUNT = "amount", _("by account and amount")
        OLDEST = "oldest", _("by account, the oldest first")
        ALONE = "alone", _("by amount alone")
        NONE = "none", _("nothing found")

    file = models.ForeignKey(BankFile, models.PROTECT, null=True, blank=True, verbose_name=_("file"))
    our_iban = models.CharField(_("our account"), max_length=42, blank=True, default="")
    bank_reference = models.CharField(_("bank reference"), max_length=120)
    received_on = models.DateField(_("received"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    payer_name = models.CharField(_("payer"), max_length=140, blank=True)
    payer_iban = models.CharField(_("payer's account"), max_length=42, blank=True)
    text = models.CharField(_("text"), max_length=1000, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    match = models.CharField(_("found"), max_length=10, choices=Match.choices, default=Match.NONE)
    account = models.ForeignKey(
        "accounts.Account", models.PROTECT, null=True, blank=True, related_name="receipts", verbose_name=_("account")
    )
    order = models.ForeignKey(
        "ordering.Order", models.PROTECT, null=True, blank=True, related_name="receipts", verbose_name=_("held for")
    )
    unapplied = models.DecimalField(_("not applied yet"), max_digits=14, decimal_places=2, default=0)
    note = models.CharField(_("note"), max_length=200, blank=True)
    decided_by_name = models.CharField(_("decided by"), max_length=120, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("money received"), _("money received")
        ordering = ["-received_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["our_iban", "bank_reference"], name="received_once_per_bank_reference"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="received_more_than_nothing"),
            models.CheckConstraint(
                condition=Q(unapplied__gte=0, unapplied__lte=F("amount")), name="applied_no_more_than_received"
            ),
        ]
        indexes = [
            models.Index(fields=["account", "received_on"], name="receipt_unapplied", condition=Q(unapplied__gt=0)),
            models.Index(fields=["payer_iban"], name="receipt_of_iban", condition=~Q(payer_iban="")),
            models.Index(fields=["order"], name="receipt_for_order", condition=Q(order__isnull=False)),
        ]

    def __str__(self):
        return self.bank_reference
