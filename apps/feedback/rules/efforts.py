"""How easy it was to have something put right: the mean of answers from 1 to 7, with its interval.

The 95% interval is that of Student's t: mean +- t(n - 1) * s / sqrt(n), within the scale. Under ten answers there is
none: chance alone would move it.
"""

from dataclasses import dataclass
from math import sqrt

from apps.core.quantiles import t_quantile

LEAST_ANSWERS = 10
HARDEST, EASIEST = 1.0, 7.0


@dataclass(frozen=True, slots=True)
class Effort:
    """So many answers; their mean and the ends of its interval, None under ten."""

    n: int
    mean: float | None = None
    low: float | None = None
    high: float | None = None


def effort(n: int, mean: float | None, deviation: float | None) -> Effort:
    """Of `n` answers, their mean and the standard deviation of the sample."""
    if n < LEAST_ANSWERS or mean is None or deviation is None:
        return Effort(n)
    reach = t_quantile(n - 1) * deviation / sqrt(n)
    return Effort(n, mean, max(HARDEST, mean - reach), min(EASIEST, mean + reach))
