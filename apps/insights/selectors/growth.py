"""Earned growth, from what accounts ordered in two years."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min

from apps.core.scoping import Actor
from apps.insights import rules
from apps.ordering.models import Order
from apps.ordering.selectors.revenue import LeftOut, revenue_of

_YEAR = timedelta(days=365)
_LATE_BEGIN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Grown:
    """Growth over a year, None where the orders that are kept do not reach back over the year before: since when they
    do; and the accounts it leaves out, because nothing says what their currency is worth."""

    growth: rules.Growth | None
    orders_since: datetime | None
    left_out: LeftOut


def growth_of(actor: Actor, *, now: datetime) -> Grown:
    """Of the accounts the actor may see. Four queries at most."""
    orders = Order.objects.visible_to(actor)
    first = orders.aggregate(first=Min("placed_at"))["first"]
    if first is None or first > now - 2 * _YEAR + _LATE_BEGIN:
        return Grown(None, first, LeftOut())
    this = revenue_of(orders.filter(placed_at__gte=now - _YEAR, placed_at__lt=now))
    last = revenue_of(orders.filter(placed_at__gte=now - 2 * _YEAR, placed_at__lt=now - _YEAR))
    unknown = this.unknown.keys() | last.unknown.keys()
    came = [pk for pk in this.by_account if pk not in last.by_account]
    earlier = orders.filter(account__in=came, placed_at__lt=now - 2 * _YEAR).order_by()
    known_before = set(earlier.values_list("account_id", flat=True).distinct())
    before, current = ({pk: net for pk, net in year.by_account.items() if pk not in unknown} for year in (last, this))
    currencies = {currency for year in (this, last) for each in year.unknown.values() for currency in each}
    grown = rules.growth(before, current, known_before)
    return Grown(grown, first, LeftOut(len(unknown), tuple(sorted(currencies))))
