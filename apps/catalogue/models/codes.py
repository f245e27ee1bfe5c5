"""Every code a product is known by: to all, and to one account."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.catalogue.models.products import Product
from apps.catalogue.rules import normal_code


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
