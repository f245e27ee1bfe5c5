"""An offer that fits an account: what may be taken off its usual basket, and what it costs the house.

1. The most that may be taken off is the largest whole percentage, up to what operations allow, after which the usual
   basket still leaves the margin they ask: with p the prices' sum and c the costs', p (1 - x) - c >= m p (1 - x), so
   x <= 1 - c / (p (1 - m)).
2. Products without a cost stand for nothing: neither their price nor their cost counts, and no price of theirs is
   lowered.
3. Why an offer is proposed is a need of the account; a score plays no part in what is offered, in its words or in when
   it begins and ends.
4. The period in which an account gets no other offer is `REST_DAYS` from the first day.
"""

from collections.abc import Iterable
from decimal import ROUND_FLOOR, Decimal
from typing import NamedTuple

from apps.core.money import ZERO, round_amount

REST_DAYS = 180
KINDS = ("discount", "freight", "sample", "slot", "call")
HUNDRED = Decimal(100)


class Usual(NamedTuple):
    """A product of the usual basket: how many a year, what the account pays for one, what one costs."""

    quantity: int
    price: Decimal
    cost: Decimal


def most_percent(basket: Iterable[Usual], *, floor_percent: Decimal, allowed: int) -> int:
    """The most whole percent that may be taken off the basket (see 1); 0 where nothing may or nothing is known."""
    basket = list(basket)
    price = sum((each.quantity * each.price for each in basket), ZERO)
    cost = sum((each.quantity * each.cost for each in basket), ZERO)
    if price <= 0 or floor_percent >= HUNDRED:
        return 0
    room = HUNDRED - cost * HUNDRED * HUNDRED / (price * (HUNDRED - floor_percent))
    return max(min(int(room.to_integral_value(ROUND_FLOOR)), allowed), 0)


def cost_of_discount(usual_order: Decimal, percent: int, currency: str) -> Decimal:
    """What a discount on one usual order costs the house."""
    return round_amount(usual_order * percent / HUNDRED, currency)
