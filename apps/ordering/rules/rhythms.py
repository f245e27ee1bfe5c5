"""How an account orders.

An account is over its rhythm when more days went by since its last order than four out of five of its own gaps had
(80th percentile); with fewer than three gaps it has no rhythm yet, and after a year without an order it has none any
more. What it did lately tells more of what it will do: a gap counts half for every `HALF_LIFE_DAYS` since it ended.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

GAPS_FOR_A_RHYTHM = 3
LOST_AFTER_DAYS = 365
HALF_LIFE_DAYS = 60
_USUAL = 0.8


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How an account orders: its latest order, the 80th percentile of the days between its orders, how many gaps; the
    days from its first order to its latest; `recent_gaps` and the `recent_days` in them, each counted by its age."""

    last_on: date
    usual_gap: int
    gaps: int
    days: int = 0
    recent_gaps: float = 0.0
    recent_days: float = 0.0

    def days_over(self, on: date) -> int:
        """Days beyond the usual gap; 0 or less while it is not over, or has no rhythm."""
        since = (on - self.last_on).days
        if self.gaps < GAPS_FOR_A_RHYTHM or since > LOST_AFTER_DAYS:
            return 0
        return since - self.usual_gap


def rhythm_of(ordered_on: Iterable[date], on: date) -> Rhythm | None:
    """The rhythm in these days, as of a day not before any of them; None where there are none.

    `selectors.rhythms_of` reckons the same in the database.
    """
    days = sorted(set(ordered_on))
    if not days:
        return None
    gaps = [((later - earlier).days, 0.5 ** ((on - later).days / HALF_LIFE_DAYS)) for earlier, later in pairwise(days)]
    lengths = sorted(gap for gap, _counts in gaps)
    return Rhythm(
        last_on=days[-1],
        usual_gap=lengths[math.ceil(_USUAL * len(lengths)) - 1] if lengths else 0,
        gaps=len(gaps),
        days=(days[-1] - days[0]).days,
        recent_gaps=sum(counts for _gap, counts in gaps),
        recent_days=sum(gap * counts for gap, counts in gaps),
    )
