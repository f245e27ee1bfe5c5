"""What customers need and we lack: who told it when, what it is worth, who looks into it and what came of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.catalogue.models import Category, Product
from apps.core.scoping import AccountOwnedQuerySet


class Need(models.Model):
    """Something that accounts look for, and its outcome."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        LOOKED_INTO = "looked_into", _("being looked into")
        IN_RANGE = "in_range", _("in the range now")
        NOT_FOR_US = "not_for_us", _("not for us")

    name = models.CharField(_("need"), max_length=160)
    category = models.ForeignKey(
        Category, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("category")
    )
    owner = models.ForeignKey(
        "accounts.Rep", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    state = models.CharField(_("outcome"), max_length=12, choices=State.choices, default=State.OPEN)
    product = models.ForeignKey(
        Product, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("product that meets it")
    )
    met_on = models.DateField(_("in the range since"), null=True, blank=True)
    reason = models.TextField(_("why not"), blank=True)
    first_on = models.DateField(_("first told"))

    class Meta:
        verbose_name, verbose_name_plural = _("need"), _("needs")
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="in_range", met_on__isnull=False) | (~Q(state="in_range") & Q(met_on=None)),
                name="a_met_need_says_since_when",
            ),
            models.CheckConstraint(condition=~Q(state="not_for_us") | ~Q(reason=""), name="a_refused_need_says_why"),
        ]

    def __str__(self):
        return self.name


class NeedKey(models.Model):
    """What tells the need (`rules.needs.key_of`): one of several once needs were found to be the same."""

    key = models.CharField(_("words"), max_length=160, unique=True)
    need = models.ForeignKey(Need, models.CASCADE, related_name="keys", verbose_name=_("need"))

    class Meta:
        verbose_name, verbose_name_plural = _("words of a need"), _("words of needs")

    def __str__(self):
        return self.key


class NeedMention(models.Model):
    """One time that an account told of a need. What told it (`source`, `source_ref`) tells it once.

    `value` is in the currency of the house, `basis` what it comes from (`rules.needs.BASES`); both empty where nothing
    is known to size it by. `subject` (noun:number) is where it is looked at.
    """

    class Source(models.TextChoices):
        SEARCH = "search", _("search without a result")
        SOURCING = "sourcing", _("asked us to find it")
        QUOTE = "quote", _("lost quote")
        PRICE_MATCH = "price_match", _("price not matched")
        RETURN = "return", _("sent back")
        WISH = "wish", _("told when asked")
        NEXT = "next", _("needed next")
        COMMENT = "comment", _("comment on the range")

    need = models.ForeignKey(Need, models.CASCADE, related_name="mentions", verbose_name=_("need"))
    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    source = models.CharField(_("told by"), max_length=12, choices=Source.choices)
    source_ref = models.BigIntegerField()
    said = models.CharField(_("words"), max_length=300, blank=True)
    subject = models.CharField(max_length=60, blank=True)
    value = models.DecimalField(_("worth"), max_digits=14, decimal_places=2, null=True, blank=True)
    basis = models.CharField(_("by"), max_length=10, blank=True)
    told_on = models.DateField(_("told"))

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("mention of a need"), _("mentions of needs")
        ordering = ["-told_on", "-id"]
        indexes = [
            models.Index(fields=["told_on", "account"], name="need_mentioned_on"),
            models.Index(fields=["need", "-told_on"], name="mention_of_need"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["source", "source_ref"], name="one_mention_per_source"),
            models.CheckConstraint(
                condition=Q(value=None, basis="") | (Q(value__isnull=False, value__gte=0) & ~Q(basis="")),
                name="worth_says_what_it_is_by",
            ),
        ]

    def __str__(self):
        return self.said
