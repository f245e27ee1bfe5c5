"""Votes through the link of a letter: held until it is sure that one person meant one score.

What came is kept before who sent it hears yes. The rules are those of `rules.votes`; a vote that stands becomes the
answer when it is ripe: by the sweep, or when somebody opens the question again before that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from apps.feedback import rules
from apps.feedback.errors import QuestionClosed
from apps.feedback.models import Answer, Invitation, VoteAttempt
from apps.feedback.rules import votes
from apps.feedback.services.answering import answer, refuse_score

State = VoteAttempt.State


@dataclass(frozen=True, slots=True)
class Page:
    """One load of the page of a question: its name, when it was opened, whether it asked again, and the score whose
    link in the letter opened it."""

    name: str
    opened_at: datetime
    is_again: bool = False
    pressed: int | None = None


@transaction.atomic
def vote(
    invitation: Invitation,
    page: Page,
    *,
    score: int,
    drivers: Sequence[str] = (),
    comment: str = "",
    touches: int | None = None,
    now: datetime,
) -> VoteAttempt:
    """Keep a score that came through the link of a letter; its state says what to tell who sent it.

    held: thank them. contested, too_fast, reused, unsure: ask again. late: it was answered before. The same page with
    the same score is the same attempt. `touches` counts what hands and keys did to the page, None where no scripts ran.
    Raises `ScoreInvalid`, `QuestionClosed`.
    """
    refuse_score(invitation, score)
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    known = invitation.attempts.filter(page=page.name, score=score).first()
    if known is not None:
        return known
    settle_vote(invitation, now=now)
    state = _state(invitation, page, score, touches, now)
    if state != State.LATE and (invitation.state not in Invitation.ASKABLE or invitation.expires_at <= now):
        raise QuestionClosed
    made = VoteAttempt.objects.create(
        invitation=invitation,
        page=page.name,
        is_again=page.is_again,
        score=score,
        drivers=[driver for driver in dict.fromkeys(drivers) if driver in rules.DRIVERS],
        comment=comment.strip()[:4000],
        touches=touches,
        state=state,
        opened_at=page.opened_at,
        posted_at=now,
    )
    _judge(invitation, now)
    made.refresh_from_db()
    return made


@transaction.atomic
def press_everything(invitation: Invitation, page: Page, *, now: datetime) -> None:
    """Keep that the button was pressed that people do not see: what else came at that time is contested."""
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    settle_vote(invitation, now=now)
    known = {"page": page.name, "state": State.TRAPPED}
    invitation.attempts.get_or_create(
        **known, defaults={"is_again": page.is_again, "opened_at": page.opened_at, "posted_at": now}
    )
    _judge(invitation, now)


def _state(invitation: Invitation, page: Page, score: int, touches: int | None, now: datetime) -> str:
    if Answer.objects.filter(invitation=invitation).exists():
        return State.LATE
    is_new = votes.is_new(invitation.handed_at, now)
    sent = votes.Attempt(score, page.opened_at, now, page.is_again, touches, is_new)
    if sent.is_too_fast:
        return State.TOO_FAST
    if invitation.attempts.filter(page=page.name).exists():
        return State.REUSED
    return State.UNSURE if votes.is_unsure(sent, page.pressed) else State.HELD


def _judge(invitation: Invitation, now: datetime) -> None:
    """Contest what is held by all that came close to it, whatever that is worth itself."""
    recent = list(invitation.attempts.filter(posted_at__gte=now - votes.NEW - 2 * votes.APART))
    seen = [
        votes.Attempt(
            one.score, one.opened_at, one.posted_at, one.is_again, one.touches,
            is_new=votes.is_new(invitation.handed_at, one.posted_at), is_unsure=one.state == State.UNSURE,
        )
        for one in recent
    ]  # fmt: skip
    against = [one.pk for one, is_contested in zip(recent, votes.contested(seen), strict=True) if is_contested]
    VoteAttempt.objects.filter(pk__in=against, state=State.HELD).update(state=State.CONTESTED)
    again = [one for one in recent if one.state == State.HELD and one.is_again and one.pk not in against]
    if again:  # whoever was asked again has said which one they mean
        earlier = invitation.attempts.filter(state=State.HELD, posted_at__lt=again[-1].posted_at)
        earlier.update(state=State.CONTESTED)


@transaction.atomic
def settle_vote(invitation: Invitation, *, now: datetime) -> Answer | None:
    """The answer to a question: the one it has, or the vote that is ripe by now; None where there is none yet."""
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    given = Answer.objects.filter(invitation=invitation).first()
    held = list(invitation.attempts.filter(state=State.HELD).order_by("posted_at", "pk"))
    ripe = next((one for one in held if votes.is_ripe(one.posted_at, now, invitation.handed_at)), None)
    if given is None and ripe is not None and invitation.state in Invitation.ASKABLE:
        given = answer(
            invitation,
            score=ripe.score,
            drivers=ripe.drivers,
            comment=ripe.comment,
            channel=Answer.Channel.EMAIL,
            now=ripe.posted_at,
        )
        VoteAttempt.objects.filter(pk=ripe.pk).update(state=State.COUNTED)
    if given is not None or invitation.state not in Invitation.ASKABLE:
        invitation.attempts.filter(state=State.HELD).update(state=State.LATE)
    return given


def settle_votes(*, now: datetime, size: int = 200) -> int:
    """Let what is ripe count; how many answers there were. Repeat until 0. Each is a transaction of its own."""
    ripe = VoteAttempt.objects.filter(state=State.HELD, posted_at__lt=now - votes.APART)
    for handed_at in ("sent_at", "reminded_at"):
        ripe = ripe.exclude(**{f"invitation__{handed_at}__gt": now - votes.NEW})
    waiting = list(ripe.order_by("posted_at").values_list("invitation_id", flat=True)[:size])
    asked = Invitation.objects.filter(pk__in=waiting).order_by("pk")
    return sum(settle_vote(invitation, now=now) is not None for invitation in asked)
