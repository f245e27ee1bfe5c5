"""A distributor's past as it was sent."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SalesHistoryImport(models.Model):
    """One export of invoice lines taken in: how far it is, and how it adds up.

    A file is known by the hash of its content and how it was read, so that running it again goes on where it stopped,
    or says what came of it.
    """

    class Step(models.TextChoices):
        STAGING = "staging", _("reading the file")
        SORTING = "sorting", _("sorting the lines")
        NETTING = "netting", _("netting cancellations")
        ACCOUNTS = "accounts", _("making accounts")
        PRODUCTS = "products", _("making products")
        PRICES = "prices", _("finding list prices and breaks")
        ORDERS = "orders", _("making orders and invoices")
        DONE = "done", _("done")

    file_name = models.CharField(_("file"), max_length=200)
    fingerprint = models.CharField(max_length=64, unique=True, editable=False)
    step = models.CharField(_("step"), max_length=10, choices=Step.choices, default=Step.STAGING)
    reached = models.BigIntegerField(_("rows reached in this step"), default=0)
    report = models.JSONField(_("reconciliation"), null=True, blank=True)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("sales history import"), _("sales history imports")
        ordering = ["-started_at"]

    def __str__(self):
        return self.file_name


class SalesHistoryLine(models.Model):
    """A line of the export: as it stood in the file, as it was read, and what it was found to be."""

    class Kind(models.TextChoices):
        UNSORTED = "", _("not sorted yet")
        GOODS = "goods", _("goods")
        CANCELLATION = "cancellations", _("cancellation")
        CHARGE = "charges", _("charge")
        QUARANTINED = "quarantined", _("quarantined")
        DUPLICATE = "duplicates", _("exact duplicate")

    class Reason(models.TextChoices):
        NONE = "", _("none")
        UNREADABLE = "unreadable", _("quantity, price or date is not readable")
        ODD_DATE = "odd_date", _("sold before 1970, or after the file was taken in")
        NO_DOCUMENT = "no_document", _("no document number")
        NO_SKU = "no_sku", _("no SKU")
        ZERO_QUANTITY = "zero_quantity", _("quantity of zero")
        ZERO_PRICE = "zero_price", _("price of zero")
        NEGATIVE_PRICE = "negative_price", _("negative price")
        NEGATIVE_QUANTITY = "negative_quantity", _("negative quantity outside a cancellation")
        POSITIVE_CANCELLATION = "positive_cancellation", _("positive quantity in a cancellation")
        NO_CUSTOMER = "no_customer", _("no customer")
        OTHER_CUSTOMER = "other_customer", _("document already names another customer")

    run = models.ForeignKey(SalesHistoryImport, models.CASCADE, related_name="lines", verbose_name=_("import"))
    row_number = models.BigIntegerField(_("row"))
    document = models.CharField(_("document"), max_length=40)
    sku = models.CharField(_("SKU"), max_length=40)
    description = models.CharField(_("description"), max_length=200)
    quantity_text = models.CharField(_("quantity as sent"), max_length=40)
    price_text = models.CharField(_("price as sent"), max_length=40)
    date_text = models.CharField(_("date as sent"), max_length=40)
    customer = models.CharField(_("customer"), max_length=40)
    country = models.CharField(_("country"), max_length=60)
    quantity = models.IntegerField(_("quantity"), null=True)
    unit_price = models.DecimalField(_("unit price"), max_digits=18, decimal_places=6, null=True)
    sold_at = models.DateTimeField(_("sold"), null=True)
    kind = models.CharField(_("kind"), max_length=14, choices=Kind.choices, blank=True)
    reason = models.CharField(_("reason"), max_length=22, choices=Reason.choices, blank=True)
    netted = models.PositiveIntegerField(_("pieces netted"), default=0)

    class Meta:
        verbose_name, verbose_name_plural = _("sales history line"), _("sales history lines")
        constraints = [models.UniqueConstraint(fields=["run", "row_number"], name="one_staged_line_per_row")]
        indexes = [
            models.Index(fields=["run", "kind", "reason", "row_number"], name="staged_by_kind"),
            models.Index(fields=["run", "document"], name="staged_by_document"),
        ]

    def __str__(self):
        return f"{self.document} {self.sku}"
