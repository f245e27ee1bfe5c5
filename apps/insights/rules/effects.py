"""What a failed delivery costs: what the account orders afterwards, against what follows perfect deliveries like it.

1. What follows a delivery: whether the account orders again within its rhythm, and what it orders in the `HORIZON` of
   90 days after the day of delivery, net, in the house's currency.
2. A delivery failed in one way (late, short, damaged, wrong) or in several at once, which is a cause of its own. The
   first failure is counted: one that had another in the 90 days before would be measured twice.
3. Compared are perfect deliveries that no failure of the same account lies within 90 days of, before or after: those of
   the same account; where it has none, those of accounts of the same segment and size in the same quarter. Exact
   matching on these (Stuart 2010, "Matching methods for causal inference", Statistical Science 25:1-21), each failure
   against the mean of its matches: the average effect on those that were affected.
4. The difference is the mean over the matched failures, its 95% interval cluster-robust over the accounts they hit,
   with Student's t (see `feedback.rules.scores` 4 and 5; z_i is here the difference of one failure). That the means of
   the matches are themselves estimates is left out where matches are many; within an account it is in the interval.
5. From `FEWEST` accounts on; an interval that contains 0 shows no difference. Matching takes out what differs between
   accounts and seasons; it cannot take out what makes an account's own deliveries fail just when it orders less.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from apps.core.comparing import Difference
from apps.core.quantiles import t_quantile
from apps.feedback.rules import Voice, clusters_of

HORIZON = 90  # days
FEWEST = 10  # accounts
CAUSES = ("late", "short", "damaged", "wrong", "several")


@dataclass(frozen=True, slots=True)
class Delivered:
    """A delivery and what followed. `like` is what accounts and season are matched by, `day` an ordinal; `cause` one of
    `CAUSES`, empty where it was perfect; `again` whether the next order came within the rhythm (None: it has none)."""

    account: int
    like: str
    day: int
    cause: str
    again: bool | None
    revenue: float


@dataclass(frozen=True, slots=True)
class Effect:
    """What a cause did: how many deliveries it hit, how many of them could be matched (and how many within their own
    account), over how many accounts; the difference in the share that orders again and in revenue, None under ten
    accounts."""

    cause: str
    deliveries: int
    matched: int
    own: int
    accounts: int
    again: Difference | None
    revenue: Difference | None


def cause_of(*, late: bool, short: bool, damaged: bool, wrong: bool) -> str:
    """The cause of a delivery that failed so; empty where it did not."""
    failed = [name for name, so in (("late", late), ("short", short), ("damaged", damaged), ("wrong", wrong)) if so]
    return "several" if len(failed) > 1 else "".join(failed)


def effects_of(deliveries: Sequence[Delivered]) -> list[Effect]:
    """The effect of each cause that occurred, in the order of `CAUSES`."""
    failures = defaultdict(list)
    for one in deliveries:
        if one.cause:
            failures[one.account].append(one.day)
    for days in failures.values():
        days.sort()
    perfect = [one for one in deliveries if not one.cause and not _near(failures[one.account], one.day)]
    own, alike = _means(perfect, "account"), _means(perfect, "like")
    hit = defaultdict(list)
    for one in deliveries:
        if one.cause:
            hit[one.cause].append(one)
    return [_effect(cause, hit[cause], failures, own, alike) for cause in CAUSES if hit[cause]]


@dataclass(slots=True)
class _Mean:
    """Of the matches: how many, their revenue; how many have a rhythm, how many of these ordered again."""

    n: int = 0
    revenue: float = 0.0
    with_rhythm: int = 0
    again: int = 0

    def add(self, one: Delivered) -> None:
        self.n += 1
        self.revenue += one.revenue
        if one.again is not None:
            self.with_rhythm += 1
            self.again += one.again


def _means(perfect: Iterable[Delivered], by: str) -> dict:
    means: dict = defaultdict(_Mean)
    for one in perfect:
        means[getattr(one, by)].add(one)
    return means


def _near(days: Sequence[int], day: int) -> bool:
    """Whether one of the sorted days lies within the horizon of `day`."""
    at = bisect_left(days, day - HORIZON)
    return at < len(days) and days[at] <= day + HORIZON


def _is_first(days: Sequence[int], day: int) -> bool:
    return bisect_left(days, day - HORIZON) == bisect_left(days, day)


def _effect(cause: str, hit: Sequence[Delivered], failures: dict, own: dict, alike: dict) -> Effect:
    revenue, again, within = defaultdict(list), defaultdict(list), 0
    for one in hit:
        if not _is_first(failures[one.account], one.day):
            continue
        matches = own.get(one.account) or alike.get(one.like)
        if matches is None:
            continue
        within += one.account in own
        revenue[one.account].append(one.revenue - matches.revenue / matches.n)
        if one.again is not None and matches.with_rhythm:
            again[one.account].append(one.again - matches.again / matches.with_rhythm)
    return Effect(
        cause=cause,
        deliveries=len(hit),
        matched=sum(map(len, revenue.values())),
        own=within,
        accounts=len(revenue),
        again=_difference(again.values()),
        revenue=_difference(revenue.values()),
    )


def _difference(by_account: Iterable[Sequence[float]]) -> Difference | None:
    clusters = clusters_of(Voice(len(each), sum(each)) for each in by_account)
    if clusters.accounts < FEWEST:
        return None
    mean = clusters.total / clusters.n
    reach = t_quantile(clusters.equal_accounts - 1) * sqrt(clusters.variance)
    return Difference(mean, mean - reach, mean + reach)


def ordered_between(days: Sequence[int], sums: Sequence[float], first: int, last: int) -> float:
    """What was ordered from `first` to `last`, both counted: `days` of orders, sorted, and `sums`, the running total of
    what they came to, beginning with 0."""
    return sums[bisect_right(days, last)] - sums[bisect_left(days, first)]
