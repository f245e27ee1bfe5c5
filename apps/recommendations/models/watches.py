"""Contacts who wait for a product."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.scoping import AccountOwnedQuerySet


class Watch(models.Model):
    """A contact who waits for a product: to be back in stock, or to cost less than `below` at the account's price."""

    class Kind(models.TextChoices):
        STOCK = "stock", _("back in stock")
        PRICE = "price", _("a lower price")

    class State(models.TextChoices):
        OPEN = "open", _("watching")
        MET = "met", _("told")
        STOPPED = "stopped", _("stopped")

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    contact = models.ForeignKey("accounts.Contact", models.CASCADE, related_name="+", verbose_name=_("contact"))
    product = models.ForeignKey("catalogue.Product", models.CASCADE, related_name="+", verbose_name=_("product"))
    kind = models.CharField(_("waits for"), max_length=6, choices=Kind.choices)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPEN)
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    below = models.DecimalField(_("below"), max_digits=14, decimal_places=4, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    begun_at = models.DateTimeField(_("since"))
    met_at = models.DateTimeField(_("met"), null=True, blank=True)
    met_price = models.DecimalField(_("price when met"), max_digits=14, decimal_places=4, null=True, blank=True)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("watch"), _("watches")
        ordering = ["-begun_at", "-id"]
        indexes = [
            models.Index(fields=["id"], name="watch_open", condition=models.Q(state="open")),
            models.Index(fields=["contact", "-begun_at"], name="watch_of_contact"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "product", "kind"],
                name="one_open_watch_of_a_kind",
                condition=models.Q(state="open"),
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="price") | models.Q(below__gt=0), name="a_price_watch_has_a_limit"
            ),
        ]

    def __str__(self):
        return f"{self.product_id} for {self.contact_id}"
