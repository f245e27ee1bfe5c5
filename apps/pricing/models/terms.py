"""How accounts pay, and the rates of tax and exchange."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.pricing.models.agreements import PriceList


class AccountTerms(models.Model):
    """How an account pays, and how much it owes.

    `exposure` is open orders plus unpaid invoices, gross. It is kept by conditional updates of whoever places an order,
    cancels one or records a payment; nobody computes it on the way.
    """

    account = models.OneToOneField("accounts.Account", models.CASCADE, related_name="terms", verbose_name=_("account"))
    price_list = models.ForeignKey(PriceList, models.PROTECT, null=True, blank=True, verbose_name=_("price list"))
    net_days = models.PositiveSmallIntegerField(_("net days"), default=30)
    discount_percent = models.DecimalField(
        _("early-payment discount in percent"), max_digits=4, decimal_places=2, default=0
    )
    discount_days = models.PositiveSmallIntegerField(_("early-payment days"), default=0)
    credit_limit = models.DecimalField(_("credit limit"), max_digits=14, decimal_places=2, null=True, blank=True)
    exposure = models.DecimalField(_("exposure"), max_digits=14, decimal_places=2, default=0)

    class Meta:
        verbose_name, verbose_name_plural = _("account terms"), _("account terms")
        constraints = [
            models.CheckConstraint(condition=Q(exposure__gte=0), name="exposure_not_negative"),
            models.CheckConstraint(
                condition=Q(credit_limit=None) | Q(credit_limit__gte=0), name="credit_limit_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(discount_percent__gte=0, discount_percent__lte=100), name="discount_is_a_percentage"
            ),
        ]

    def __str__(self):
        return f"{self.net_days} days net"

    @property
    def credit_left(self):
        """What may still be ordered on credit; None where there is no limit."""
        return None if self.credit_limit is None else self.credit_limit - self.exposure


class TaxRate(models.Model):
    """Percent of tax on goods of a class sent to a country, from a date."""

    country = models.CharField(_("country"), max_length=2)
    tax_class = models.CharField(_("tax class"), max_length=12, default="standard")
    percent = models.DecimalField(_("percent"), max_digits=5, decimal_places=2)
    valid_from = models.DateField(_("valid from"))

    class Meta:
        verbose_name, verbose_name_plural = _("tax rate"), _("tax rates")
        constraints = [
            models.UniqueConstraint(fields=["country", "tax_class", "valid_from"], name="one_tax_rate_a_time"),
            models.CheckConstraint(condition=Q(percent__gte=0, percent__lte=100), name="tax_is_a_percentage"),
        ]

    def __str__(self):
        return f"{self.country} {self.tax_class} {self.percent} %"


class ExchangeRate(models.Model):
    """What one unit of a currency is worth in the house's, from a day until the next rate; see `house_rate`."""

    currency = models.CharField(_("currency"), max_length=3, help_text=_("Three letters, such as EUR."))
    rate = models.DecimalField(
        _("rate"),
        max_digits=18,
        decimal_places=8,
        help_text=_("What one unit of it is worth in the currency of the house."),
    )
    valid_from = models.DateField(_("valid from"))

    class Meta:
        verbose_name, verbose_name_plural = _("exchange rate"), _("exchange rates")
        constraints = [
            models.UniqueConstraint(fields=["currency", "valid_from"], name="one_exchange_rate_a_day"),
            models.CheckConstraint(condition=Q(rate__gt=0), name="exchange_rate_positive"),
            models.CheckConstraint(condition=Q(currency__regex="^[A-Z]{3}$"), name="exchange_rate_names_a_currency"),
        ]

    def __str__(self):
        return f"{self.currency} {self.rate.normalize():f}"


class ProductCost(models.Model):
    """What a unit costs the house from a day on; seen by its own people alone."""

    product = models.ForeignKey(
        "catalogue.Product", models.CASCADE, related_name="+", verbose_name=_("product"), db_index=False
    )  # the unique constraint begins with it
    currency = models.CharField(_("currency"), max_length=3, default="GBP")
    unit_cost = models.DecimalField(_("cost of a unit"), max_digits=14, decimal_places=4)
    valid_from = models.DateField(_("valid from"))

    class Meta:
        verbose_name, verbose_name_plural = _("cost of a product"), _("costs of products")
        constraints = [
            models.UniqueConstraint(fields=["product", "currency", "valid_from"], name="one_cost_at_a_time"),
            models.CheckConstraint(condition=Q(unit_cost__gte=0), name="cost_not_negative"),
        ]

    def __str__(self):
        return f"{self.unit_cost} {self.currency}"
