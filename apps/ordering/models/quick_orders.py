from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.scoping import AccountOwnedQuerySet


class QuickOrder(models.Model):
    """Codes and quantities that a contact has typed, pasted or uploaded and not yet put into the cart: one a contact.

    `key` is what a page sends with the button that fills the cart; it is another one after each filling. `sent_key` is
    that of the text or file that was read last: sent twice, it is read once.
    """

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    contact = models.OneToOneField(
        "accounts.Contact", models.CASCADE, related_name="quick_order", verbose_name=_("contact")
    )
    key = models.UUIDField(editable=False)
    sent_key = models.CharField(max_length=40, blank=True, editable=False)
    updated_at = models.DateTimeField(_("updated"))

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("quick order"), _("quick orders")
        indexes = [models.Index(fields=["updated_at"], name="quick_order_by_age")]

    def __str__(self):
        return f"quick order of {self.contact_id}"


class QuickOrderLine(models.Model):
    """A line as it was sent: nothing is resolved or priced here. `product` is what its buyer chose among several,
    `place` the ship-to as it was written, or empty."""

    quick_order = models.ForeignKey(QuickOrder, models.CASCADE, related_name="lines", verbose_name=_("quick order"))
    code = models.CharField(_("code"), max_length=120, blank=True)
    quantity = models.CharField(_("quantity"), max_length=40, blank=True)
    place = models.CharField(_("ship-to"), max_length=120, blank=True, default="", db_default="")
    product = models.ForeignKey(
        "catalogue.Product", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("chosen product")
    )

    class Meta:
        verbose_name, verbose_name_plural = _("quick order line"), _("quick order lines")
        ordering = ["id"]

    def __str__(self):
        return f"{self.quantity} {self.code}"
