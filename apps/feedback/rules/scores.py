"""What answers say, and how sure that is.

1. An answer of 9 or 10 is a promoter's (+1), 7 or 8 a passive's (0), 0 to 6 a detractor's (-1).
2. NPS = p - d, the mean of these. Variance of one answer: p + d - (p - d)^2.
3. Its interval is the adjusted Wald of Rocks (2016), "Interval Estimation for the Net Promoter Score", The American
   Statistician 70:365-372: three answers are added, 3/4 to the promoters and 3/4 to the detractors, then
   m +/- z sqrt((p' + d' - m^2) / n'), kept within -1 and 1.
4. Several answers of one account are not independent. Where the answers of A accounts are seen together, the variance
   is the cluster-robust A / (A - 1) * sum over accounts of (sum of (z_i - NPS))^2 / n^2 (Liang and Zeger 1986,
   Biometrika 73:13-22). Over that of (2) by n - 1 it is the design effect; n by the design effect is how many
   independent answers they are worth, and the interval is that of (3) for so many.
5. Where the design effect is above 1, z gives way to the quantile of Student's t with A* - 1 degrees of freedom. A* is
   n^2 / sum over accounts of n_a^2, the number of accounts of equal size they are worth (after Carter, Schnepel and
   Steigerwald 2017, Review of Economics and Statistics 99:698-709). Where all agree, the answers are worth A* of them.
6. Weighted by revenue: sum(w z) / sum(w); n_eff = (sum w)^2 / sum(w^2) says how many equal voices that is worth.
7. Under ten answers the answers are shown, and no score.

Scores in and out of these functions are shares from -1 to 1; `Nps` carries them as points from -100 to 100.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt
from typing import NamedTuple

from apps.core.quantiles import Z95, t_quantile

MINIMUM_ANSWERS = 10
_ADDED = 3.0
_ADDED_EACH = 0.75
_ROUNDING = 1e-9


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


def interval(
    promoters: float, passives: float, detractors: float, *, z: float = Z95, worth: float | None = None
) -> tuple[float, float]:
    """The adjusted-Wald interval of the NPS (see 3). Without answers it is everything: (-1, 1).

    `worth` says how many independent answers they are worth, where that is fewer than there are.
    """
    n = promoters + passives + detractors
    if not n:
        return -1.0, 1.0
    each = (n if worth is None else worth) / n
    added = each * n + _ADDED
    p, d = (each * promoters + _ADDED_EACH) / added, (each * detractors + _ADDED_EACH) / added
    middle = p - d
    reach = z * sqrt((p + d - middle**2) / added)
    return max(-1.0, middle - reach), min(1.0, middle + reach)


@dataclass(frozen=True, slots=True)
class Voice:
    """What one account said: how many answers, the sum of their values (+1, 0, -1), what it bought in the period."""

    n: int
    total: int
    revenue: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Clusters:
    """What is to know of the answers of accounts seen together: how many accounts, their answers, the sum of values;
    sums over accounts of n_a^2, of n_a times its sum of values, of that sum squared."""

    accounts: int
    n: int
    total: int
    n_n: int
    n_total: int
    total_total: int

    @property
    def equal_accounts(self) -> float:
        """A* of (5)."""
        return self.n**2 / self.n_n

    @property
    def variance(self) -> float:
        """That of the NPS, cluster-robust (4); for two accounts or more."""
        mean = self.total / self.n
        spread = max(0.0, self.total_total - 2 * mean * self.n_total + mean**2 * self.n_n)
        return self.accounts / (self.accounts - 1) * spread / self.n**2


def clusters_of(voices: Iterable[Voice]) -> Clusters:
    """The accounts that said something, seen together."""
    said = [(voice.n, voice.total) for voice in voices if voice.n]
    return Clusters(
        accounts=len(said),
        n=sum(n for n, _ in said),
        total=sum(total for _, total in said),
        n_n=sum(n * n for n, _ in said),
        n_total=sum(n * total for n, total in said),
        total_total=sum(total * total for _, total in said),
    )


def cluster_interval(promoters: int, passives: int, detractors: int, clusters: Clusters) -> tuple[float, float]:
    """The interval of these answers given by these accounts (4 and 5); that of (3) where one account gave them all."""
    n = promoters + passives + detractors
    if clusters.accounts < 2:
        return interval(promoters, passives, detractors)
    alone = (promoters + detractors) / n - (clusters.total / n) ** 2
    if not alone:
        return interval(promoters, passives, detractors, worth=clusters.equal_accounts)
    design_effect = clusters.variance * (n - 1) / alone
    if design_effect <= 1 + _ROUNDING:
        return interval(promoters, passives, detractors)
    z = t_quantile(clusters.equal_accounts - 1)
    return interval(promoters, passives, detractors, z=z, worth=n / design_effect)


class Weights(NamedTuple):
    """Sums over accounts, for (6): of their revenue, of it squared over their answers, of it times their mean."""

    revenue: float
    squares: float
    values: float

    @property
    def weighted(self) -> tuple[float, float] | None:
        """(NPS weighted by revenue, n_eff) of (6); None where nobody who answered bought anything."""
        return (self.values / self.revenue, self.revenue**2 / self.squares) if self.revenue > 0 else None


def revenue_weighted(voices: Iterable[Voice]) -> tuple[float, float] | None:
    """The same of accounts one by one. An account's revenue is shared evenly among its answers."""
    total = squares = values = 0.0
    for voice in voices:
        weight = float(voice.revenue)
        total += weight
        squares += weight * weight / voice.n
        values += weight * voice.total / voice.n
    return Weights(total, squares, values).weighted


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


def summary(promoters: int, passives: int, detractors: int, voices: Iterable[Voice] | Clusters = ()) -> Nps:
    """The `Nps` of these counts. The `voices` of the accounts that gave them make its interval cluster-robust."""
    n = promoters + passives + detractors
    if n < MINIMUM_ANSWERS:
        return Nps(n, promoters, passives, detractors)
    clusters = voices if isinstance(voices, Clusters) else clusters_of(voices)
    low, high = cluster_interval(promoters, passives, detractors, clusters)
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
