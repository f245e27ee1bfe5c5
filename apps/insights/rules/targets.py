"""How a target is met against the time that has gone.

A period is a calendar quarter or year. The time that has gone counts the day itself; what is done is compared to an
even pace over the days. Below nine tenths of that pace it is behind; so small a difference as a tenth is the weather.

A target stays with its rep when accounts change hands: revenue counts for who looked after the account on the day it
was ordered, whoever does now; on the day of a hand-over that is who takes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

QUARTER, YEAR = "quarter", "year"
_NEARLY = Decimal("0.9")


@dataclass(frozen=True, slots=True)
class Pace:
    """`done` of `target`; both shares are of 1, that of the time at most 1, `state` is ahead, level or behind."""

    target: Decimal
    done: Decimal
    time_gone: Decimal

    @property
    def share(self) -> Decimal:
        return self.done / self.target

    @property
    def missing(self) -> Decimal:
        return max(self.target - self.done, Decimal(0))

    @property
    def state(self) -> str:
        if self.share >= self.time_gone:
            return "ahead"
        return "level" if self.share >= self.time_gone * _NEARLY else "behind"


def period_of(kind: str, day: date) -> tuple[date, date]:
    """The first and last day of the quarter or year that a day is in."""
    if kind == YEAR:
        return date(day.year, 1, 1), date(day.year, 12, 31)
    first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    after = date(first.year + first.month // 10, (first.month + 2) % 12 + 1, 1)
    return first, after - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Change:
    """An account went from a rep, by id, to whoever came after; None for nobody."""

    on: date
    giver: int | None
    taker: int | None


def holder_on(day: date, changes: Sequence[Change], now: int | None) -> int | None:
    """Who looked after an account on a day, of its changes in their order, and who does now."""
    if not changes or day >= changes[-1].on:
        return now
    after = next(change for change in changes if day < change.on)
    return after.giver


def pace_of(target: Decimal, done: Decimal, first: date, last: date, on: date) -> Pace:
    """As of the evening of a day; before the first no time has gone, after the last all of it."""
    whole = (last - first).days + 1
    gone = min(max((on - first).days + 1, 0), whole)
    return Pace(target, done, Decimal(gone) / Decimal(whole))
