"""The whole journey of a customer in seven touchpoints, each with measures of its own.

1. A measure is a share: of so many (orders, lines, units, invoices, cases) that many. It has a direction: up, where
   more is better, or down. What it counts, and in which month, stands in `selectors.behind`.
2. A month is that of UTC. A measure counts what is decided: what is still under way counts in no month yet.
3. Accounts are the voices: their months are not independent of one another. The variance of a share r = sum h / sum t
   over A accounts is A / (A - 1) * sum over accounts of (h_i - r t_i)^2 / (sum t)^2, that of a ratio (Cochran 1977,
   Sampling Techniques, 3rd ed., section 2.11), as for scores in `feedback.rules.scores`.
4. A change between two periods is shown where its 95% interval leaves out 0. Both are taken as independent, which they
   are not quite, as the same accounts are in both: the interval is too wide rather than too narrow. Student's t has as
   many degrees of freedom as the accounts of equal size that the smaller period is worth, less one.
5. A measure is weak where it is short of its target and gets worse by (4); a touchpoint, where one of its measures is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import sqrt
from typing import NamedTuple

from apps.core.quantiles import t_quantile

UP, DOWN = 1, -1
MONTHS, WINDOW = 12, 3
LEAST_ACCOUNTS = 5.0
_NOTHING = 1e-12


class Measure(NamedTuple):
    """A share: its direction, and the target (percent) while operations have set no other."""

    code: str
    touchpoint: str
    direction: int
    target: float


MEASURES: Mapping[str, Measure] = {
    each.code: each
    for each in (
        Measure("met", "find", UP, 25.0),
        Measure("questions", "find", UP, 90.0),
        Measure("quoted", "price", UP, 90.0),
        Measure("won", "price", UP, 40.0),
        Measure("matched", "price", UP, 50.0),
        Measure("touchless", "order", UP, 80.0),
        Measure("approved", "order", UP, 90.0),
        Measure("changed", "order", DOWN, 5.0),
        Measure("kept", "promise", UP, 95.0),
        Measure("slipped", "promise", DOWN, 5.0),
        Measure("fill", "deliver", UP, 95.0),
        Measure("otif", "deliver", UP, 92.0),
        Measure("perfect", "deliver", UP, 90.0),
        Measure("credited", "invoice", DOWN, 4.0),
        Measure("disputed", "invoice", DOWN, 1.0),
        Measure("paid", "invoice", UP, 85.0),
        Measure("answered", "help", UP, 90.0),
        Measure("reopened", "help", DOWN, 10.0),
        Measure("proven", "help", UP, 60.0),
    )
}
#: Before, during and after the sale; what an answer names (`feedback.rules.DRIVERS`) where it is about a touchpoint.
TOUCHPOINTS = {
    "find": ("before", "range"),
    "price": ("before", "price"),
    "order": ("during", "ease"),
    "promise": ("during", "trust"),
    "deliver": ("during", "delivery"),
    "invoice": ("after", "invoice"),
    "help": ("after", "rep"),
}


class Sums(NamedTuple):
    """What is to know of the accounts of a period: how many, their hits and totals; sums over accounts of the squares
    and of the product of these."""

    accounts: int = 0
    hits: float = 0
    total: float = 0
    hits_hits: float = 0
    hits_total: float = 0
    total_total: float = 0

    @property
    def share(self) -> float | None:
        """None where nothing is counted."""
        return self.hits / self.total if self.total else None

    @property
    def equal_accounts(self) -> float:
        """How many accounts of equal size these are worth."""
        return self.total**2 / self.total_total if self.total_total else 0.0

    @property
    def variance(self) -> float:
        """That of the share (see 3); of two accounts or more."""
        share = self.hits / self.total
        spread = max(0.0, self.hits_hits - 2 * share * self.hits_total + share**2 * self.total_total)
        return self.accounts / (self.accounts - 1) * spread / self.total**2


def sums_of(accounts: Iterable[tuple[float, float]]) -> Sums:
    """The sums of accounts given as (hits, total)."""
    told = [(hits, total) for hits, total in accounts if total]
    return Sums(
        len(told),
        sum(hits for hits, _ in told),
        sum(total for _, total in told),
        sum(hits * hits for hits, _ in told),
        sum(hits * total for hits, total in told),
        sum(total * total for _, total in told),
    )


@dataclass(frozen=True, slots=True)
class Change:
    """From one period to the next in shares, and the ends of its 95% interval."""

    value: float
    low: float
    high: float

    @property
    def is_shown(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.low > _NOTHING or self.high < -_NOTHING


def change_of(before: Sums, now: Sums) -> Change | None:
    """The change of a share (see 4); None where a period is worth fewer than five accounts of equal size."""
    worth = min(before.equal_accounts, now.equal_accounts)
    if worth < LEAST_ACCOUNTS:
        return None
    value = now.share - before.share
    reach = t_quantile(worth - 1) * sqrt(now.variance + before.variance)
    return Change(value, value - reach, value + reach)


def is_met(measure: Measure, share: float, target: float) -> bool:
    """Whether a share reaches its target, both from 0 to 1."""
    return (share - target) * measure.direction >= -_NOTHING


def is_weak(measure: Measure, share: float | None, target: float, change: Change | None) -> bool:
    """Whether it is short of its target and gets worse (see 5)."""
    if share is None or is_met(measure, share, target):
        return False
    return change is not None and change.is_shown and change.value * measure.direction < 0


def first_of(day: date, months_back: int = 0) -> date:
    """The first day of the month so many months before that of `day`."""
    months = day.year * 12 + day.month - 1 - months_back
    return date(months // 12, months % 12 + 1, 1)
