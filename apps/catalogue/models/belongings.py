"""What belongs to a product: packaging, documents, other products."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.catalogue.models.products import Product


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
