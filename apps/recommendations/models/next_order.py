"""An account's next order, its regular SKUs, and what runs short before it is needed again."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.scoping import AccountOwnedQuerySet


class RegularSku(models.Model):
    """A SKU an account buys again and again: kept up to date after each order, rebuilt by a command."""

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="regulars", verbose_name=_("account"))
    product = models.ForeignKey("catalogue.Product", models.CASCADE, related_name="+", verbose_name=_("product"))
    times_bought = models.PositiveIntegerField(_("times bought"))
    last_on = models.DateField(_("last bought"))
    gap_days = models.PositiveIntegerField(_("usual days between"))
    usual_quantity = models.PositiveIntegerField(_("usual quantity"))
    due_on = models.DateField(_("due again"))
    # Read by the release before this one alone: what is not suggested is a Dismissal. The next release drops it.
    dismissed_until = models.DateField(_("not suggested until"), null=True, blank=True, editable=False)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("regular SKU"), _("regular SKUs")
        ordering = ["due_on"]
        constraints = [
            models.UniqueConstraint(fields=["account", "product"], name="one_rhythm_per_account_and_product")
        ]
        indexes = [models.Index(fields=["account", "due_on"], name="regular_due")]

    def __str__(self):
        return f"{self.product_id} every {self.gap_days} days"


class NextLine(models.Model):
    """A product the next order of an account is expected to have, the likeliest first: reckoned every night, and anew
    after each order of the account."""

    class Kind(models.TextChoices):
        RHYTHM = "rhythm", _("ordered in a rhythm")
        BOUGHT = "bought", _("ordered before")
        SUCCESSOR = "successor", _("replaces what was ordered")
        ALIKE = "alike", _("ordered by similar accounts")
        SEGMENT = "segment", _("ordered in the segment")

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    product = models.ForeignKey("catalogue.Product", models.CASCADE, related_name="+", verbose_name=_("product"))
    place = models.PositiveSmallIntegerField(_("place"))
    quantity = models.PositiveIntegerField(_("usual quantity"))
    due_on = models.DateField(_("due by its rhythm"), null=True, blank=True)
    expected_on = models.DateField(_("expected"), null=True, blank=True)
    confidence = models.PositiveSmallIntegerField(
        _("of 100 such suggestions ordered"), null=True, blank=True, help_text=_("As measured in the last training.")
    )
    kind = models.CharField(_("reason"), max_length=9, choices=Kind.choices)
    because = models.JSONField(_("facts of the reason"), default=dict)
    others = models.FloatField(_("what other accounts say"), default=0)
    replaces = ArrayField(models.BigIntegerField(), verbose_name=_("products it replaces"), default=list)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("line of a next order"), _("lines of next orders")
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["account", "product"], name="one_next_line_of_a_product")]
        indexes = [models.Index(fields=["account", "place"], name="next_line_place")]

    def __str__(self):
        return f"{self.product_id} next for {self.account_id}"


class Training(models.Model):
    """A night's reckoning of all next orders: what was learnt by it, and what that told of held-out orders."""

    began_at = models.DateTimeField(_("began"))
    took_seconds = models.FloatField(_("took, in seconds"))
    peak_mib = models.PositiveIntegerField(_("most memory of the process, in MiB"))
    accounts = models.PositiveIntegerField(_("accounts"))
    lines = models.PositiveIntegerField(_("order lines read"))
    mix = models.JSONField(_("weights of the parts"))
    bins = models.JSONField(_("lowest score, and the share that was ordered"))
    spread = models.JSONField(_("percentiles of the next gap over the expected one"))
    usual_gap = models.FloatField(_("usual gap, in days"))
    recall = models.FloatField(_("share of held-out orders among the first ten"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("training"), _("trainings")
        ordering = ["-began_at", "-id"]

    def __str__(self):
        return f"{self.began_at:%Y-%m-%d %H:%M}"


class Shortage(models.Model):
    """A regular SKU that will not be there when its account needs it again: reckoned every night, and anew when supply
    changes or the account orders.

    `on_hand` is free today, `is_claimed` says that it would do, were it not that others are expected to need it before.
    `comes_on` is when the next delivery is due (None: none is under way), `ready_on` when all of it is ready if it is
    ordered now.
    """

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    product = models.ForeignKey("catalogue.Product", models.CASCADE, related_name="+", verbose_name=_("product"))
    needed_on = models.DateField(_("needed"))
    quantity = models.PositiveIntegerField(_("usual quantity"))
    on_hand = models.PositiveIntegerField(_("on hand"))
    is_claimed = models.BooleanField(_("expected to go to others before"), default=False)
    comes_on = models.DateField(_("next delivery"), null=True, blank=True)
    ready_on = models.DateField(_("ready if ordered now"))
    substitute = models.ForeignKey(
        "catalogue.Product", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("substitute")
    )
    substitute_on = models.DateField(_("substitute ready"), null=True, blank=True)
    noticed_at = models.DateTimeField(_("noticed"))

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("shortage ahead"), _("shortages ahead")
        ordering = ["needed_on", "id"]
        constraints = [models.UniqueConstraint(fields=["account", "product"], name="one_shortage_of_a_product")]
        indexes = [models.Index(fields=["account", "needed_on"], name="shortage_of_account")]

    def __str__(self):
        return f"{self.quantity} of {self.product_id} on {self.needed_on}"
