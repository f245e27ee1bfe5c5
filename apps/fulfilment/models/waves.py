"""How goods get out of a warehouse: what is picked together, where it lies, what waits for the rest of its order."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Wave(models.Model):
    """Shipments of a warehouse that were released to be picked together."""

    warehouse = models.ForeignKey(
        "availability.Warehouse", models.PROTECT, related_name="waves", verbose_name=_("warehouse")
    )
    released_at = models.DateTimeField(_("released"))
    released_by = models.CharField(_("released by"), max_length=120)

    class Meta:
        verbose_name, verbose_name_plural = _("wave"), _("waves")
        ordering = ["-released_at", "-id"]

    def __str__(self):
        return self.number

    @property
    def number(self) -> str:
        """The name people call it by."""
        return f"W-{self.pk}"


class PickLocation(models.Model):
    """Where a product lies in a warehouse; pick lists follow the locations in their order."""

    warehouse = models.ForeignKey(
        "availability.Warehouse", models.CASCADE, related_name="+", verbose_name=_("warehouse")
    )
    product = models.ForeignKey(
        "catalogue.Product", models.CASCADE, related_name="+", verbose_name=_("product"), db_index=False
    )  # the unique constraint begins with it
    location = models.CharField(_("location"), max_length=20)

    class Meta:
        verbose_name, verbose_name_plural = _("pick location"), _("pick locations")
        constraints = [models.UniqueConstraint(fields=["product", "warehouse"], name="one_pick_location_per_warehouse")]

    def __str__(self):
        return self.location


class ShippingChoice(models.Model):
    """Whether what goes to each ship-to of an order waits until all of it is ready; None is as it was ordered.

    `apart` are the positions of those whose parts leave as they are available all the same; 0 is the order's own.
    """

    order = models.OneToOneField(
        "ordering.Order", models.CASCADE, related_name="shipping_choice", verbose_name=_("order")
    )
    together = models.BooleanField(_("everything together"), null=True)
    apart = models.JSONField(
        _("ship-tos served in parts"), default=list, blank=True, db_default=models.Value([], models.JSONField())
    )

    class Meta:
        verbose_name, verbose_name_plural = _("shipping choice"), _("shipping choices")

    def __str__(self):
        return f"{self.order_id}"
