"""When what came through the link of a letter is a person's vote.

Mail gateways open the links of a letter before the person does, or when they press it; some run scripts, and some send
what they find, at once or minutes later.

1. Nobody reads a page and sends it within a second: what does is no vote.
2. A page sends one score. The same page with another one is no vote.
3. A vote counts once nothing against it came within 15 seconds. Several different scores for one question within 15
   seconds, from wherever, contest each other: none of them counts, and whoever comes back is asked again.
4. A page that asks again has seen what came before it was opened: that does not contest what is sent from it. What was
   sent from another such page does, so that a machine that sends them all gets nowhere.
5. No page that a letter opens has a score filled in, not even the one whose link was pressed, nor has one that asks
   again: sending it as it was found says nothing, however long a machine waited. Scripts fill in the one that was
   pressed, and with scripts rule 6 holds.
6. Where scripts run, a hand, a key or an assistive technology must have touched the page: the browser tells that from
   what scripts do. What nothing touched is no vote, however long it waited.
7. For three minutes after a letter was handed over machines are at it. Nothing counts before they are over, and scores
   contest each other throughout; only what was touched is not contested by what was not. A score from a page without
   scripts counts then if it is the one whose link was pressed in the letter, or was chosen on a page that asked again.
8. Every form has a second button that people neither see nor reach. Who presses it presses everything: whatever came
   within 15 seconds of it is contested.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

A_PERSON_TAKES = timedelta(seconds=1)
APART = timedelta(seconds=15)
NEW = timedelta(minutes=3)
REVISABLE_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A score, when its page was opened and when it was sent; whether that page asked again.

    `touches` counts what hands and keys did to the page, None where no scripts ran. `is_new`: its letter was handed
    over less than three minutes before. `is_unsure`: nothing showed a person. No score: the second button.
    """

    score: int | None
    opened_at: datetime
    posted_at: datetime
    is_again: bool = False
    touches: int | None = None
    is_new: bool = False
    is_unsure: bool = False

    @property
    def is_too_fast(self) -> bool:
        return self.posted_at - self.opened_at < A_PERSON_TAKES


def is_new(handed_at: datetime | None, at: datetime) -> bool:
    """Whether the letter was handed over less than three minutes before."""
    return handed_at is not None and timedelta(0) <= at - handed_at < NEW


def is_unsure(one: Attempt, pressed: int | None) -> bool:
    """Whether nothing shows that a person sent it (rules 6 and 7); `pressed` is the score of the link in the letter."""
    if one.touches is not None:
        return one.touches == 0
    return one.is_new and not one.is_again and one.score != pressed


def contested(attempts: Sequence[Attempt]) -> list[bool]:
    """For each attempt whether another one contests it (rules 3, 4, 7 and 8)."""
    return [any(_contests(other, one) for other in attempts if other is not one) for one in attempts]


def _contests(other: Attempt, one: Attempt) -> bool:
    if not _are_close(other, one):
        return False
    if other.score is not None:
        if one.touches and other.is_unsure:
            return False
        if other.score == one.score and not other.is_unsure:
            return False
    return not one.is_again or other.is_again or other.posted_at >= one.opened_at


def _are_close(other: Attempt, one: Attempt) -> bool:
    if abs(other.posted_at - one.posted_at) <= APART:
        return True
    return other.is_new and one.is_new and (bool(other.touches) or not one.touches)


def is_ripe(posted_at: datetime, now: datetime, handed_at: datetime | None = None) -> bool:
    """Whether nothing can come any more that would contest it, its letter handed over at `handed_at`."""
    return now - posted_at > APART and (handed_at is None or now - handed_at >= NEW)


def may_revise(answered_at: datetime, now: datetime) -> bool:
    """Whether who answered may still change it."""
    return now - answered_at < REVISABLE_FOR
