"""When a standing order comes again, and whether its prices still are what was agreed to.

1. The rhythm is counted from its first day, not from the last order: the 31st stays the last day of a shorter month and
   is the 31st again after it.
2. A date that has passed is made up for once; what else was missed is left out.
3. A line waits for a yes where its price is more than the agreed one and what it may rise by, or where there is none.
   That it has fallen needs nobody's yes.
"""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

WEEK, MONTH = "week", "month"
UPCOMING = 3


def nth(first_on: date, every: int, unit: str, n: int) -> date:
    """The date of the order after `n` turns of the rhythm."""
    if unit == WEEK:
        return first_on + timedelta(weeks=every * n)
    years, month = divmod(first_on.month - 1 + every * n, 12)
    year, month = first_on.year + years, month + 1
    return date(year, month, min(first_on.day, monthrange(year, month)[1]))


def following(first_on: date, every: int, unit: str, after: date) -> date:
    """The first date of the rhythm after `after`."""
    if after < first_on:
        return first_on
    days = 7 * every if unit == WEEK else 28 * every
    n = (after - first_on).days // (days if unit == WEEK else 31 * every)
    while nth(first_on, every, unit, n) <= after:
        n += 1
    return nth(first_on, every, unit, n)


def upcoming(first_on: date, every: int, unit: str, next_on: date, ends_on: date | None) -> tuple[date, ...]:
    """The next dates, the next one first; as many as are worth showing, and none after the end."""
    dates, on = [], next_on
    while len(dates) < UPCOMING and (ends_on is None or on <= ends_on):
        dates.append(on)
        on = following(first_on, every, unit, on)
    return tuple(dates)


def risen(prices: Iterable[tuple[str, Decimal, Decimal | None]], percent: Decimal) -> tuple[str, ...]:
    """Of (SKU, agreed price, price now): the SKUs whose price needs a yes."""
    most = 1 + percent / 100
    return tuple(sku for sku, agreed, now in prices if now is None or now > agreed * most)
