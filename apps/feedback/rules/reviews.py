"""Reviews of products: who may write one, and what of it is shown.

1. Only who was delivered writes: the account must have received the product at least once.
2. A review is one to five whole stars and a text of 20 to 3,000 characters. One contact has one review of a product; it
   may be written anew, and every version is kept.
3. Every version is checked by a person before it is shown, whatever its stars: the reasons for not showing one are the
   list below, and none of them is the score. Until then the version shown before stays.
4. The figures are of the versions shown: how many, the mean to one place, and how many gave each number of stars.
5. A contact writes at most ten versions within a day.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

STARS = (5, 4, 3, 2, 1)
SHORTEST, LONGEST, LONGEST_TITLE = 20, 3_000, 120
MOST_A_DAY = 10
REASONS = ("off_topic", "personal", "offensive", "confidential", "advertising", "not_about_product")


def review_problems(stars: int | None, title: str, body: str) -> dict[str, str]:
    """What is wrong with a version: field -> missing, too_short or too_long; empty where nothing is."""
    wrong = {}
    if stars not in STARS:
        wrong["stars"] = "missing"
    if len(title) > LONGEST_TITLE:
        wrong["title"] = "too_long"
    if len(body) < SHORTEST:
        wrong["body"] = "too_short"
    elif len(body) > LONGEST:
        wrong["body"] = "too_long"
    return wrong


class Bar(NamedTuple):
    """How many of the reviews gave `stars`, and their share of all."""

    stars: int
    count: int
    share: Decimal


@dataclass(frozen=True, slots=True)
class Rating:
    """`average` is None where there is no review; `bars` go from five stars to one."""

    count: int
    average: Decimal | None
    bars: tuple[Bar, ...]


def rating(counts: Mapping[int, int]) -> Rating:
    """The figures of reviews of which `counts` says how many gave each number of stars."""
    total = sum(counts.values())
    if not total:
        return Rating(0, None, tuple(Bar(stars, 0, Decimal(0)) for stars in STARS))
    mean = Decimal(sum(stars * count for stars, count in counts.items())) / total
    bars = (Bar(stars, counts.get(stars, 0), Decimal(counts.get(stars, 0)) / total) for stars in STARS)
    return Rating(total, mean.quantize(Decimal("0.1"), ROUND_HALF_UP), tuple(bars))
