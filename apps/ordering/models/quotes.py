from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.scoping import AccountOwnedQuerySet


class Quote(models.Model):
    """A request for better prices, the rep's offer with its validity, and what became of it."""

    class Status(models.TextChoices):
        REQUESTED = "requested", _("waiting for the rep")
        OFFERED = "offered", _("offered")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        EXPIRED = "expired", _("expired")

    number = models.CharField(_("number"), max_length=30, unique=True)
    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="quotes", verbose_name=_("account"))
    contact = models.ForeignKey(
        "accounts.Contact", models.SET_NULL, null=True, related_name="+", verbose_name=_("asked by")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.REQUESTED)
    currency = models.CharField(_("currency"), max_length=3)
    message = models.TextField(_("message"), blank=True)
    answer = models.TextField(_("the rep's answer"), blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    requested_at = models.DateTimeField(_("requested"))
    offered_at = models.DateTimeField(_("offered at"), null=True, blank=True)
    order = models.OneToOneField(
        "ordering.Order", models.SET_NULL, null=True, blank=True, related_name="quote", verbose_name=_("order")
    )

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("quote"), _("quotes")
        ordering = ["-requested_at"]
        indexes = [models.Index(fields=["account", "-requested_at"], name="quote_of_account")]

    def __str__(self):
        return self.number


class QuoteLine(models.Model):
    quote = models.ForeignKey(Quote, models.CASCADE, related_name="lines", verbose_name=_("quote"))
    product = models.ForeignKey("catalogue.Product", models.PROTECT, related_name="+", verbose_name=_("product"))
    quantity = models.PositiveIntegerField(_("quantity"))
    current_price = models.DecimalField(_("price when asked"), max_digits=14, decimal_places=4, null=True, blank=True)
    offered_price = models.DecimalField(_("offered price"), max_digits=14, decimal_places=4, null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("quote line"), _("quote lines")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["quote", "product"], name="one_line_per_product_in_a_quote"),
            models.CheckConstraint(condition=models.Q(quantity__gte=1), name="quote_quantity_positive"),
        ]

    def __str__(self):
        return f"{self.quantity} of {self.product_id}"
