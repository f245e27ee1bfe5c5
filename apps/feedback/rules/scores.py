"""What answers say, and how sure that is.

1. An answer of 9 or 10 is a promoter's (+1), 7 or 8 a passive's (0), 0 to 6 a detractor's (-1).
2. NPS = p - d, the mean of these. Variance of one answer: p + d - (p - d)^2.
3. Its interval is the adjusted Wald of Rocks (2016), "Interval Estimation for the Net Promoter Score", The American
   Statistician 70:365-372: three answers are added, 3/4 to the promoters and 3/4 to the detractors, then
   m +/- z sqrt((p' + d' - m^2) / n'), kept within -1 and 1.
4. Several answers of one account are not independent. Where the answers of A accounts are seen together, the variance
   is the cluster-robust A / (A - 1) * sum over accounts of (sum of (z_i - NPS))^2 / n^2.
5. Weighted by revenue: sum(w z) / sum(w); n_eff = (sum w)^2 / sum(w^2) says how many equal voices that is worth.
6. Under ten answers the answers are shown, and no score.

Scores in and out of these functions are shares from -1 to 1; `Nps` carries them as points from -100 to 100.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt

MINIMUM_ANSWERS = 10
Z95 = 1.959964
_ADDED = 3.0
_ADDED_EACH = 0.75


def nps_band(score: int) -> str:
    """ "promoter", "passive" or "detractor" for a score from 0 to 10."""
    if not 0 <= score <= 10:
        raise ValueError(f"no score from 0 to 10: {score}")
    if score >= 9:
        return "promoter"
    return "passive" if score >= 7 else "detractor"


def nps(promoters: int, passives: int, detractors: int) -> float | None:
    """p - d as a share from -1 to 1; None without answers."""
    n = promoters + passives + detractors
    return (promoters - detractors) / n if n else None


def interval(promoters: int, passives: int, detractors: int, *, z: float = Z95) -> tuple[float, float]:
    """The adjusted-Wald interval of the NPS (see 3). Without answers it is everything: (-1, 1)."""
    n = promoters + passives + detractors
    if not n:
        return -1.0, 1.0
    added = n + _ADDED
    p, d = (promoters + _ADDED_EACH) / added, (detractors + _ADDED_EACH) / added
    middle = p - d
    reach = z * sqrt((p + d - middle**2) / added)
    return max(-1.0, middle - reach), min(1.0, middle + reach)


@dataclass(frozen=True, slots=True)
class Voice:
    """What one account said: how many answers, the sum of their values (+1, 0, -1), what it bought in the period."""

    n: int
    total: int
    revenue: Decimal = Decimal(0)


def cluster_interval(voices: Sequence[Voice], *, z: float = Z95) -> tuple[float, float] | None:
    """Interval of the NPS with the variance of (4); None where fewer than two accounts answered."""
    accounts, n = len(voices), sum(voice.n for voice in voices)
    if accounts < 2:
        return None
    mean = sum(voice.total for voice in voices) / n
    spread = sum((voice.total - voice.n * mean) ** 2 for voice in voices)
    reach = z * sqrt(accounts / (accounts - 1) * spread) / n
    return max(-1.0, mean - reach), min(1.0, mean + reach)


def revenue_weighted(voices: Iterable[Voice]) -> tuple[float, float] | None:
    """(NPS weighted by revenue, n_eff) of (5); None where nobody who answered bought anything.

    An account's revenue is shared evenly among its answers.
    """
    total = squares = weighted = 0.0
    for voice in voices:
        weight = float(voice.revenue)
        total += weight
        squares += weight * weight / voice.n
        weighted += weight * voice.total / voice.n
    return (weighted / total, total * total / squares) if total > 0 else None


@dataclass(frozen=True, slots=True)
class Coverage:
    """Whose voice is heard: shares (0 to 1) of revenue, of accounts and of contact roles that answered."""

    revenue: float
    accounts: float
    roles: float


def coverage(
    *,
    revenue_answered: Decimal,
    revenue: Decimal,
    accounts_answered: int,
    accounts: int,
    roles_answered: int,
    roles: int,
) -> Coverage:
    """Shares of what answered among what could; 0 where there is nothing that could."""
    return Coverage(
        revenue=float(revenue_answered / revenue) if revenue > 0 else 0.0,
        accounts=accounts_answered / accounts if accounts else 0.0,
        roles=roles_answered / roles if roles else 0.0,
    )


@dataclass(frozen=True, slots=True)
class Nps:
    """A score to show: counts, points from -100 to 100 (None under ten answers) and the ends of its 95% interval."""

    n: int
    promoters: int
    passives: int
    detractors: int
    score: float | None = None
    low: float | None = None
    high: float | None = None


def summary(promoters: int, passives: int, detractors: int, voices: Sequence[Voice] = ()) -> Nps:
    """The `Nps` of these counts. With the `voices` of several accounts, the wider of both intervals is shown."""
    n = promoters + passives + detractors
    if n < MINIMUM_ANSWERS:
        return Nps(n, promoters, passives, detractors)
    low, high = interval(promoters, passives, detractors)
    robust = cluster_interval(voices) if voices else None
    if robust and robust[1] - robust[0] > high - low:
        low, high = robust
    points = (100 * share for share in (nps(promoters, passives, detractors), low, high))
    return Nps(n, promoters, passives, detractors, *points)


def change_shown(before: Nps, after: Nps) -> float | None:
    """The change from one score to the next in points, where its 95% interval leaves out 0; else None.

    Both are independent; half the width of each interval stands for its 1.96 standard errors.
    """
    if before.score is None or after.score is None:
        return None
    change = after.score - before.score
    reach = sqrt(((after.high - after.low) / 2) ** 2 + ((before.high - before.low) / 2) ** 2)
    return change if abs(change) > reach else None
