"""When what came through the link of a letter is a person's vote.

Mail gateways open the links of a letter before the person does, some with scripts, and some send the form they find.

1. Nobody reads a page and sends it within a second: what does is no vote.
2. A page sends one score. The same page with another one is no vote.
3. A vote counts once nothing against it came within 15 seconds. Several different scores for one question within 15
   seconds, from wherever, contest each other: none of them counts, and whoever comes back is asked again.
4. A page that asks again has seen what came before it was opened: that does not contest what is sent from it. What was
   sent from another such page does, so that a machine that sends them all gets nowhere.
5. No page that a letter opens has a score filled in, not even the one whose link was pressed, nor has one that asks
   again: sending it as it was found says nothing, however long a machine waited.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

A_PERSON_TAKES = timedelta(seconds=1)
APART = timedelta(seconds=15)
REVISABLE_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A score, when its page was opened and when it was sent; whether that page asked again."""

    score: int
    opened_at: datetime
    posted_at: datetime
    is_again: bool = False

    @property
    def is_too_fast(self) -> bool:
        return self.posted_at - self.opened_at < A_PERSON_TAKES


def contested(attempts: Sequence[Attempt]) -> list[bool]:
    """For each attempt whether another one contests it (rules 3 and 4)."""
    return [any(_contests(other, one) for other in attempts if other is not one) for one in attempts]


def _contests(other: Attempt, one: Attempt) -> bool:
    if other.score == one.score or abs(other.posted_at - one.posted_at) > APART:
        return False
    return not one.is_again or other.is_again or other.posted_at >= one.opened_at


def is_ripe(posted_at: datetime, now: datetime) -> bool:
    """Whether nothing can come any more that would contest it."""
    return now - posted_at > APART


def may_revise(answered_at: datetime, now: datetime) -> bool:
    """Whether who answered may still change it."""
    return now - answered_at < REVISABLE_FOR
