"""What accounts that never answer would probably say, from how their deliveries went.

1. An account's experience is the share of its deliveries of the last half-year that were late, short or damaged: none,
   up to a fifth, more; or it had no delivery.
2. Expected is the NPS of the accounts that answered with the same experience, drawn towards that of all who answered
   as if `PRIOR` answers more had said what all say: (sum + PRIOR * mean) / (n + PRIOR). So few answers move it little
   and many all the way (the estimator of Efron and Morris 1975, Journal of the American Statistical Association
   70:311-319, with the weight of the prior set instead of estimated, so that anybody can reckon it by hand).
3. Nothing is expected from fewer than ten answers of an experience: it is shown with its n, without a score.
4. That who is silent is as content as who answers after the same deliveries cannot be known; the table is a hint whom
   to ask, and no score of theirs.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from apps.feedback.rules import MINIMUM_ANSWERS

EXPERIENCES = ("none", "some", "many", "no_delivery")
PRIOR = 20
_FIFTH = 0.2


def experience(deliveries: int, failed: int) -> str:
    """One of `EXPERIENCES` (see 1)."""
    if not deliveries:
        return "no_delivery"
    if not failed:
        return "none"
    return "some" if failed / deliveries <= _FIFTH else "many"


@dataclass(frozen=True, slots=True)
class Expected:
    """Of an experience: the answers it rests on; the NPS in points as it was given and as it is expected, None under
    ten answers."""

    experience: str
    n: int
    given: float | None
    expected: float | None


def expectations(said: Iterable[tuple[str, int, int]]) -> dict[str, Expected]:
    """Of each experience, from (experience, answers, sum of their values) of accounts."""
    n, total = Counter(), Counter()
    for kind, answers, values in said:
        n[kind] += answers
        total[kind] += values
    everybody = n.total()
    mean = sum(total.values()) / everybody if everybody else 0.0
    return {kind: _expected(kind, n[kind], total[kind], mean) for kind in EXPERIENCES}


def _expected(kind: str, n: int, total: int, mean: float) -> Expected:
    if n < MINIMUM_ANSWERS:
        return Expected(kind, n, None, None)
    return Expected(kind, n, 100 * total / n, 100 * (total + PRIOR * mean) / (n + PRIOR))
