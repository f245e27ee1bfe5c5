"""How an account orders.

An account is over its rhythm when more days went by since its last order than four out of five of its own gaps had
(80th percentile); with fewer than three gaps it has no rhythm yet, and after a year without an order it has none any
more.
"""

from dataclasses import dataclass
from datetime import date

GAPS_FOR_A_RHYTHM = 3
LOST_AFTER_DAYS = 365


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How an account orders: its latest order, the 80th percentile of the days between its orders, how many gaps."""

    last_on: date
    usual_gap: int
    gaps: int

    def days_over(self, on: date) -> int:
        """Days beyond the usual gap; 0 or less while it is not over, or has no rhythm."""
        since = (on - self.last_on).days
        if self.gaps < GAPS_FOR_A_RHYTHM or since > LOST_AFTER_DAYS:
            return 0
        return since - self.usual_gap
