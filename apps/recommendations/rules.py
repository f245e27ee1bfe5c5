"""When an account needs a SKU again.

1. What counts is on which days it was ordered: two orders of one day are one occasion.
2. The rhythm is the median of the gaps between occasions, in whole days; three occasions are needed to speak of one.
3. It is due again that many days after the last occasion.
4. The usual quantity is the median of what was ordered on an occasion.
5. What is overdue by more than three rhythms has been given up: it is suggested no more.
6. Two SKUs go together when they are ordered together more often than their own popularity makes likely: the number of
   common orders over the square root of the product of both their orders (cosine).
7. Of what is suggested in one place at most two are of one category, as long as there is something else to suggest.
8. An account usually adds a SKU to others when at least two, and a third, of its latest orders with one of them had it.
9. What does the same is compared by the price of one comparable unit, in the quantity that holds at least as much as is
   wanted; a pack that makes one buy more than three times as much saves nothing.
10. A saving is worth saying from three percent on, in whole percent, rounded down. Of several, a brand of our own comes
   first, then the largest.
11. A product is missing from a range when at least a fifth of the accounts of the segment that ordered within the last
   year on record bought it, and the account did not.
12. A regular SKU runs short when what is free and what comes by the day it is due are together less than is usually
   needed, once those who are due before have taken theirs. It is looked at from a week before the last day on which it
   could still be sourced.
13. A suggestion is often right where a third of those like it came true when that was measured last, sometimes from a
   tenth on, and below that worth a look: an order takes few of what an account orders at all.

The statement in `services.regulars` follow these rules for all accounts at once, and are tested against them.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from math import isqrt
from statistics import median
from typing import TypeVar

T = TypeVar("T")

LEAST_OCCASIONS = 3
GIVEN_UP_AFTER = 3
LEAST_TOGETHER = 2
OF_ONE_CATEGORY = 2
HABIT = 3  # one of so many orders
LEAST_SAVING = 3  # percent
MOST_MORE = 3
GAP_SHARE = 5  # one of so many accounts
NOTICE_DAYS = 7
OFTEN, SOMETIMES = 33, 10  # of 100


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often and how much of a SKU an account orders: whole days, base units."""

    occasions: int
    last_on: date
    gap_days: int
    usual_quantity: int
    due_on: date


def rhythm(bought: Sequence[tuple[date, int]]) -> Rhythm | None:
    """The rhythm in what was ordered on which day, or None where there is none yet."""
    per_day: dict[date, int] = {}
    for on, quantity in bought:
        per_day[on] = per_day.get(on, 0) + quantity
    days = sorted(per_day)
    if len(days) < LEAST_OCCASIONS:
        return None
    gap = _whole(median((later - earlier).days for earlier, later in pairwise(days)))
    return Rhythm(len(days), days[-1], gap, _whole(median(per_day.values())), days[-1] + timedelta(days=gap))


def _whole(value: float) -> int:
    """Half up, at least one."""
    return max(int(value + 0.5), 1)


def is_given_up(due_on: date, gap_days: int, on: date) -> bool:
    """Whether a SKU is overdue for so long that it is no more expected."""
    return (on - due_on).days > GIVEN_UP_AFTER * gap_days


def closeness(together: int, first: int, second: int) -> int:
    """How much two SKUs go together, 0 to 1000: orders with both, against the orders each is in."""
    if together < LEAST_TOGETHER or not first or not second:
        return 0
    return min(1000 * together // max(isqrt(first * second), 1), 1000)


def spread(ranked: Sequence[T], of: Callable[[T], Hashable], limit: int) -> list[T]:
    """The first `limit` of `ranked`, best first, at most two of each `of`; what is left over fills up in its order."""
    seen: Counter[Hashable] = Counter()
    first, rest = [], []
    for each in ranked:
        seen[of(each)] += 1
        (first if seen[of(each)] <= OF_ONE_CATEGORY else rest).append(each)
    return [*first, *rest][:limit]


def how_sure(confidence: int) -> str:
    """often, sometimes or look, for so many of 100 that came true."""
    return "often" if confidence >= OFTEN else "sometimes" if confidence >= SOMETIMES else "look"


def is_habit(together: int, of: int) -> bool:
    """Whether an account usually adds a SKU: it is in `together` of its `of` latest orders with the others."""
    return together >= LEAST_TOGETHER and HABIT * together >= of


@dataclass(frozen=True, slots=True)
class Offer:
    """A product by which as much is had: `quantity` units of `content` comparable units each, `unit_price` a unit."""

    key: int
    quantity: int
    content: Decimal
    unit_price: Decimal | None
    is_own: bool = False

    @property
    def amount(self) -> Decimal:
        """Comparable units in all."""
        return self.quantity * self.content


def best_saving(mine: Offer, others: Iterable[Offer]) -> tuple[Offer, int] | None:
    """The offer that is worth taking instead, with the percent it saves; None where none is."""
    if not mine.unit_price:
        return None
    own = mine.unit_price / mine.content
    saved = [
        (each, int(100 * (own - each.unit_price / each.content) / own))
        for each in others
        if each.unit_price and each.amount <= MOST_MORE * mine.amount
    ]
    worth = [pair for pair in saved if pair[1] >= LEAST_SAVING]
    return min(worth, key=lambda pair: (not pair[0].is_own, -pair[1], pair[0].key), default=None)


def bare_attributes(attributes: Mapping, content: Decimal | None) -> dict:
    """What a product is, apart from how much is in it: attributes that give the content are left out."""
    return {code: value for code, value in attributes.items() if content is None or not _says(value, content)}


def _says(value: object, content: Decimal) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and Decimal(str(value)) == content
