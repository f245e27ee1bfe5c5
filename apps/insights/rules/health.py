"""How an account is, from 0 to 100: of parts that each say what they saw.

The score is the mean of the parts that are known, by these weights. They were set by hand, to say what a rep would act
on first, and nothing was fitted to data:

- rhythm 25: the chance that an order comes within `lapsing.AHEAD_DAYS`.
- service 20: the share of its lines that came on time and in full within a year.
- growth 15: what it ordered within a year against the year before; 50 where it is the same, 0 at half, 100 at one and
  a half.
- voice 15: the mean of its answers from 0 to 10 within a year.
- cases 10: 100 without an open case; an open one takes 20, one past its deadline 40.
- payment 10: the share of what it owes that is not overdue.
- breadth 5: the categories it buys of those that accounts like it usually buy.

A part of which nothing is known is left out and said to be. Below `LEAST_KNOWN` parts there is no score: an account
without a history is neither well nor ill.
"""

from collections.abc import Mapping
from dataclasses import dataclass

WEIGHTS = {"rhythm": 25, "service": 20, "growth": 15, "voice": 15, "cases": 10, "payment": 10, "breadth": 5}
LEAST_KNOWN = 3
WELL, ILL = 70, 45
_OPEN, _OVERDUE = 20, 40


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an account's health: what it comes to from 0 to 100, None where nothing is known."""

    name: str
    score: int | None

    @property
    def weight(self) -> int:
        return WEIGHTS[self.name]


@dataclass(frozen=True, slots=True)
class Health:
    """`score` is None where too little is known; the parts stand by weight."""

    score: int | None
    parts: tuple[Part, ...]

    @property
    def tone(self) -> str:
        if self.score is None:
            return ""
        return "ok" if self.score >= WELL else "warn" if self.score >= ILL else "bad"


def health_of(shares: Mapping[str, float | None]) -> Health:
    """From the parts, each as a share from 0 to 1; one that is None or missing is not known."""
    parts = tuple(Part(name, _points(shares.get(name))) for name in WEIGHTS)
    known = [part for part in parts if part.score is not None]
    if len(known) < LEAST_KNOWN:
        return Health(None, parts)
    return Health(round(sum(part.score * part.weight for part in known) / sum(part.weight for part in known)), parts)


def _points(share: float | None) -> int | None:
    return None if share is None else round(100 * min(max(share, 0.0), 1.0))


def growth_share(this_year: float, year_before: float) -> float | None:
    """None where there was nothing to grow from."""
    return None if year_before <= 0 else this_year / year_before - 0.5


def cases_share(open_cases: int, overdue: int) -> float:
    """`overdue` of the open ones are past a deadline."""
    return 1 - (_OPEN * (open_cases - overdue) + _OVERDUE * overdue) / 100
