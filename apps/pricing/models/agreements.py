"""What was agreed: price lists, contracts, quantity breaks, discounts, promotions."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

#: The start of what was agreed for as long as its contract runs.
SINCE_ALWAYS = date(1900, 1, 1)


def _in_force(on):
    return Q(valid_from__lte=on) & (Q(valid_until=None) | Q(valid_until__gte=on))


class DatedQuerySet(models.QuerySet):
    def in_force(self, on):
        """Rows whose validity covers the date `on`, both ends included."""
        return self.filter(_in_force(on))


class PriceList(models.Model):
    """Prices for everybody (the base list), for a group, an account or its tree, or accounts whose terms name it."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=80)
    currency = models.CharField(_("currency"), max_length=3, default="GBP")
    group = models.ForeignKey(
        "accounts.AccountGroup", models.CASCADE, null=True, blank=True, verbose_name=_("for the group")
    )
    account = models.ForeignKey(
        "accounts.Account", models.CASCADE, null=True, blank=True, verbose_name=_("for the account")
    )
    for_tree = models.BooleanField(
        _("and those below it"), default=False, db_default=False, help_text=_("For its subsidiaries as well.")
    )
    is_base = models.BooleanField(_("base list of its currency"), default=False)
    priority = models.SmallIntegerField(
        _("priority"), default=0, db_default=0,
        help_text=_("Of two lists that say the same price, the one of higher priority is named."),
    )  # fmt: skip
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("price list"), _("price lists")
        indexes = [models.Index(fields=["currency"], name="base_price_list", condition=Q(is_base=True))]
        constraints = [
            models.CheckConstraint(
                condition=Q(for_tree=False) | Q(account__isnull=False), name="price_list_for_the_tree_of_an_account"
            )
        ]

    def __str__(self):
        return self.name

    def clean(self):
        if self.for_tree and self.account_id is None:
            raise ValidationError({"account": _("Name the account whose tree the list is for.")})
        if self.is_base and (self.group_id or self.account_id):
            raise ValidationError({"is_base": _("A base list is for everybody: name no group and no account.")})


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
    """Net prices and discounts agreed with an account; they reach its subsidiaries."""

    number = models.CharField(_("number"), max_length=30, unique=True)
    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="contracts", verbose_name=_("account"))
    name = models.CharField(_("name"), max_length=120)
    currency = models.CharField(_("currency"), max_length=3, default="GBP")
    is_exclusive = models.BooleanField(
        _("exclusive"), default=False, help_text=_("Its prices win even where a list is lower.")
    )
    overrides = models.BooleanField(
        _("in place of agreements above"), default=False, db_default=False,
        help_text=_("What it prices is not priced by what was agreed with the accounts above."),
    )  # fmt: skip
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
    valid_from = models.DateField(
        _("valid from"), default=SINCE_ALWAYS, db_default=SINCE_ALWAYS,
        help_text=_("The first of 1900 stands for the start of the contract."),
    )  # fmt: skip
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("contract price"), _("contract prices")
        constraints = [
            models.UniqueConstraint(
                fields=["product", "contract", "min_quantity", "valid_from"],
                name="one_price_per_contract_quantity_and_start",
            ),
            models.CheckConstraint(condition=Q(unit_price__gte=0), name="contract_price_not_negative"),
        ]

    def __str__(self):
        return f"{self.unit_price} from {self.min_quantity}"


class DiscountedPart(models.Model):
    """So many percent off the base list from a quantity on, for a category with all below it, a brand, or both."""

    category = models.ForeignKey(
        "catalogue.Category", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("category")
    )
    brand = models.ForeignKey(
        "catalogue.Brand", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("brand")
    )
    min_quantity = models.PositiveIntegerField(_("from quantity"), default=1)
    percent = models.DecimalField(_("percent off the list"), max_digits=5, decimal_places=2)

    class Meta:
        abstract = True


def _is_percentage(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(percent__gt=0, percent__lte=100, min_quantity__gte=1), name=name)


class ContractDiscount(DiscountedPart):
    """A discount of a contract. Naming neither category nor brand, it is off everything."""

    contract = models.ForeignKey(
        Contract, models.CASCADE, related_name="discounts", verbose_name=_("contract"), db_index=False
    )  # the unique constraint begins with it
    valid_from = models.DateField(_("valid from"), default=SINCE_ALWAYS)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("contract discount"), _("contract discounts")
        constraints = [
            models.UniqueConstraint(
                "contract", Coalesce("category", 0), Coalesce("brand", 0), "min_quantity", "valid_from",
                name="one_discount_per_contract_scope_quantity_and_start",
            ),
            _is_percentage("contract_discount_is_a_percentage"),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.percent} % {self.category or ''} {self.brand or ''}".strip()


class Promotion(DiscountedPart):
    """A percentage off the list for a time: for everybody, a group, or an account and those below it."""

    code = models.CharField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=120, help_text=_("As buyers read it."))
    product = models.ForeignKey(
        "catalogue.Product", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("product")
    )
    group = models.ForeignKey(
        "accounts.AccountGroup", models.CASCADE, null=True, blank=True, verbose_name=_("for the group")
    )
    account = models.ForeignKey(
        "accounts.Account", models.CASCADE, null=True, blank=True, verbose_name=_("for the account and those below")
    )
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"))

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("promotion"), _("promotions")
        indexes = [models.Index(fields=["valid_until", "valid_from"], name="promotions_in_force")]
        constraints = [
            _is_percentage("promotion_is_a_percentage"),
            models.CheckConstraint(
                condition=Q(valid_until__gte=F("valid_from")), name="promotion_ends_after_its_start"
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.name}"
