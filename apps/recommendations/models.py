"""What to suggest: an account's regular SKUs with their rhythm, and what its rep picked by hand."""

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
    dismissed_until = models.DateField(_("not suggested until"), null=True, blank=True)

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
