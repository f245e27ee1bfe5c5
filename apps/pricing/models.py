"""What was agreed: price lists, contracts, quantity breaks, terms, tax rates."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


def _in_force(on):
    return Q(valid_from__lte=on) & (Q(valid_until=None) | Q(valid_until__gte=on))


class DatedQuerySet(models.QuerySet):
    def in_force(self, on):
        """Rows whose validity covers the date `on`, both ends included."""
        return self.filter(_in_force(on))


class PriceList(models.Model):
    """Prices for everybody (the base list), for a group of accounts, or for accounts whose terms name it."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=80)
    currency = models.CharField(_("currency"), max_length=3, default="GBP")
    group = models.ForeignKey(
        "accounts.AccountGroup", models.CASCADE, null=True, blank=True, verbose_name=_("for the group")
    )
    is_base = models.BooleanField(_("base list of its currency"), default=False)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("price list"), _("price lists")
        indexes = [models.Index(fields=["currency"], name="base_price_list", condition=Q(is_base=True))]

    def __str__(self):
        return self.name


class Price(models.Model):
    """A unit price on a list from a quantity on."""

    price_list = models.ForeignKey(PriceList, models.CASCADE, related_name="prices", verbose_name=_("price list"))
    product = models.ForeignKey(
        "catalogue.Product", models.CASCADE, related_name="+", verbose_name=_("product"), db_index=False
    )  # the unique constraint begins with it
    min_quantity = models.PositiveIntegerField(_("from quantity"), default=1)
    unit_price = models.DecimalField(_("unit price"), max_digits=14, decimal_places=4)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    version = models.BigIntegerField(
        _("version"), default=0, db_default=0, editable=False,
        help_text=_("Of the message that said so last; older ones are ignored."),
    )  # fmt: skip

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("price"), _("prices")
        constraints = [
            models.UniqueConstraint(
                fields=["product", "price_list", "min_quantity", "valid_from"],
                name="one_price_per_list_quantity_and_start",
            ),
            models.CheckConstraint(condition=Q(unit_price__gte=0), name="price_not_negative"),
            models.CheckConstraint(condition=Q(min_quantity__gte=1), name="price_from_one"),
        ]

    def __str__(self):
        return f"{self.unit_price} from {self.min_quantity}"


class Contract(models.Model):
    """Net prices agreed with an account; they reach its subsidiaries."""

    number = models.CharField(_("number"), max_length=30, unique=True)
    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="contracts", verbose_name=_("account"))
    name = models.CharField(_("name"), max_length=120)
    currency = models.CharField(_("currency"), max_length=3, default="GBP")
    is_exclusive = models.BooleanField(
        _("exclusive"), default=False, help_text=_("Its prices win even where a list is lower.")
    )
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("contract"), _("contracts")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="contract_ends_after_it_starts",
            )
        ]

    def __str__(self):
        return f"{self.number} {self.name}"


class ContractPrice(models.Model):
    """A net price of a contract from a quantity on."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="prices", verbose_name=_("contract"))
    product = models.ForeignKey(
        "catalogue.Product", models.CASCADE, related_name="+", verbose_name=_("product"), db_index=False
    )  # the unique constraint begins with it
    min_quantity = models.PositiveIntegerField(_("from quantity"), default=1)
    unit_price = models.DecimalField(_("unit price"), max_digits=14, decimal_places=4)

    class Meta:
        verbose_name, verbose_name_plural = _("contract price"), _("contract prices")
        constraints = [
            models.UniqueConstraint(
                fields=["product", "contract", "min_quantity"], name="one_price_per_contract_and_quantity"
            ),
            models.CheckConstraint(condition=Q(unit_price__gte=0), name="contract_price_not_negative"),
        ]

    def __str__(self):
        return f"{self.unit_price} from {self.min_quantity}"


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
