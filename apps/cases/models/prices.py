"""Lines of orders that were charged too much, as the house found them itself."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.scoping import AccountOwnedQuerySet


class WrongPrice(models.Model):
    """One line is found once; its case tells the customer. Without a case it waits for one."""

    class Because(models.TextChoices):
        AGREED = "agreed", _("dearer than agreed")
        UNDONE = "undone", _("from prices that were taken back")

    line = models.OneToOneField(
        "ordering.OrderLine", models.CASCADE, related_name="wrong_price", verbose_name=_("line")
    )
    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    case = models.ForeignKey(
        "cases.Case", models.SET_NULL, null=True, blank=True, related_name="wrong_prices", verbose_name=_("case")
    )
    because = models.CharField(_("because"), max_length=8, choices=Because.choices)
    right_price = models.DecimalField(_("right unit price"), max_digits=14, decimal_places=4)
    too_much = models.DecimalField(_("charged too much, net"), max_digits=14, decimal_places=2)
    found_at = models.DateTimeField(_("found"))

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("wrong price"), _("wrong prices")
        ordering = ["-found_at", "-id"]
        indexes = [models.Index(fields=["account"], name="wrong_price_without_case", condition=Q(case=None))]
        constraints = [models.CheckConstraint(condition=Q(too_much__gt=0), name="wrong_price_costs_something")]

    def __str__(self):
        return str(self.line)
