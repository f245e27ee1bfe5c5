"""Accounts drawn by lot into two sides, and what is between them: those that got something, and those held out.

1. Who is held out follows from who they are alone, so that it is the same answer for ever; with a greater share those
   held out before still are. Each thing that is tried draws anew.
2. Each account counts once, on the side it was drawn for, also where it did not get the thing after all (intention to
   treat: Hollis and Campbell 1999, "What is meant by intention to treat analysis?", BMJ 319, 670-674). So an effect is
   told too small rather than too large.
3. The difference of two shares has the interval of Newcombe (1998), "Interval estimation for the difference between
   independent proportions", Statistics in Medicine 17, 873-890, method 10: from Wilson's interval (1927) of each share.
4. The difference of two means has the interval of Welch (1947), "The generalization of Student's problem when several
   different population variances are involved", Biometrika 34, 28-35; Student's t is that of `core.quantiles`.
5. An interval that contains 0 shows no difference; fewer than `FEWEST` accounts on a side show nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import sqrt
from statistics import fmean, variance
from typing import NamedTuple

from apps.core.quantiles import Z95, t_quantile

FEWEST = 10


def is_held_out(who: int | str, draw: int, percent: int) -> bool:
    """Whether an account (by its id or number) is among the share that goes without (see 1)."""
    drawn = int.from_bytes(sha256(f"{who}:{draw}".encode()).digest()[:8], "big")
    return drawn * 100 < percent * 2**64


class Difference(NamedTuple):
    """Chosen less held out, and the ends of its 95% interval."""

    value: float
    low: float
    high: float

    @property
    def is_shown(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Arm:
    """Accounts of one side: how many, how many ordered again, what each spent (net, nothing is 0)."""

    accounts: int
    reordered: int
    spent: tuple[float, ...] = ()

    @property
    def rate(self) -> float | None:
        return self.reordered / self.accounts if self.accounts else None

    @property
    def mean(self) -> float | None:
        return fmean(self.spent) if self.spent else None


def wilson(hits: int, of: int, *, z: float = Z95) -> tuple[float, float]:
    """Wilson's score interval of a share."""
    share = hits / of
    middle, spread = share + z * z / (2 * of), z * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return (middle - spread) / (1 + z * z / of), (middle + spread) / (1 + z * z / of)


def difference_of_rates(chosen: Arm, held_out: Arm) -> Difference | None:
    """Of the shares that ordered again (see 3); None where a side is too small (see 5)."""
    if min(chosen.accounts, held_out.accounts) < FEWEST:
        return None
    (p, q), (low_p, high_p), (low_q, high_q) = (
        (chosen.rate, held_out.rate),
        *(wilson(each.reordered, each.accounts) for each in (chosen, held_out)),
    )
    value = p - q
    return Difference(
        value, value - sqrt((p - low_p) ** 2 + (high_q - q) ** 2), value + sqrt((high_p - p) ** 2 + (q - low_q) ** 2)
    )


def difference_of_means(chosen: Sequence[float], held_out: Sequence[float]) -> Difference | None:
    """Of what an account spent (see 4); None where a side is too small (see 5)."""
    if min(len(chosen), len(held_out)) < FEWEST:
        return None
    value = fmean(chosen) - fmean(held_out)
    parts = [(variance(each) / len(each), len(each) - 1) for each in (chosen, held_out)]
    total = sum(part for part, _ in parts)
    if not total:
        return Difference(value, value, value)
    degrees = total**2 / sum(part**2 / freedom for part, freedom in parts)
    reach = t_quantile(degrees) * sqrt(total)
    return Difference(value, value - reach, value + reach)
