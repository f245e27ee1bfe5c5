"""How complete the data of products is: what is asked of them, and what they lack."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.catalogue.models import Attribute, Category, Product, ProductDocument


class CompletenessRule(models.Model):
    """Something a product's data should have, and how much that counts beside the rest."""

    class Kind(models.TextChoices):
        NAME = "name", _("name")
        DESCRIPTION = "description", _("description")
        PICTURE = "picture", _("picture")
        ATTRIBUTE = "attribute", _("attribute")
        GTIN = "gtin", _("GTIN")
        WEIGHT = "weight", _("weight")
        PRICE = "price", _("price")
        DOCUMENT = "document", _("document")

    category = models.ForeignKey(
        Category, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("category and all below it"),
        help_text=_("Empty: asked of every product."),
    )  # fmt: skip
    kind = models.CharField(_("what is asked"), max_length=11, choices=Kind.choices)
    attribute = models.ForeignKey(
        Attribute, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("attribute")
    )
    document_kind = models.CharField(
        _("kind of document"), max_length=12, choices=ProductDocument.Kind.choices, blank=True,
        help_text=_("A safety data sheet, for the categories of dangerous goods."),
    )  # fmt: skip
    least = models.PositiveSmallIntegerField(
        _("at least"), default=1, validators=[MinValueValidator(1)],
        help_text=_("Of a name or description: characters. Of pictures: how many."),
    )  # fmt: skip
    weight = models.PositiveSmallIntegerField(
        _("counts"), default=10, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )

    class Meta:
        verbose_name, verbose_name_plural = _("rule of completeness"), _("rules of completeness")
        ordering = ["category__path", "-weight", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="attribute", attribute__isnull=False)
                | (~models.Q(kind="attribute") & models.Q(attribute=None)),
                name="completeness_rule_names_its_attribute",
                violation_error_message=_("Choose an attribute where an attribute is asked, and only there."),
            ),
            models.CheckConstraint(
                condition=models.Q(kind="document") ^ models.Q(document_kind=""),
                name="completeness_rule_names_its_document",
                violation_error_message=_("Choose a kind of document where a document is asked, and only there."),
            ),
        ]

    def __str__(self):
        return self.lacking

    @property
    def lacking(self) -> str:
        """What a product lacks that does not meet it, in a word."""
        if self.kind == self.Kind.ATTRIBUTE:
            return self.attribute.name
        if self.kind == self.Kind.DOCUMENT:
            return str(self.get_document_kind_display())
        return str(self.get_kind_display())


class Completeness(models.Model):
    """How complete a product on sale is, of 100, and which rules it does not meet. Made anew at any time."""

    product = models.OneToOneField(
        Product, models.CASCADE, primary_key=True, related_name="+", verbose_name=_("product")
    )
    score = models.PositiveSmallIntegerField(_("complete"))
    missing = ArrayField(models.BigIntegerField(), verbose_name=_("lacks"))
    urgency = models.BigIntegerField(_("urgency"))

    class Meta:
        verbose_name, verbose_name_plural = _("product to complete"), _("completeness of products")
        indexes = [models.Index(fields=["-urgency", "product"], name="completeness_work")]

    def __str__(self):
        return f"{self.product_id}: {self.score}"
