"""What an account, a tree of accounts or a group may see and buy of the catalogue."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from apps.catalogue.models.classification import Brand, Category
from apps.catalogue.models.products import Product

SUBJECTS = ("category", "brand", "product")
WHOM = ("account", "tree", "group")


def exactly_one(fields: tuple[str, ...]) -> Q:
    """The condition that one of these foreign keys is set and the others are not."""
    alone = Q()
    for chosen in fields:
        alone |= Q(**{f"{name}__isnull": name != chosen for name in fields})
    return alone


class AssortmentRule(models.Model):
    """One line of an assortment: this part of the catalogue is in it, or out of it, for these accounts.

    How the lines of an account make its assortment is told in `catalogue.rules`.
    """

    class Effect(models.TextChoices):
        INCLUDE = "include", _("include")
        EXCLUDE = "exclude", _("exclude")

    effect = models.CharField(_("effect"), max_length=7, choices=Effect.choices)
    category = models.ForeignKey(
        Category, models.CASCADE, null=True, blank=True, verbose_name=_("category and all below it")
    )
    brand = models.ForeignKey(Brand, models.CASCADE, null=True, blank=True, verbose_name=_("brand"))
    product = models.ForeignKey(Product, models.CASCADE, null=True, blank=True, verbose_name=_("product"))
    account = models.ForeignKey(
        "accounts.Account",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="assortment_rules",
        verbose_name=_("one account"),
    )
    tree = models.ForeignKey(
        "accounts.Account",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="assortment_rules_below",
        verbose_name=_("an account and all below it"),
    )
    group = models.ForeignKey(
        "accounts.AccountGroup", models.CASCADE, null=True, blank=True, verbose_name=_("a group of accounts")
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    note = models.CharField(_("why"), max_length=160, blank=True, help_text=_("For colleagues; no buyer sees it."))

    class Meta:
        verbose_name, verbose_name_plural = _("assortment rule"), _("assortment rules")
        ordering = ["effect", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=exactly_one(SUBJECTS),
                name="assortment_rule_has_one_subject",
                violation_error_message=_("Choose one of category, brand and product."),
            ),
            models.CheckConstraint(
                condition=exactly_one(WHOM),
                name="assortment_rule_is_for_one",
                violation_error_message=_("Choose one of an account, an account and all below it, and a group."),
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="assortment_rule_ends_after_it_starts",
                violation_error_message=_("It cannot end before it starts."),
            ),
            # Written out, since only PostgreSQL 15 and later can take two NULLs for the same.
            models.UniqueConstraint(
                *[Coalesce(name, 0) for name in (*SUBJECTS, *WHOM)],
                Coalesce("valid_from", date.min),
                name="one_assortment_rule_each",
                violation_error_message=_("There is such a rule already: change that one."),
            ),
        ]

    def __str__(self):
        return f"{self.get_effect_display()}: {self.subject} – {self.whom}"

    @property
    def subject(self) -> models.Model:
        """The category, brand or product it is about."""
        return self.category or self.brand or self.product

    @property
    def whom(self) -> models.Model:
        """The account or group it is for."""
        return self.account or self.tree or self.group
