"""What is kept of each account, so that pages over ten thousand of them read one row of each."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


def _count(name: str) -> models.IntegerField:
    return models.IntegerField(name, default=0, db_default=0)


def _money(name: str) -> models.DecimalField:
    """In the house's currency, as exact as its rates."""
    return models.DecimalField(name, max_digits=28, decimal_places=10, default=0, db_default=0)


def _currencies() -> ArrayField:
    """For which no rate is kept: the sum beside it cannot be told."""
    return ArrayField(models.CharField(max_length=3), default=list, editable=False)


class AccountSums(models.Model):
    """What an account ordered, received, said and was invoiced, as of the day in `SumsStand.accounts_on`.

    Of the 90 days until then where nothing else is said, of `_year` the 365; `half` a year is 182. `said` counts the
    answers 0 to 10, then for each driver those who name it: promoters, passives, detractors; `last_score` is the latest
    answer; `asked` and `answered` are the ids of the contacts who were asked and who answered within the year.
    `invoiced` is net of credit notes, in the year and in the one before it, `invoices` counts no credit notes.
    """

    account = models.OneToOneField(
        "accounts.Account", models.CASCADE, primary_key=True, related_name="sums", verbose_name=_("account")
    )
    orders = _count(_("orders"))
    ordered = _money(_("ordered"))
    ordered_in = _currencies()
    orders_year = _count(_("orders in a year"))
    ordered_year = _money(_("ordered in a year"))
    ordered_year_in = _currencies()
    last_order_at = models.DateTimeField(_("last order in a year"), null=True)
    last_on = models.DateField(_("last order in a year and a half"), null=True)
    usual_gap = _count(_("usual days between orders"))
    gaps = _count(_("gaps between orders"))
    deliveries = _count(_("deliveries"))
    late = _count(_("late"))
    short = _count(_("incomplete"))
    damaged = _count(_("damaged"))
    wrong = _count(_("wrong goods or papers"))
    kept = _count(_("kept"))
    deliveries_half = _count(_("deliveries in half a year"))
    failed_half = _count(_("failed in half a year"))
    last_score = models.SmallIntegerField(_("latest answer"), null=True)
    said = ArrayField(models.IntegerField(), default=list, editable=False)
    asked = ArrayField(models.BigIntegerField(), default=list, editable=False)
    answered = ArrayField(models.BigIntegerField(), default=list, editable=False)
    first_invoiced_on = models.DateField(_("first invoice"), null=True)
    invoices_year = _count(_("invoices in a year"))
    invoiced_year = _money(_("invoiced in a year"))
    invoices_before = _count(_("invoices the year before"))
    invoiced_before = _money(_("invoiced the year before"))
    invoiced_in = _currencies()

    class Meta:
        verbose_name, verbose_name_plural = _("sums of an account"), _("sums of accounts")

    def __str__(self):
        return f"{self.account_id}"
