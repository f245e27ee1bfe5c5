"""The catalogue in an order, and narrowed by a day, that only this account has.

Prices and dates are resolved when asked; nothing is worked out for an account beforehand. So:

1. The best `MOST_ARRANGED` hits (most ordered, or best match where words were searched) are asked about at once: two
   statements for prices, two for dates, however many they are. Then they are put in order, equals as they stood; what
   has no price, or no date, stands last.
2. A day narrows what the text, the category and the stock leave, where that is not more; then the counts of brands and
   attributes are right for the day. Else it narrows what all filters leave.
3. Where there are more, the page says of how many the order was made, and that to narrow the list makes it whole. It is
   never passed off as the order of everything.
4. A price for the comparable unit is that of one litre, metre or piece of content; units are not mixed: the unit that
   most of the hits are measured in comes first.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from apps.availability.selectors import promises_for
from apps.catalogue.rules import Ask, orderable_quantity
from apps.catalogue.search import MOST_ARRANGED, Arrange, Query, best_ids
from apps.catalogue.selectors import Node, Sold, how_sold
from apps.delivery.rules import Calendar
from apps.delivery.selectors import arrivals_for
from apps.portal.visit import Visit
from apps.pricing.selectors import agreed_products, unit_prices_for
from apps.recommendations.selectors import demand_of_like

PRICE, UNIT_PRICE, ARRIVAL, ALIKE = "price", "unit_price", "arrival", "alike"
ON_CONTRACT, ARRIVES_BY = "on_contract", "arrives_by"
DAYS = ("1", "3", "5")  # working days from today
_NEVER, _NO_PRICE = date.max, Decimal("Infinity")


def orders_of(visit: Visit) -> tuple[str, ...]:
    """The orders that this account's own prices and dates give; none by price for who may see no prices."""
    return (*((PRICE, UNIT_PRICE) if visit.may("price.read") else ()), ARRIVAL, ALIKE)


def arrange_by(visit: Visit, sort: str) -> Arrange | None:
    """How the hits are put in the order `sort`; None where it is not one of `orders_of`."""
    if sort not in orders_of(visit):
        return None
    key_of = _KEYS[sort]

    def arrange(ids: Sequence[int]) -> Sequence[int]:
        key = key_of(visit, ids)
        return sorted(ids, key=key)

    return arrange


def day_of(visit: Visit, said: str) -> date | None:
    """The day in "3" (of the account's working days from today) or "2026-03-09"; None for what is neither, or past."""
    day = visit.on
    if said in DAYS:
        calendar = Calendar(visit.account.working_days)
        for _ in range(int(said)):
            day = calendar.next_open(day + timedelta(days=1))
        return day
    try:
        day = date.fromisoformat(said)
    except ValueError:
        return None
    return day if day >= visit.on else None


def on_contract(visit: Visit, query: Query) -> Query:
    """The question narrowed to what has a price in a contract, or in a list, that is the account's own."""
    return replace(query, among={**query.among, ON_CONTRACT: agreed_products(visit.actor, visit.on)})


class ThereBy(NamedTuple):
    """A day by which goods are to be there: the earliest day any of them is, and of how many hits that was worked out
    where that was not of all."""

    day: date
    earliest: date | None
    of: int | None


def there_by(visit: Visit, query: Query, day: date, tree: tuple[Node, ...]) -> tuple[Query, ThereBy]:
    """The question narrowed to what arrives by a day."""
    broad = replace(query, brands=(), attributes={})
    ids, total = best_ids(visit.actor, broad, MOST_ARRANGED, tree=tree)
    if total > MOST_ARRANGED and query != broad:
        ids, total = best_ids(visit.actor, query, MOST_ARRANGED, tree=tree)
    arrivals = arrivals_of(visit, ids)
    there = frozenset(id_ for id_, arrives_on in arrivals.items() if arrives_on and arrives_on <= day)
    earliest = min(filter(None, arrivals.values()), default=None)
    found = ThereBy(day, earliest, len(ids) if total > len(ids) else None)
    return replace(query, among={**query.among, ARRIVES_BY: there}), found


def arrivals_of(visit: Visit, ids: Sequence[int]) -> dict[int, date | None]:
    """When the least that can be ordered of each product would be at the buyer's door; three queries."""
    asks = _asks(how_sold(ids))
    promises = promises_for(asks, visit.on)
    return {ask.product_id: day for ask, day in arrivals_for(visit.destination, promises, visit.now).items()}


def _asks(sold: Mapping[int, Sold]) -> list[Ask]:
    return [Ask(id_, orderable_quantity(1, minimum=how.minimum, multiple=how.multiple)) for id_, how in sold.items()]


def _prices(visit: Visit, sold: Mapping[int, Sold]) -> dict[int, Decimal]:
    return {ask.product_id: price for ask, price in unit_prices_for(visit.actor, _asks(sold), visit.on).items()}


def _by_price(visit: Visit, ids: Sequence[int]) -> Callable[[int], object]:
    prices = _prices(visit, how_sold(ids))
    return lambda id_: prices.get(id_, _NO_PRICE)


def _by_unit_price(visit: Visit, ids: Sequence[int]) -> Callable[[int], object]:
    sold = how_sold(ids)
    prices = _prices(visit, sold)
    common = Counter(how.compared_in for how in sold.values())

    def key(id_: int) -> tuple:
        if id_ not in prices:
            return 1, 0, "", _NO_PRICE
        how = sold[id_]
        return 0, -common[how.compared_in], how.compared_in, prices[id_] / (how.content or 1)

    return key


def _by_arrival(visit: Visit, ids: Sequence[int]) -> Callable[[int], object]:
    arrivals = arrivals_of(visit, ids)
    return lambda id_: arrivals.get(id_) or _NEVER


def _by_demand(visit: Visit, ids: Sequence[int]) -> Callable[[int], object]:
    demand = demand_of_like(visit.account, ids)
    return lambda id_: -demand.get(id_, 0)


_KEYS = {PRICE: _by_price, UNIT_PRICE: _by_unit_price, ARRIVAL: _by_arrival, ALIKE: _by_demand}
