from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PromiseRecord(models.Model):
    """Of a product, or of a category: lines delivered within a year, and how many of them kept the first promise."""

    product = models.OneToOneField("catalogue.Product", models.CASCADE, null=True, related_name="+")
    category = models.OneToOneField("catalogue.Category", models.CASCADE, null=True, related_name="+")
    lines = models.PositiveIntegerField(_("delivered lines"))
    kept = models.PositiveIntegerField(_("kept"))

    class Meta:
        verbose_name, verbose_name_plural = _("promise record"), _("promise records")
        constraints = [
            models.CheckConstraint(
                condition=Q(product=None) ^ Q(category=None), name="promise_record_of_product_or_category"
            ),
            models.CheckConstraint(condition=Q(kept__lte=models.F("lines")), name="never_keep_more_than_promised"),
        ]

    def __str__(self):
        return f"{self.kept} of {self.lines}"
