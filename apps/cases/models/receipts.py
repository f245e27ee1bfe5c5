"""What came back to the warehouse, in which condition, what was done with it, and what it was credited by."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.cases.models.returns import Return, ReturnLine


class ReturnReceipt(models.Model):
    """Goods of a return that came in together. The same key of a page is one receipt."""

    of = models.ForeignKey(Return, models.CASCADE, related_name="receipts", verbose_name=_("return"))
    warehouse = models.ForeignKey(
        "availability.Warehouse", models.PROTECT, related_name="+", verbose_name=_("warehouse")
    )
    key = models.CharField(max_length=40, editable=False)
    received_at = models.DateTimeField(_("received"))
    received_by = models.CharField(_("received by"), max_length=120)
    note = models.CharField(_("note"), max_length=200, blank=True)
    credited_at = models.DateTimeField(_("credited"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("receipt of a return"), _("receipts of returns")
        ordering = ["received_at", "id"]
        constraints = [models.UniqueConstraint(fields=["of", "key"], name="one_return_receipt_per_key")]

    def __str__(self):
        return f"{self.of_id} {self.received_at:%Y-%m-%d}"


class ReturnReceiptLine(models.Model):
    """Pieces of a line that came in one condition and were dealt with in one way."""

    class Condition(models.TextChoices):
        AS_NEW = "as_new", _("as new")
        OPENED = "opened", _("opened")
        DAMAGED = "damaged", _("damaged")
        NOT_OURS = "not_ours", _("not from us")

    class Decision(models.TextChoices):
        RESTOCK = "restock", _("back on the shelf")
        SCRAP = "scrap", _("scrap")
        SEND_BACK = "send_back", _("back to the customer")

    receipt = models.ForeignKey(ReturnReceipt, models.CASCADE, related_name="lines", verbose_name=_("receipt"))
    line = models.ForeignKey(ReturnLine, models.CASCADE, related_name="arrivals", verbose_name=_("line of the return"))
    quantity = models.PositiveIntegerField(_("quantity"))
    condition = models.CharField(_("condition"), max_length=10, choices=Condition.choices)
    decision = models.CharField(_("what was done with it"), max_length=10, choices=Decision.choices)
    is_credited = models.BooleanField(_("is credited"))

    class Meta:
        verbose_name, verbose_name_plural = _("line of a receipt"), _("lines of receipts")
        ordering = ["line__order_line__position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["receipt", "line", "condition"], name="one_receipt_line_per_condition"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="return_receipt_quantity_positive"),
            models.CheckConstraint(
                condition=~Q(decision="restock") | Q(condition__in=["as_new", "opened"]),
                name="restock_what_can_be_sold",
            ),
        ]

    def __str__(self):
        return f"{self.quantity} {self.condition}"


class ReturnDocument(models.Model):
    """A credit note for what came back, or the invoice for what is kept of it."""

    receipt = models.ForeignKey(ReturnReceipt, models.PROTECT, related_name="documents", verbose_name=_("receipt"))
    invoice = models.OneToOneField(
        "invoicing.Invoice", models.PROTECT, related_name="of_return", verbose_name=_("document")
    )

    class Meta:
        verbose_name, verbose_name_plural = _("document of a return"), _("documents of returns")
        ordering = ["id"]

    def __str__(self):
        return str(self.invoice_id)
