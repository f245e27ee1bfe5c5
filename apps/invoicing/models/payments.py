"""What settles an invoice."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.invoicing.models.bank import Receipt
from apps.invoicing.models.documents import Invoice


class Payment(models.Model):
    """What settled a part of an invoice: money, the early-payment discount earned with it, or a credit note.

    What one deed booked shares a `booking`, and is taken back together: by rows of the opposite sign (`undoes`), never
    by deleting. On a credit note the amounts are negative.
    """

    class Kind(models.TextChoices):
        RECEIVED = "received", _("received")
        DISCOUNT = "discount", _("early-payment discount")
        CREDIT = "credit", _("credit note")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.RECEIVED)
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="payments", verbose_name=_("invoice"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    received_on = models.DateField(_("received"))
    reference = models.CharField(_("reference"), max_length=80, blank=True)
    key = models.CharField(max_length=40, null=True, blank=True, editable=False)  # of the page it was booked on
    receipt = models.ForeignKey(
        Receipt, models.PROTECT, null=True, blank=True, related_name="payments", verbose_name=_("money received")
    )
    booking = models.CharField(max_length=32, blank=True, default="", db_default="", editable=False, db_index=True)
    undoes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="undone_by"
    )

    class Meta:
        verbose_name, verbose_name_plural = _("payment"), _("payments")
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="payment_not_zero"),
            models.UniqueConstraint(fields=["invoice", "key"], name="payment_once_per_key"),
        ]

    def __str__(self):
        return f"{self.amount} on {self.received_on}"
