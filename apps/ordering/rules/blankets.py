"""How far a blanket order has been called off, and how far it should have been.

1. The pace is even: on each day of the term as much should have been called off as of any other. Of the first day
   nothing is expected yet, after the last day all of it.
2. A line is behind when what is missing to the even pace is more than a tenth of what was agreed: nobody calls off by
   the day. Nothing is behind in the first tenth of the term.
3. At the pace kept so far, called off so much by the last day: what would be left then is what would lapse.
4. The end is told beforehand while something is left: `WARN_DAYS` before it, or in the last fifth of a short term.
"""

from dataclasses import dataclass
from datetime import date, timedelta

TOLERANCE = 10  # a tenth of the agreed quantity, and of the term
WARN_DAYS = 30
DONE, NOT_BEGUN, ON_PACE, BEHIND, OVER = "done", "not_begun", "on_pace", "behind", "over"


@dataclass(frozen=True, slots=True)
class Pace:
    """`expected` is what the even pace asks for, `would_be_left` what is left in the end if it goes on like this."""

    state: str
    expected: int
    missing: int
    would_be_left: int

    @property
    def is_behind(self) -> bool:
        return self.state == BEHIND


def pace(agreed: int, called: int, starts_on: date, ends_on: date, on: date) -> Pace:
    """How a line of a blanket order stands on a day."""
    term, gone = (ends_on - starts_on).days, (on - starts_on).days
    expected = agreed * min(max(gone, 0), term) // term
    missing = max(expected - called, 0)
    would_be_left = agreed - min(called * term // gone, agreed) if 0 < gone < term else agreed - called
    return Pace(_state(agreed, called, term, gone, missing), expected, missing, would_be_left)


def _state(agreed: int, called: int, term: int, gone: int, missing: int) -> str:
    if called >= agreed:
        return DONE
    if gone < 0:
        return NOT_BEGUN
    if gone > term:
        return OVER
    is_early = gone * TOLERANCE <= term
    return BEHIND if missing * TOLERANCE > agreed and not is_early else ON_PACE


def warns_from(starts_on: date, ends_on: date) -> date:
    """The day from which the end is told."""
    return ends_on - timedelta(days=min(WARN_DAYS, (ends_on - starts_on).days // 5))
