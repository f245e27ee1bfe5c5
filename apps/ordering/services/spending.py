"""Whose money an order spends, counted exactly.

1. The cost centre is one of those the contact orders on. Where the account wants one on every order and only one can be
   meant, it is that one; else the order is refused until it is said.
2. What is counted over a period is locked before it is counted: the contact for their limit (the account where nobody
   orders in person), the cost centre for its budget. Who orders at the same time waits, and counts this order as well.
"""

from datetime import datetime
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.accounts.models import Account, Contact
from apps.core.formatting import money
from apps.ordering.errors import BudgetExceeded, CostCentreRefused
from apps.ordering.models import CostCentre
from apps.ordering.selectors.budgets import cost_centres_for
from apps.ordering.selectors.buying import Buying, Limits, buying_of, rules_of


def chosen_cost_centre(account: Account, contact: Contact | None, cost_centre_id: int | None) -> CostCentre | None:
    """The cost centre an order is for, None where the account needs none; `CostCentreRefused`."""
    usable = cost_centres_for(account, contact)
    if cost_centre_id is not None:
        chosen = next((each for each in usable if each.pk == cost_centre_id), None)
        return chosen or _refuse(_("That cost centre is not one of yours: choose another."))
    if not usable or not rules_of(account).needs_cost_centre:
        return None
    return usable[0] if len(usable) == 1 else _refuse(_("Choose the cost centre that this order is for."))


def _refuse(why: str):
    raise CostCentreRefused(why, fields={"cost_centre": [why]})


def counted(
    account: Account, contact: Contact | None, limits: Limits, cost_centre: CostCentre | None, now: datetime, **about
) -> Buying:
    """What decides about the order, with limits and budget locked until the end of the transaction."""
    if limits.per_period:
        rows = Contact.objects.filter(pk=contact.pk) if contact else Account.objects.filter(pk=account.pk)
        list(rows.select_for_update(no_key=True).values_list("pk").order_by("pk"))
    if cost_centre is not None:
        locked = CostCentre.objects.select_for_update(no_key=True, of=("self",)).select_related("account")
        cost_centre = locked.get(pk=cost_centre.pk)
    return buying_of(account, contact, limits, cost_centre=cost_centre, now=now, **about)


def refuse_above_budget(buying: Buying, net: Decimal, currency: str) -> None:
    """Raises `BudgetExceeded` where the budget says that it refuses."""
    if not buying.is_blocked(net):
        return
    words = _("%(cost_centre)s has %(left)s left until %(day)s, and this order comes to %(net)s net.")
    why = words % {
        "cost_centre": buying.budget.cost_centre,
        "left": money(max(buying.budget.left, Decimal(0)), currency),
        "day": date_format(buying.budget.until_on, "j F Y"),
        "net": money(net, currency),
    }
    raise BudgetExceeded(why, fields={"cost_centre": [why]})
