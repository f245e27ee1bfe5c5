"""What is sold: categories, products with typed attributes, packaging, documents, relations, codes."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext_lazy as _

from apps.catalogue.rules import normal_code


class Category(models.Model):
    """A node of the category tree. `path` holds the ids from the root down to this category."""

    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent")
    )
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("slug"), max_length=120, unique=True)
    path = models.CharField(max_length=120, editable=False)
    depth = models.PositiveSmallIntegerField(default=0, editable=False)
    position = models.PositiveIntegerField(_("position"), default=0)
    product_count = models.PositiveIntegerField(_("products on sale"), default=0, editable=False)

    class Meta:
        verbose_name, verbose_name_plural = _("category"), _("categories")
        ordering = ["position", "name"]
        indexes = [models.Index(fields=["path"], name="category_path", opclasses=["varchar_pattern_ops"])]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        """The path follows the parent, and what stands below follows the path; a new row is written twice."""
        if self.pk is None:
            super().save(*args, **kwargs)
            kwargs = {k: v for k, v in kwargs.items() if k == "using"}
        before, depth_before = self.path, self.depth
        self.path = f"{self.parent.path if self.parent else '/'}{self.pk}/"
        self.depth = self.path.count("/") - 2
        super().save(*args, **kwargs)
        if before and before != self.path:
            below = Category.objects.filter(path__startswith=before).exclude(pk=self.pk)
            below.update(
                path=Concat(Value(self.path), Substr("path", len(before) + 1)),
                depth=F("depth") + self.depth - depth_before,
            )

    def clean(self):
        if self.pk and self.parent and self.parent.path.startswith(self.path):
            raise ValidationError({"parent": _("A category cannot stand below itself.")})


class Brand(models.Model):
    name = models.CharField(_("name"), max_length=80, unique=True)
    slug = models.SlugField(_("slug"), max_length=80, unique=True)

    class Meta:
        verbose_name, verbose_name_plural = _("brand"), _("brands")
        ordering = ["name"]

    def __str__(self):
        return self.name


class Attribute(models.Model):
    """A typed property that products carry in `Product.attributes` under `code`."""

    class Kind(models.TextChoices):
        NUMBER = "number", _("number")
        CHOICE = "choice", _("choice")
        YES_NO = "yes_no", _("yes or no")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    unit = models.CharField(_("unit"), max_length=12, blank=True)
    is_facet = models.BooleanField(_("offered as a facet"), default=True)
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name, verbose_name_plural = _("attribute"), _("attributes")
        ordering = ["position", "name"]

    def __str__(self):
        return self.name


class ProductQuerySet(models.QuerySet):
    def on_sale(self):
        return self.filter(status=Product.Status.ACTIVE)

    def known(self):
        """What has a page: on sale, or discontinued with its successor and past orders."""
        return self.exclude(status=Product.Status.HIDDEN)

    def for_cards(self):
        """With the brand, and only with what a row of a list needs."""
        return self.select_related("brand").only(*CARD_FIELDS, "brand__name")


CARD_FIELDS = (
    "sku",
    "name",
    "summary",
    "kind",
    "status",
    "uom",
    "minimum_quantity",
    "order_multiple",
    "picture",
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
    tax_class = models.CharField(_("tax class"), max_length=12, default="standard")
    lead_days = models.PositiveSmallIntegerField(
        _("lead time in days"), default=14, help_text=_("To source it where nothing is on hand or due.")
    )
    warranty_months = models.PositiveSmallIntegerField(_("warranty in months"), null=True, blank=True)
    attributes = models.JSONField(_("attributes"), default=dict, blank=True)
    picture = models.FileField(_("picture"), upload_to="products/", blank=True)
    popularity = models.PositiveIntegerField(_("popularity"), default=0, editable=False)
    search = SearchVectorField(null=True, editable=False)

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("product"), _("products")
        indexes = [
            GinIndex(fields=["search"], name="product_search"),
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
    def is_on_sale(self) -> bool:
        return self.status == self.Status.ACTIVE

    @property
    def is_service(self) -> bool:
        return self.kind == self.Kind.SERVICE


class Word(models.Model):
    """A word of the names and brands on sale and how many SKUs carry it: what a misspelt search is compared with."""

    word = models.CharField(max_length=60, primary_key=True)
    products = models.PositiveIntegerField()

    class Meta:
        verbose_name, verbose_name_plural = _("word"), _("words")

    def __str__(self):
        return self.word


class ProductCode(models.Model):
    """Any code a product is known by, as typed and as compared."""

    class Kind(models.TextChoices):
        SKU = "sku", _("SKU")
        MPN = "mpn", _("manufacturer part number")
        GTIN = "gtin", _("GTIN")
        SUPERSEDED = "superseded", _("superseded number")
        COMPETITOR = "competitor", _("competitor number")

    product = models.ForeignKey(
        Product, models.CASCADE, related_name="codes", verbose_name=_("product"), db_index=False
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    code = models.CharField(_("code"), max_length=60)
    normal = models.CharField(max_length=60, editable=False)

    class Meta:
        verbose_name, verbose_name_plural = _("product code"), _("product codes")
        indexes = [models.Index(fields=["normal"], name="product_code_normal", opclasses=["varchar_pattern_ops"])]
        constraints = [models.UniqueConstraint(fields=["product", "kind", "normal"], name="one_code_once_per_product")]

    def __str__(self):
        return self.code

    def save(self, *args, **kwargs):
        self.normal = normal_code(self.code)
        super().save(*args, **kwargs)


class CustomerPartNumber(models.Model):
    """The account's own number for a product."""

    account = models.ForeignKey(
        "accounts.Account", models.CASCADE, related_name="part_numbers", verbose_name=_("account")
    )
    product = models.ForeignKey(Product, models.CASCADE, related_name="part_numbers", verbose_name=_("product"))
    code = models.CharField(_("part number"), max_length=60)
    normal = models.CharField(max_length=60, editable=False)

    class Meta:
        verbose_name, verbose_name_plural = _("account's part number"), _("accounts' part numbers")
        constraints = [
            models.UniqueConstraint(fields=["account", "product"], name="one_part_number_per_account_and_product")
        ]
        indexes = [models.Index(fields=["account", "normal"], name="part_number_lookup")]

    def __str__(self):
        return self.code

    def save(self, *args, **kwargs):
        self.normal = normal_code(self.code)
        super().save(*args, **kwargs)


class PackagingUnit(models.Model):
    """A pack, carton or pallet of a product, in base units."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="packaging", verbose_name=_("product"))
    name = models.CharField(_("name"), max_length=40)
    quantity = models.PositiveIntegerField(_("base units in it"))
    gtin = models.CharField(_("GTIN"), max_length=14, blank=True)
    weight_kg = models.DecimalField(_("weight in kg"), max_digits=10, decimal_places=3, default=0)
    dimensions_mm = models.CharField(_("length x width x height in mm"), max_length=40, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("packaging unit"), _("packaging units")
        ordering = ["quantity"]
        constraints = [models.UniqueConstraint(fields=["product", "quantity"], name="one_packaging_unit_per_quantity")]

    def __str__(self):
        return f"{self.name} of {self.quantity}"


class ProductDocument(models.Model):
    """A data sheet, safety data sheet, certificate or manual."""

    class Kind(models.TextChoices):
        DATA_SHEET = "data_sheet", _("data sheet")
        SAFETY = "safety", _("safety data sheet")
        CERTIFICATE = "certificate", _("certificate")
        MANUAL = "manual", _("manual")

    product = models.ForeignKey(Product, models.CASCADE, related_name="documents", verbose_name=_("product"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=120)
    language = models.CharField(_("language"), max_length=8, default="en")
    file = models.FileField(_("file"), upload_to="documents/")

    class Meta:
        verbose_name, verbose_name_plural = _("document"), _("documents")

    def __str__(self):
        return self.title


class ProductRelation(models.Model):
    """From one product to another that replaces it, goes with it, or serves it."""

    class Kind(models.TextChoices):
        SUBSTITUTE = "substitute", _("substitute")
        ACCESSORY = "accessory", _("accessory")
        SERVICE = "service", _("service")
        SUCCESSOR = "successor", _("successor")

    product = models.ForeignKey(Product, models.CASCADE, related_name="relations", verbose_name=_("product"))
    other = models.ForeignKey(Product, models.CASCADE, related_name="related_from", verbose_name=_("other product"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    note = models.CharField(_("what differs"), max_length=160, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("relation"), _("relations")
        constraints = [models.UniqueConstraint(fields=["product", "kind", "other"], name="one_relation_of_a_kind")]

    def __str__(self):
        return f"{self.kind}: {self.other}"
