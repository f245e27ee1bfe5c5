"""What belongs to a product: packaging, documents, other products."""

from django.core.files.storage import storages
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.catalogue.models.products import Product, picture_path
from apps.catalogue.rules import normal_code


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


class ProductPicture(models.Model):
    """A further picture of a product; the first is `Product.picture`."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="pictures", verbose_name=_("product"))
    file = models.FileField(_("file"), upload_to=picture_path)
    caption = models.CharField(_("what it shows"), max_length=120)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name, verbose_name_plural = _("picture"), _("pictures")
        ordering = ["position", "id"]

    def __str__(self):
        return self.caption


class ProductClassification(models.Model):
    """Where a system of classes puts a product: UNSPSC, ECLASS-9.0, ETIM-8, with the code as the system writes it."""

    product = models.ForeignKey(
        Product, models.CASCADE, related_name="classifications", verbose_name=_("product"), db_index=False
    )  # the unique constraint begins with it
    system = models.CharField(_("system"), max_length=40)
    code = models.CharField(_("class"), max_length=60)

    class Meta:
        verbose_name, verbose_name_plural = _("classification"), _("classifications")
        ordering = ["system"]
        constraints = [models.UniqueConstraint(fields=["product", "system"], name="one_class_per_system")]
        indexes = [models.Index(fields=["system", "code"], name="products_of_a_class")]

    def __str__(self):
        return f"{self.system} {self.code}"


def document_storage():
    """Below no web server's root: who asks for a document is asked what they may see."""
    return storages["documents"]


class ProductDocument(models.Model):
    """A version of a data sheet, safety data sheet, certificate or manual; with a lot, the certificate of that lot."""

    class Kind(models.TextChoices):
        DATA_SHEET = "data_sheet", _("data sheet")
        SAFETY = "safety", _("safety data sheet")
        CERTIFICATE = "certificate", _("certificate")
        MANUAL = "manual", _("manual")

    product = models.ForeignKey(Product, models.CASCADE, related_name="documents", verbose_name=_("product"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=120)
    language = models.CharField(_("language"), max_length=8, default="en")
    file = models.FileField(_("file"), upload_to="documents/", storage=document_storage)
    version = models.CharField(_("version"), max_length=20, blank=True)
    issued_on = models.DateField(_("issued"), null=True, blank=True)
    lot = models.CharField(_("lot"), max_length=40, blank=True, help_text=_("For a certificate of one lot alone."))
    lot_normal = models.CharField(max_length=60, blank=True, editable=False)

    class Meta:
        verbose_name, verbose_name_plural = _("document"), _("documents")
        indexes = [
            models.Index(
                fields=["product", "lot_normal"],
                name="certificate_by_lot",
                opclasses=["int8_ops", "varchar_pattern_ops"],
                condition=~models.Q(lot_normal=""),
            ),
            models.Index(fields=["file"], name="products_of_a_document"),
        ]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        self.lot_normal = normal_code(self.lot) if self.lot else ""
        super().save(*args, **kwargs)


class ProductRelation(models.Model):
    """From one product to another that replaces it, goes with it, serves it, or is a part of it."""

    class Kind(models.TextChoices):
        SUBSTITUTE = "substitute", _("substitute")
        ACCESSORY = "accessory", _("accessory")
        SERVICE = "service", _("service")
        SUCCESSOR = "successor", _("successor")
        SPARE_PART = "spare_part", _("spare part")
        COMPONENT = "component", _("component of the kit")

    product = models.ForeignKey(Product, models.CASCADE, related_name="relations", verbose_name=_("product"))
    other = models.ForeignKey(Product, models.CASCADE, related_name="related_from", verbose_name=_("other product"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    note = models.CharField(_("what differs"), max_length=160, blank=True)
    quantity = models.PositiveIntegerField(
        _("quantity"),
        default=1,
        validators=[MinValueValidator(1)],
        help_text=_("Of a component or spare part: how many are in one."),
    )

    class Meta:
        verbose_name, verbose_name_plural = _("relation"), _("relations")
        constraints = [models.UniqueConstraint(fields=["product", "kind", "other"], name="one_relation_of_a_kind")]

    def __str__(self):
        return f"{self.kind}: {self.other}"
