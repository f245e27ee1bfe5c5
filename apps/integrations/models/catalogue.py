"""Files of products, how they are read, and their rows."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.integrations.models.imports import ImportRun


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


class CatalogueImport(ImportRun):
    """One file of products: read into rows, compared with the catalogue, committed, and undone where need be."""

    noun = "catalogue_import"

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
    fingerprint = models.CharField(max_length=64, db_index=True, editable=False)
    step = models.CharField(_("step"), max_length=10, choices=Step.choices, default=Step.STAGING)

    class Meta(ImportRun.Meta):
        verbose_name, verbose_name_plural = _("catalogue import"), _("catalogue imports")


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
