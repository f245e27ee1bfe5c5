"""What was sent to us, as it was sent, before it becomes the domains' own."""

import uuid
from pathlib import Path

from django.core.files.storage import storages
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


def private_storage():
    """Files for operations only: they never stand below the media root."""
    return storages["private"]


def import_path(_row: models.Model, name: str) -> str:
    """A name of our own for an uploaded file; of the sender's only what kind of file it is."""
    suffixes = [
        suffix for suffix in Path(name.lower()).suffixes[-2:] if suffix in (".csv", ".gz", ".xlsx", ".xml", ".zip")
    ]
    return f"imports/{uuid.uuid4().hex}{''.join(suffixes)}"


class ImportProfile(models.Model):
    """How one supplier's files are read: which column is what, and where products and prices go."""

    class Gone(models.TextChoices):
        KEEP = "keep", _("are left as they are")
        DISCONTINUE = "discontinue", _("are discontinued")

    class Mark(models.TextChoices):
        POINT = ".", _("a point: 1,234.50")
        COMMA = ",", _("a comma: 1.234,50")
        EITHER = "", _("either; what can be read both ways is refused")

    name = models.CharField(_("name"), max_length=60, unique=True)
    columns = models.JSONField(
        _("columns"),
        default=dict,
        blank=True,
        help_text=_("Heading in the file: what it holds. Kept from the last file."),
    )
    decimal_mark = models.CharField(_("decimals are written with"), max_length=1, choices=Mark.choices, blank=True)
    language = models.CharField(
        _("language"), max_length=8, default="en", help_text=_("Which one to take where a file has texts in several.")
    )
    category = models.CharField(
        _("category"),
        max_length=300,
        blank=True,
        help_text=_("Where products stand that name none: Fasteners > Bolts."),
    )
    make_categories = models.BooleanField(
        _("make categories"), default=False, help_text=_("Else a row that names an unknown category is quarantined.")
    )
    price_list = models.ForeignKey(
        "pricing.PriceList", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("price list"),
        help_text=_("Without one, prices in the file are not taken."),
    )  # fmt: skip
    price_type = models.CharField(
        _("kind of price"), max_length=40, blank=True,
        help_text=_("Where a file has several, as in net_list or net_customer; empty: list prices before others."),
    )  # fmt: skip
    gone = models.CharField(
        _("products missing in a later file"), max_length=11, choices=Gone.choices, default=Gone.KEEP
    )
    facet_from = models.PositiveIntegerField(
        _("offer a new attribute as a facet from"), default=10, help_text=_("So many products of a file must carry it.")
    )

    class Meta:
        verbose_name, verbose_name_plural = _("import profile"), _("import profiles")
        ordering = ["name"]

    def __str__(self):
        return self.name


class CatalogueImport(models.Model):
    """One file of products: read into rows, compared with the catalogue, committed, and undone where need be."""

    class Step(models.TextChoices):
        COLUMNS = "columns", _("waits to be told its columns")
        STAGING = "staging", _("reading the file")
        CHECKING = "checking", _("comparing with the catalogue")
        READY = "ready", _("ready to be looked through")
        COMMITTING = "committing", _("putting rows live")
        COMMITTED = "committed", _("live")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")
        REFUSED = "refused", _("refused")

    profile = models.ForeignKey(ImportProfile, models.PROTECT, related_name="imports", verbose_name=_("profile"))
    file = models.FileField(_("file"), upload_to=import_path, storage=private_storage, blank=True)
    file_name = models.CharField(_("file"), max_length=200)
    fingerprint = models.CharField(max_length=64, db_index=True, editable=False)
    step = models.CharField(_("step"), max_length=10, choices=Step.choices, default=Step.STAGING)
    reached = models.BigIntegerField(_("rows reached in this step"), default=0)
    report = models.JSONField(_("report"), default=dict, blank=True)
    refusal = models.TextField(_("why it was refused"), blank=True)
    started_by = models.CharField(_("started by"), max_length=120, blank=True)
    started_at = models.DateTimeField(_("started"))
    committed_at = models.DateTimeField(_("live since"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("catalogue import"), _("catalogue imports")
        ordering = ["-started_at", "-id"]

    def __str__(self):
        return self.file_name


class CatalogueImportRow(models.Model):
    """A product of the file: what it says, what that would change, and what became of it."""

    class Kind(models.TextChoices):
        NEW = "new", _("new")
        CHANGED = "changed", _("changed")
        UNCHANGED = "unchanged", _("unchanged")
        GONE = "gone", _("gone")
        QUARANTINED = "quarantined", _("quarantined")

    class Reason(models.TextChoices):
        NONE = "", _("none")
        NO_SKU = "no_sku", _("no SKU")
        TOO_LONG = "too_long", _("a text is too long")
        TWICE = "twice", _("the SKU stands in the file before")
        NO_NAME = "no_name", _("a new product without a name")
        NO_CATEGORY = "no_category", _("a new product without a category")
        UNKNOWN_CATEGORY = "unknown_category", _("a category that is not known")
        BAD_NUMBER = "bad_number", _("a number is not readable")
        BAD_GTIN = "bad_gtin", _("the GTIN has a wrong check digit or length")
        UNKNOWN_UNIT = "unknown_unit", _("a unit that is not known")
        BAD_PRICE = "bad_price", _("a price is not readable or negative")
        BAD_ATTRIBUTE = "bad_attribute", _("a property does not fit its kind and is left out")
        BAD_VALUE = "bad_value", _("a value that is not one of those allowed")

    class State(models.TextChoices):
        WAITING = "", _("not live")
        APPLIED = "applied", _("live")
        UNDONE = "undone", _("undone")
        KEPT = "kept", _("not undone: changed since")

    run = models.ForeignKey(
        CatalogueImport, models.CASCADE, related_name="rows", verbose_name=_("import"), db_index=False
    )  # the unique constraint begins with it
    row_number = models.BigIntegerField(_("row"))
    sku = models.CharField(_("SKU"), max_length=60, blank=True)
    kind = models.CharField(_("kind"), max_length=11, choices=Kind.choices)
    reason = models.CharField(_("reason"), max_length=16, choices=Reason.choices, blank=True)
    detail = models.CharField(_("what is wrong"), max_length=300, blank=True)
    sent = models.JSONField(_("as sent"), default=dict)
    wanted = models.JSONField(_("as read"), default=dict)
    changes = models.JSONField(_("changes"), default=dict)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("row of an import"), _("rows of imports")
        constraints = [models.UniqueConstraint(fields=["run", "row_number"], name="one_import_row_per_number")]
        indexes = [
            models.Index(fields=["run", "kind", "reason", "row_number"], name="import_row_by_kind"),
            models.Index(fields=["run", "sku"], name="import_row_by_sku"),
        ]

    def __str__(self):
        return f"{self.row_number} {self.sku}"


class PictureBatch(models.Model):
    """Pictures of products in an archive, or at addresses that a list or an import names: looked at one by one, made
    small, and given to the SKUs they are named by."""

    class Step(models.TextChoices):
        RECEIVED = "received", _("being looked at")
        DONE = "done", _("done")
        REFUSED = "refused", _("refused")

    file = models.FileField(_("file"), upload_to=import_path, storage=private_storage, blank=True)
    file_name = models.CharField(_("file"), max_length=200)
    run = models.ForeignKey(
        CatalogueImport, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("import"),
        help_text=_("Whose rows name the pictures; else they are named by SKU."),
    )  # fmt: skip
    step = models.CharField(_("step"), max_length=8, choices=Step.choices, default=Step.RECEIVED)
    reached = models.PositiveIntegerField(_("pictures looked at"), default=0)
    report = models.JSONField(_("report"), default=dict)
    started_by = models.CharField(_("started by"), max_length=120, blank=True)
    started_at = models.DateTimeField(_("started"))

    class Meta:
        verbose_name, verbose_name_plural = _("batch of pictures"), _("batches of pictures")
        ordering = ["-started_at", "-id"]

    def __str__(self):
        return self.file_name


class PictureAddress(models.Model):
    """A picture or PDF of a product that stands elsewhere: fetched in the background, several times where it must be.

    `kind` is `picture`, or that of a document; `place` is 0 for the product's own picture, then its further ones.
    """

    class State(models.TextChoices):
        WAITING = "", _("to be fetched")
        TAKEN = "taken", _("taken")
        UNCHANGED = "unchanged", _("unchanged")
        REFUSED = "refused", _("refused")

    batch = models.ForeignKey(PictureBatch, models.CASCADE, related_name="addresses", verbose_name=_("batch"))
    sku = models.CharField(_("SKU"), max_length=60)
    url = models.CharField(_("address"), max_length=1000)
    kind = models.CharField(_("kind"), max_length=12, default="picture")
    title = models.CharField(_("title"), max_length=120, blank=True)
    place = models.PositiveSmallIntegerField(_("place"), default=0)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, blank=True)
    detail = models.CharField(_("what is wrong"), max_length=300, blank=True)
    tries = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("due"))

    class Meta:
        verbose_name, verbose_name_plural = _("address of a picture"), _("addresses of pictures")
        indexes = [
            models.Index(fields=["due_at", "id"], name="picture_to_fetch", condition=models.Q(state="")),
            models.Index(fields=["sku", "url"], name="picture_fetched_before"),
        ]

    def __str__(self):
        return self.url


class PriceImport(models.Model):
    """One file of list prices: read into rows, compared with what holds, committed from a day, undone where need be."""

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
    file = models.FileField(_("file"), upload_to=import_path, storage=private_storage, blank=True)
    file_name = models.CharField(_("file"), max_length=200)
    valid_from = models.DateField(_("prices hold from"))
    decimal_mark = models.CharField(
        _("decimals are written with"), max_length=1, choices=ImportProfile.Mark.choices, blank=True
    )
    is_full = models.BooleanField(
        _("it names all prices of its lists"), default=False,
        help_text=_("What it does not name ends. Else only the products it names have no other prices than these."),
    )  # fmt: skip
    step = models.CharField(_("step"), max_length=10, choices=Step.choices, default=Step.STAGING)
    reached = models.BigIntegerField(_("rows reached in this step"), default=0)
    report = models.JSONField(_("report"), default=dict, blank=True)
    refusal = models.TextField(_("why it was refused"), blank=True)
    started_by = models.CharField(_("started by"), max_length=120, blank=True)
    started_at = models.DateTimeField(_("started"))
    committed_at = models.DateTimeField(_("live since"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("price import"), _("price imports")
        ordering = ["-started_at", "-id"]

    def __str__(self):
        return self.file_name


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
