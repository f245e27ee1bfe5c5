"""What is sold."""

import uuid
from pathlib import Path

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.catalogue.models.classification import Brand, Category
from apps.catalogue.rules import Assortment, Scope


def picture_path(_row: models.Model, name: str) -> str:
    """A name nobody guesses: pictures are served by path."""
    return f"products/{uuid.uuid4().hex}{Path(name).suffix.lower()[:5]}"


class ProductQuerySet(models.QuerySet):
    def on_sale(self):
        return self.filter(status=Product.Status.ACTIVE)

    def known(self):
        """What has a page: on sale, or discontinued with its successor and past orders."""
        return self.exclude(status=Product.Status.HIDDEN)

    def in_assortment(self, assortment: Assortment):
        """What an account may see; nothing is added to the statement where that is everything."""
        return self.filter(within(assortment))

    def for_cards(self):
        """With the brand, and only with what a row of a list needs."""
        return self.select_related("brand").only(*CARD_FIELDS, "brand__name")


def within(assortment: Assortment, to_product: str = "") -> models.Q:
    """The condition that a product is in an assortment; `to_product` is the way to it from rows of another table."""
    condition = _held(assortment.includes, to_product)
    return condition & ~_held(assortment.excludes, to_product) if assortment.excludes else condition


def _held(scope: Scope, to: str) -> models.Q:
    """The products a scope holds. A category's path names all it stands below: one look at the small table of them."""
    condition = models.Q(**{f"{to}pk__in": scope.products}) if scope.products else models.Q()
    if scope.brands:
        condition |= models.Q(**{f"{to}brand__in": scope.brands})
    if scope.categories:
        below = "|".join(map(str, sorted(scope.categories)))
        inside = Category.objects.filter(path__regex=f"/({below})/").order_by().values("pk")
        condition |= models.Q(**{f"{to}category__in": inside})
    return condition


CARD_FIELDS = (
    "sku",
    "name",
    "summary",
    "kind",
    "status",
    "uom",
    "minimum_quantity",
    "order_multiple",
    "content_quantity",
    "content_uom",
    "picture",
    "thumbnail",
    "popularity",
    "category_id",
)


class Product(models.Model):
    """A SKU: goods or a service, ordered in its base unit."""

    class Kind(models.TextChoices):
        GOODS = "goods", _("goods")
        SERVICE = "service", _("service")

    class Status(models.TextChoices):
        ACTIVE = "active", _("active")
        DISCONTINUED = "discontinued", _("discontinued")
        HIDDEN = "hidden", _("hidden")

    sku = models.CharField(_("SKU"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    summary = models.CharField(_("summary"), max_length=300, blank=True)
    description = models.TextField(_("description"), blank=True)
    # Composite indexes begin with these two: an index of their own would only slow down loading.
    category = models.ForeignKey(
        Category, models.PROTECT, related_name="products", verbose_name=_("category"), db_index=False
    )
    brand = models.ForeignKey(
        Brand, models.PROTECT, null=True, blank=True, related_name="products", verbose_name=_("brand"), db_index=False
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.GOODS)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.ACTIVE)
    mpn = models.CharField(_("manufacturer part number"), max_length=60, blank=True)
    gtin = models.CharField(_("GTIN"), max_length=14, blank=True)
    uom = models.CharField(
        _("unit of measure"), max_length=8, default="pc", help_text=_("The unit prices and quantities are in.")
    )
    minimum_quantity = models.PositiveIntegerField(
        _("minimum order quantity"), default=1, validators=[MinValueValidator(1)]
    )
    order_multiple = models.PositiveIntegerField(_("order multiple"), default=1, validators=[MinValueValidator(1)])
    content_quantity = models.DecimalField(
        _("content per unit"),
        max_digits=12,
        decimal_places=4,
        null=True,
        blank=True,
        help_text=_("For the price per comparable unit: 0.75 (litres a bottle)."),
    )
    content_uom = models.CharField(_("comparable unit"), max_length=8, blank=True)
    weight_kg = models.DecimalField(_("weight in kg"), max_digits=10, decimal_places=4, default=0)
    volume_l = models.DecimalField(
        _("volume in litres"), max_digits=10, decimal_places=3, default=0, db_default=0, help_text=_("As packed.")
    )
    is_dangerous = models.BooleanField(_("dangerous goods"), default=False, db_default=False)
    is_bulky = models.BooleanField(
        _("bulky"), default=False, db_default=False, help_text=_("Too long or too large for a parcel.")
    )
    tax_class = models.CharField(_("tax class"), max_length=12, default="standard")
    lead_days = models.PositiveSmallIntegerField(
        _("lead time in days"), default=14, help_text=_("To source it where nothing is on hand or due.")
    )
    warranty_months = models.PositiveSmallIntegerField(_("warranty in months"), null=True, blank=True)
    attributes = models.JSONField(_("attributes"), default=dict, blank=True)
    picture = models.FileField(_("picture"), upload_to=picture_path, blank=True)
    thumbnail = models.FileField(_("thumbnail"), upload_to="thumbnails/", blank=True, default="", db_default="")
    popularity = models.PositiveIntegerField(_("popularity"), default=0, editable=False)

    #: Ends the name of a small picture that has an AVIF beside it.
    AVIF_MARK = "-av"

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("product"), _("products")
        indexes = [
            models.Index(fields=["category", "-popularity", "id"], name="product_browse"),
            models.Index(fields=["brand", "-popularity", "id"], name="product_brand"),
            models.Index(fields=["-popularity", "id"], name="product_popular"),
            models.Index(fields=["name", "id"], name="product_by_name"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(minimum_quantity__gte=1, order_multiple__gte=1), name="product_quantities_positive"
            ),
        ]

    def __str__(self):
        return f"{self.sku} {self.name}"

    @property
    def brand_name(self) -> str:
        return self.brand.name if self.brand_id else ""

    @property
    def picture_url(self) -> str:
        return self.picture.url if self.picture else ""

    @property
    def thumbnail_url(self) -> str:
        """The small picture for cards; the picture itself where there is no small one."""
        return self.thumbnail.url if self.thumbnail else self.picture_url

    @property
    def avif_url(self) -> str:
        """The small picture as AVIF, where there is one."""
        stem, dot, _ending = self.thumbnail.name.rpartition(".") if self.thumbnail else ("", "", "")
        return self.thumbnail.storage.url(f"{stem}{dot}avif") if stem.endswith(self.AVIF_MARK) else ""

    @property
    def is_on_sale(self) -> bool:
        return self.status == self.Status.ACTIVE

    @property
    def is_service(self) -> bool:
        return self.kind == self.Kind.SERVICE
