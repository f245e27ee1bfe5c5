"""Which account needs its rep today, and how badly.

1. Each reason has a weight from 0 to 100: what was promised to a customer and is late weighs most, what can wait until
   the end of the week least.
2. A deadline that has passed weighs more with each day, up to a hundred; what is our own wish (an order that does not
   come, a call to make) never outweighs what was promised to somebody.
3. First come the accounts that are owed something: a promise that is late, or somebody who waits for us by now. Inside
   each of the two classes money decides: what is at stake with the account in a year (`rules.lapsing`).
4. Where that is the same, an account is as urgent as its heaviest reason, and a little more with each further one.
5. When an account is over its rhythm, `ordering.rules.rhythms` says.
"""

from collections.abc import Iterable
from datetime import date, datetime

_MOST = 100
_MOST_OF_A_WISH = 60
_EACH_FURTHER = 0.1
_BASE = {
    "detractor": 85,
    "case_due": 60,
    "delivery_late": 70,
    "unanswered": 58,
    "release": 65,
    "no_approver": 65,
    "quote_waiting": 50,
    "rhythm": 40,
    "slip": 45,
    "blanket_behind": 35,
    "call_back": 58,
    "follow_up": 30,
    "quote_follow": 40,
    "credit_near": 35,
    "contract_ending": 30,
    "reorder_due": 25,
    "shortage_ahead": 32,
    "new_contact": 20,
}
_WISHES = frozenset(
    {
        *("rhythm", "blanket_behind", "follow_up", "quote_follow", "credit_near", "contract_ending", "reorder_due"),
        *("new_contact", "shortage_ahead"),
    }
)
_OWED_FROM = 55


def weight(kind: str, days_over: float = 0) -> float:
    """Weight of a reason; `days_over` a deadline (negative before it) moves it by 5 a day, at most 15 down."""
    most = _MOST_OF_A_WISH if kind in _WISHES else _MOST
    return min(most, _BASE[kind] + max(-15.0, 5.0 * days_over))


def urgency(weights: Iterable[float]) -> float:
    """Of an account with reasons of these weights (at least one)."""
    heaviest, *others = sorted(weights, reverse=True)
    return heaviest + _EACH_FURTHER * sum(others)


def is_owed(kind: str, weight: float) -> bool:
    """Whether a reason is something owed to a customer by now, such as a case due within a day."""
    return kind not in _WISHES and weight >= _OWED_FROM


def weekdays_between(earlier: date, later: date) -> int:
    """How many Mondays to Fridays came after the one day up to the other."""
    weeks, rest = divmod(max((later - earlier).days, 0), 7)
    return weeks * 5 + sum((earlier.isoweekday() + day - 1) % 7 < 5 for day in range(1, rest + 1))


def days_between(earlier: datetime, later: datetime) -> float:
    return (later - earlier).total_seconds() / 86_400
