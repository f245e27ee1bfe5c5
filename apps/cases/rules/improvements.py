"""Whether an improvement did something: cases of its cause per hundred deliveries, before it and since it is done.

1. Before: the ninety days up to its beginning. After: the ninety days from the day it was done, as far as they went by.
2. A rate is told with what it was counted from, and none of fewer than ten deliveries.
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

PERIOD = timedelta(days=90)
LEAST_DELIVERIES = 10


@dataclass(frozen=True, slots=True)
class Measure:
    """Cases of a cause, how many of them detractors opened, and the deliveries of the same days."""

    cases: int
    detractors: int
    deliveries: int

    @property
    def rate(self) -> Decimal | None:
        """Cases per hundred deliveries, to one place; None of too few."""
        if self.deliveries < LEAST_DELIVERIES:
            return None
        return (Decimal(100 * self.cases) / self.deliveries).quantize(Decimal("0.1"))
