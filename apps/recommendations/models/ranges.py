"""What accounts of a kind order, what a range lacks, what the rep picked, and which services go with a category."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.scoping import AccountOwnedQuerySet


class SegmentDemand(models.Model):
    """How many accounts of a segment bought a product in the last year on record, of how many that bought anything;
    only what sells best in it."""

    segment = models.CharField(_("segment"), max_length=40)
    product = models.ForeignKey("catalogue.Product", models.CASCADE, related_name="+", verbose_name=_("product"))
    accounts = models.PositiveIntegerField(_("accounts"))
    of_accounts = models.PositiveIntegerField(_("of accounts"), default=0, db_default=0)

    class Meta:
        verbose_name, verbose_name_plural = _("demand of a segment"), _("demand of segments")
        constraints = [
            models.UniqueConstraint(fields=["segment", "product"], name="one_demand_per_segment_and_product")
        ]

    def __str__(self):
        return f"{self.product_id} in {self.segment}: {self.accounts}"


class RangeGap(models.Model):
    """A product that accounts like this one buy and it does not: reckoned every night, the most usual first."""

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    product = models.ForeignKey("catalogue.Product", models.CASCADE, related_name="+", verbose_name=_("product"))
    beside = models.ForeignKey(
        "catalogue.Product", models.CASCADE, null=True, related_name="+", verbose_name=_("what it buys of the category")
    )
    accounts = models.PositiveIntegerField(_("accounts like it that buy it"))
    of_accounts = models.PositiveIntegerField(_("of accounts"))
    place = models.PositiveSmallIntegerField(_("place"))

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("gap in a range"), _("gaps in ranges")
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["account", "product"], name="one_gap_of_a_product")]

    def __str__(self):
        return f"{self.product_id} missing at {self.account_id}"


class Pick(models.Model):
    """A product the rep chose for an account, with a word why."""

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="picks", verbose_name=_("account"))
    product = models.ForeignKey("catalogue.Product", models.CASCADE, related_name="+", verbose_name=_("product"))
    rep = models.ForeignKey("accounts.Rep", models.SET_NULL, null=True, related_name="+", verbose_name=_("rep"))
    note = models.CharField(_("why"), max_length=160, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    picked_at = models.DateTimeField(_("picked"))

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("pick"), _("picks")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["account", "product"], name="one_pick_per_account_and_product")]

    def __str__(self):
        return f"{self.product_id} for {self.account_id}"


class CategoryService(models.Model):
    """A service that is offered with whatever is ordered of a category or below it."""

    category = models.ForeignKey(
        "catalogue.Category", models.CASCADE, related_name="+", verbose_name=_("category and all below it")
    )
    service = models.ForeignKey(
        "catalogue.Product", models.CASCADE, related_name="+", verbose_name=_("service"),
        limit_choices_to={"kind": "service"},
    )  # fmt: skip
    note = models.CharField(
        _("why"), max_length=160, blank=True, help_text=_("Buyers read it beside the service, as it stands here.")
    )
    is_active = models.BooleanField(_("offered"), default=True)

    class Meta:
        verbose_name, verbose_name_plural = _("service of a category"), _("services of categories")
        ordering = ["category__path", "service__name"]
        constraints = [models.UniqueConstraint(fields=["category", "service"], name="one_offer_of_a_service")]

    def __str__(self):
        return f"{self.service} ({self.category})"
