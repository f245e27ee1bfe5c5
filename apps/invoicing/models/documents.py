"""What is owed: invoices and credit notes."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.scoping import AccountOwnedQuerySet
from apps.ordering.models import Order
from apps.ordering.rules.payment import ON_ACCOUNT, Part


class Issuer(models.Model):
    """The distributor as it stands on its documents: name, address, registration, bank. One row, kept by operations."""

    name = models.CharField(_("name"), max_length=120, default="Tradewell")
    street = models.CharField(_("street"), max_length=160, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    country = models.CharField(_("country"), max_length=2, default="GB")
    vat_number = models.CharField(_("VAT number"), max_length=20, blank=True)
    registration = models.CharField(_("company registration"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    bank = models.CharField(_("bank"), max_length=80, blank=True)
    iban = models.CharField(_("IBAN"), max_length=42, blank=True)
    bic = models.CharField(_("BIC"), max_length=11, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("issuer of documents"), _("issuer of documents")

    def __str__(self):
        return self.name


class Invoice(models.Model):
    """An invoice or credit note; amounts of a credit note are negative."""

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("invoice")
        CREDIT_NOTE = "credit_note", _("credit note")

    number = models.CharField(_("number"), max_length=30, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.INVOICE)
    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="invoices", verbose_name=_("account"))
    order = models.ForeignKey(
        "ordering.Order", models.PROTECT, null=True, blank=True, related_name="invoices", verbose_name=_("order")
    )
    shipment = models.OneToOneField(
        "fulfilment.Shipment", models.PROTECT, null=True, blank=True, related_name="invoice", verbose_name=_("shipment")
    )
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="credit_notes", verbose_name=_("corrects")
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True, db_default="", default="")
    key = models.CharField(max_length=40, null=True, blank=True, editable=False)  # of the page it was credited on
    issued_on = models.DateField(_("issued"))
    due_on = models.DateField(_("due"), help_text=_("Of instalments the first that is not paid."))
    payment_kind = models.CharField(
        _("paid"), max_length=12, choices=Order.PaymentKind.choices, default=ON_ACCOUNT, db_default=ON_ACCOUNT
    )
    payment_name = models.CharField(_("payment plan"), max_length=80, blank=True, default="", db_default="")
    told_due_on = models.DateField(_("told that it is due on"), null=True, blank=True, editable=False)
    discount_percent = models.DecimalField(
        _("early-payment discount in percent"), max_digits=4, decimal_places=2, default=0
    )
    discount_until = models.DateField(_("discount until"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    net = models.DecimalField(_("net"), max_digits=14, decimal_places=2)
    tax = models.DecimalField(_("tax"), max_digits=14, decimal_places=2)
    gross = models.DecimalField(_("gross"), max_digits=14, decimal_places=2)
    paid = models.DecimalField(_("paid"), max_digits=14, decimal_places=2, default=0)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("invoice"), _("invoices")
        ordering = ["-issued_on", "-id"]
        constraints = [models.UniqueConstraint(fields=["corrects", "key"], name="credit_note_once_per_key")]
        indexes = [
            models.Index(fields=["account", "-issued_on", "-id"], name="invoice_of_account"),
            models.Index(fields=["account", "due_on"], name="invoice_open", condition=~Q(paid=models.F("gross"))),
            models.Index(fields=["due_on"], name="invoice_due", condition=~Q(paid=models.F("gross"))),
        ]

    def __str__(self):
        return self.number

    @property
    def open_amount(self):
        return self.gross - self.paid

    @property
    def goes(self):
        """Where its goods went: the shipment's ship-to, else that of the order; a credit note's as of what it corrects.
        None without an order."""
        if self.corrects:
            return self.corrects.goes
        return self.shipment.goes if self.shipment else self.order

    @property
    def is_credit_note(self) -> bool:
        return self.kind == self.Kind.CREDIT_NOTE

    @property
    def parts(self) -> tuple[Part, ...]:
        """When how much of it is due; one query where the instalments were not read along."""
        kept = tuple(Part(each.due_on, each.amount) for each in self.instalments.all())
        return kept or (Part(self.due_on, self.gross),)

    def state_on(self, on) -> str:
        """How it stands on a day: paid, overdue, open; a credit note is credited."""
        if self.is_credit_note:
            return "credited"
        if self.open_amount == 0:
            return "paid"
        return "overdue" if self.due_on < on else "open"


class InvoiceLine(models.Model):
    """A line: goods of an order line, freight, or a charge. Negative on a credit note."""

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="lines", verbose_name=_("invoice"))
    position = models.PositiveIntegerField(_("position"))
    order_line = models.ForeignKey(
        "ordering.OrderLine", models.PROTECT, null=True, blank=True, related_name="invoice_lines"
    )
    credits = models.ForeignKey("self", models.PROTECT, null=True, blank=True, editable=False, related_name="credited")
    sku = models.CharField(_("SKU"), max_length=40, blank=True)
    name = models.CharField(_("name"), max_length=200)
    quantity = models.IntegerField(_("quantity"))
    uom = models.CharField(_("unit of measure"), max_length=8, blank=True)
    unit_price = models.DecimalField(_("unit price"), max_digits=14, decimal_places=4)
    net = models.DecimalField(_("net"), max_digits=14, decimal_places=2)
    tax_percent = models.DecimalField(_("tax in percent"), max_digits=5, decimal_places=2, default=0)

    class Meta:
        verbose_name, verbose_name_plural = _("invoice line"), _("invoice lines")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["invoice", "position"], name="one_invoice_line_per_position")]

    def __str__(self):
        return f"{self.quantity} x {self.sku or self.name}"


class Instalment(models.Model):
    """A part of an invoice with a due date of its own."""

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="instalments", verbose_name=_("invoice"))
    position = models.PositiveSmallIntegerField(_("position"))
    due_on = models.DateField(_("due"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)

    class Meta:
        verbose_name, verbose_name_plural = _("instalment"), _("instalments")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["invoice", "position"], name="one_instalment_per_position"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="instalment_positive"),
        ]

    def __str__(self):
        return f"{self.amount} on {self.due_on}"
