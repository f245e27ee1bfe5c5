from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.scoping import AccountOwnedQuerySet


class Cart(models.Model):
    """What a contact is about to order for an account: one open cart a contact."""

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    contact = models.OneToOneField("accounts.Contact", models.CASCADE, related_name="cart", verbose_name=_("contact"))
    coupon = models.CharField(_("code"), max_length=30, blank=True, default="", db_default="")
    checkout_key = models.UUIDField(null=True, editable=False)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("cart"), _("carts")

    def __str__(self):
        return f"cart of {self.contact_id}"


class CartLine(models.Model):
    """A SKU and a quantity in base units; prices are asked when shown, never kept here.

    `shown_price` is the unit price the buyer last saw: where it has changed since, they are told before they order.
    """

    cart = models.ForeignKey(Cart, models.CASCADE, related_name="lines", verbose_name=_("cart"))
    product = models.ForeignKey("catalogue.Product", models.CASCADE, related_name="+", verbose_name=_("product"))
    quantity = models.PositiveIntegerField(_("quantity"))
    shown_price = models.DecimalField(_("price shown"), max_digits=14, decimal_places=4, null=True, blank=True)
    note = models.CharField(_("note"), max_length=120, blank=True)
    blanket_line = models.ForeignKey(
        "ordering.BlanketLine",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("called off from"),
    )

    class Meta:
        verbose_name, verbose_name_plural = _("cart line"), _("cart lines")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["cart", "product"], name="one_line_per_product_in_a_cart"),
            models.CheckConstraint(condition=models.Q(quantity__gte=1), name="cart_quantity_positive"),
        ]

    def __str__(self):
        return f"{self.quantity} of {self.product_id}"


class CartSplit(models.Model):
    """So many of a cart line go to a ship-to of their own; without a quantity, all that go nowhere else."""

    line = models.ForeignKey(CartLine, models.CASCADE, related_name="splits", verbose_name=_("cart line"))
    ship_to = models.ForeignKey("accounts.ShipTo", models.CASCADE, related_name="+", verbose_name=_("ship-to"))
    quantity = models.PositiveIntegerField(_("quantity"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("split of a cart line"), _("splits of cart lines")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["line", "ship_to"], name="one_split_per_cart_line_and_ship_to"),
            models.UniqueConstraint(
                fields=["line"], name="one_rest_per_cart_line", condition=models.Q(quantity__isnull=True)
            ),
            models.CheckConstraint(
                condition=models.Q(quantity=None) | models.Q(quantity__gte=1), name="a_split_is_not_empty"
            ),
        ]

    def __str__(self):
        return f"{self.quantity} to {self.ship_to_id}"
