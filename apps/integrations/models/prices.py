"""Files of list prices, their rows, and what they changed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.integrations.models.catalogue import ImportProfile
from apps.integrations.models.imports import ImportRun


class PriceImport(ImportRun):
    """One file of list prices: read into rows, compared with what holds, committed from a day, undone where need be."""

    noun = "price_import"

    class Step(models.TextChoices):
        COLUMNS = "columns", _("waits to be told its columns")
        STAGING = "staging", _("reading the file")
        CHECKING = "checking", _("comparing with the prices that hold")
        READY = "ready", _("ready to be looked through")
        COMMITTING = "committing", _("putting prices live")
        COMMITTED = "committed", _("live")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")
        REFUSED = "refused", _("refused")

    price_list = models.ForeignKey(
        "pricing.PriceList", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("price list"),
        help_text=_("Of the rows that name none."),
    )  # fmt: skip
    valid_from = models.DateField(_("prices hold from"))
    decimal_mark = models.CharField(
        _("decimals are written with"), max_length=1, choices=ImportProfile.Mark.choices, blank=True
    )
    is_full = models.BooleanField(
        _("it names all prices of its lists"), default=False,
        help_text=_("What it does not name ends. Else only the products it names have no other prices than these."),
    )  # fmt: skip
    step = models.CharField(_("step"), max_length=10, choices=Step.choices, default=Step.STAGING)

    class Meta(ImportRun.Meta):
        verbose_name, verbose_name_plural = _("price import"), _("price imports")


class PriceImportRow(models.Model):
    """A price of the file as read and as compared. Products and lists are named by id, without a foreign key: a million
    rows are staged at once, and are history once they are committed."""

    class Kind(models.TextChoices):
        STAGED = "", _("read")
        NEW = "new", _("new")
        UP = "up", _("dearer")
        DOWN = "down", _("cheaper")
        UNCHANGED = "unchanged", _("unchanged")
        GONE = "gone", _("gone")
        QUARANTINED = "quarantined", _("quarantined")

    class Reason(models.TextChoices):
        NONE = "", _("none")
        NO_SKU = "no_sku", _("no SKU")
        UNKNOWN_SKU = "unknown_sku", _("a SKU that is not known")
        UNKNOWN_LIST = "unknown_list", _("a price list that is not known")
        BAD_PRICE = "bad_price", _("a price is not readable, negative or too fine")
        BAD_QUANTITY = "bad_quantity", _("a quantity is not readable")
        UNKNOWN_UNIT = "unknown_unit", _("a unit the product is not packed in")
        OTHER_CURRENCY = "other_currency", _("another currency than the list's")
        TWICE = "twice", _("two prices for one quantity")
        TENFOLD = "tenfold", _("ten times yesterday's price, or a tenth")

    run = models.ForeignKey(
        PriceImport, models.CASCADE, related_name="rows", verbose_name=_("import"), db_index=False
    )  # the unique constraint begins with it
    row_number = models.BigIntegerField(_("row"))
    sku = models.CharField(_("SKU"), max_length=60, blank=True)
    list_code = models.CharField(_("price list"), max_length=20, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    quantity = models.IntegerField(_("from quantity, as sent"), null=True)
    price = models.DecimalField(_("price, as sent"), max_digits=20, decimal_places=6, null=True)
    per = models.IntegerField(_("for so many units"), default=1)
    sent = models.JSONField(_("as sent"), default=dict)
    product_ref = models.BigIntegerField(null=True, editable=False)
    list_ref = models.BigIntegerField(null=True, editable=False)
    min_quantity = models.IntegerField(_("from quantity"), null=True)
    unit_price = models.DecimalField(_("unit price"), max_digits=14, decimal_places=4, null=True)
    old_price = models.DecimalField(_("price until then"), max_digits=14, decimal_places=4, null=True)
    is_jump = models.BooleanField(_("a jump"), default=False)
    kind = models.CharField(_("kind"), max_length=11, choices=Kind.choices, blank=True)
    reason = models.CharField(_("reason"), max_length=16, choices=Reason.choices, blank=True)
    detail = models.CharField(_("what is wrong"), max_length=300, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("row of a price import"), _("rows of price imports")
        constraints = [models.UniqueConstraint(fields=["run", "row_number"], name="one_price_row_per_number")]
        indexes = [models.Index(fields=["run", "kind", "reason", "row_number"], name="price_row_by_kind")]

    def __str__(self):
        return f"{self.row_number} {self.sku}"


class PriceImportChange(models.Model):
    """What a commit did to one price, for undoing: no old price: there was none; no new one: none is left."""

    class State(models.TextChoices):
        APPLIED = "applied", _("live")
        UNDONE = "undone", _("undone")
        KEPT = "kept", _("not undone: changed since")

    run = models.ForeignKey(
        PriceImport, models.CASCADE, related_name="changes", verbose_name=_("import"), db_index=False
    )  # the index of its state begins with it
    product_ref = models.BigIntegerField()
    list_ref = models.BigIntegerField()
    min_quantity = models.IntegerField(_("from quantity"))
    valid_from = models.DateField(_("valid from"))
    old_price = models.DecimalField(_("was"), max_digits=14, decimal_places=4, null=True)
    old_until = models.DateField(_("was valid until"), null=True)
    new_price = models.DecimalField(_("became"), max_digits=14, decimal_places=4, null=True)
    new_until = models.DateField(_("became valid until"), null=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.APPLIED)

    class Meta:
        verbose_name, verbose_name_plural = _("change of a price import"), _("changes of price imports")
        indexes = [models.Index(fields=["run", "state", "id"], name="price_change_by_state")]

    def __str__(self):
        return f"{self.product_ref} from {self.min_quantity}"
