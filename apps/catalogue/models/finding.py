"""What the search is kept by: what changed, words that mean the same, other languages, what was searched before."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from apps.catalogue.models.classification import Category
from apps.catalogue.models.products import Product
from apps.core.scoping import AccountOwnedQuerySet


class SearchMark(models.Model):
    """Products whose index entries are out of date; written by triggers, in the transaction of the change.

    `products` is null where so much changed that the index is better built anew. `transaction` is the number of the
    transaction, by which a follower knows what it has seen: numbers of rows may commit out of order.
    """

    products = models.JSONField(null=True)
    transaction = models.BigIntegerField(db_index=True)
    marked_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name, verbose_name_plural = _("search mark"), _("search marks")

    def __str__(self):
        return f"{self.transaction}: {'everything' if self.products is None else len(self.products)}"


class Synonym(models.Model):
    """Words and phrases that mean the same to a buyer: whoever searches one finds the others."""

    words = models.CharField(
        _("words"), max_length=300, help_text=_("Words or phrases parted by commas: allen key, hex key.")
    )

    class Meta:
        verbose_name, verbose_name_plural = _("synonyms"), _("synonyms")
        ordering = ["words"]

    def __str__(self):
        return self.words

    def clean(self):
        if len(phrases(self.words)) < 2:
            raise ValidationError({"words": _("At least two words or phrases, parted by a comma.")})


class MeasureUnit(models.Model):
    """A unit as buyers write it, and how many of the base unit it is: in, inch = 25.4 mm."""

    words = models.CharField(_("written as"), max_length=120, help_text=_("Parted by commas: in, inch, inches."))
    base = models.CharField(_("base unit"), max_length=12, help_text=_("What sizes are compared in: mm."))
    factor = models.DecimalField(
        _("base units in one"), max_digits=16, decimal_places=8, validators=[MinValueValidator(Decimal("1e-8"))]
    )

    class Meta:
        verbose_name, verbose_name_plural = _("unit of measure"), _("units of measure")
        ordering = ["base", "factor"]

    def __str__(self):
        return f"{self.words} = {self.factor.normalize():f} {self.base}"


class ProductText(models.Model):
    """A product's words in another language than the catalogue's own."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="texts", verbose_name=_("product"))
    language = models.CharField(_("language"), max_length=8)
    name = models.CharField(_("name"), max_length=200)
    summary = models.CharField(_("summary"), max_length=300, blank=True)
    description = models.TextField(_("description"), blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("translation"), _("translations")
        constraints = [models.UniqueConstraint(fields=["product", "language"], name="one_text_per_language")]

    def __str__(self):
        return self.name


class PastSearch(models.Model):
    """What a contact searched for and found: offered again while they type. Theirs alone, to be forgotten at will."""

    contact = models.ForeignKey("accounts.Contact", models.CASCADE, related_name="+", verbose_name=_("contact"))
    text = models.CharField(_("text"), max_length=120)
    times = models.PositiveIntegerField(_("times"), default=1)
    searched_at = models.DateTimeField(_("searched last"))

    class Meta:
        verbose_name, verbose_name_plural = _("past search"), _("past searches")
        constraints = [models.UniqueConstraint(fields=["contact", "text"], name="one_past_search_per_text")]

    def __str__(self):
        return self.text


class SeenProduct(models.Model):
    """A product whose page a contact opened, and when last. Theirs alone; only the latest are kept."""

    contact = models.ForeignKey("accounts.Contact", models.CASCADE, related_name="+", verbose_name=_("contact"))
    product = models.ForeignKey("catalogue.Product", models.CASCADE, related_name="+", verbose_name=_("product"))
    seen_at = models.DateTimeField(_("seen last"))

    class Meta:
        verbose_name, verbose_name_plural = _("product looked at"), _("products looked at")
        constraints = [models.UniqueConstraint(fields=["contact", "product"], name="one_row_per_product_seen")]
        indexes = [models.Index(fields=["contact", "-seen_at"], name="seen_latest")]

    def __str__(self):
        return f"{self.contact_id}: {self.product_id}"


class MissedSearch(models.Model):
    """What an account searched for on a day and did not find. Whoever typed it is not kept."""

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    text = models.CharField(_("text"), max_length=120)
    day_on = models.DateField(_("day"))
    times = models.PositiveIntegerField(_("times"), default=1)
    category = models.ForeignKey(
        Category, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("category of the nearest"),
        help_text=_("Where products stand that have most of the words; empty where there are none."),
    )  # fmt: skip

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("search without a result"), _("searches without a result")
        constraints = [
            models.UniqueConstraint(fields=["account", "day_on", "text"], name="one_missed_search_per_text_and_day")
        ]
        indexes = [models.Index(fields=["day_on"], name="missed_search_of_day")]

    def __str__(self):
        return self.text


def phrases(words: str) -> list[str]:
    """The words and phrases of a list parted by commas."""
    return [phrase for part in words.split(",") if (phrase := " ".join(part.split()))]
