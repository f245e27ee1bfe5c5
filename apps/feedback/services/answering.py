"""An answer is given once, with the facts of the delivery as they were, and may be changed for a day; or the question
is objected to."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from apps.accounts.models import Consent, Purpose
from apps.accounts.services import demand, object_to
from apps.core.events import record
from apps.core.scoping import SYSTEM, Actor
from apps.feedback import rules
from apps.feedback.errors import AnswerLocked, QuestionClosed, ScoreInvalid
from apps.feedback.models import Answer, AnswerRevision, Invitation
from apps.feedback.rules.votes import may_revise
from apps.fulfilment.selectors import facts_of
from apps.fulfilment.services import freeze_facts

FIRST = 1  # revision of an answer as it was first given; each change of it counts one on
_COMMENT_LENGTH = 4000


@transaction.atomic
def answer(
    invitation: Invitation,
    *,
    score: int,
    drivers: Sequence[str] = (),
    comment: str = "",
    channel: str,
    actor: Actor = SYSTEM,
    now: datetime,
) -> Answer:
    """The answer to a question: the one given now or, where it was answered before, that one unchanged.

    `drivers` are kept in the order in which they were named; `channel` is a value of `Answer.Channel`. In the portal
    nobody answers for somebody else. Raises `ScoreInvalid`, `QuestionClosed`. Records `survey.answered` with answer_id,
    kind, score, band, contact_id and revision (counted from 1); no mail follows to who answered before it was sent.
    """
    if actor is not SYSTEM:
        demand(actor, "survey.answer")
    invitation = _locked(invitation)
    given = Answer.objects.filter(invitation=invitation).first()
    if given is not None:
        return given
    if not isinstance(score, int) or not 0 <= score <= 10:
        raise ScoreInvalid
    if invitation.state not in Invitation.ASKABLE or invitation.expires_at <= now:
        raise QuestionClosed
    given = Answer.objects.create(
        invitation=invitation,
        account_id=invitation.account_id,
        contact_id=invitation.contact_id,
        shipment_id=invitation.shipment_id,
        order_id=getattr(invitation.shipment, "order_id", None),
        score=score,
        drivers=_named(drivers),
        comment=comment.strip()[:_COMMENT_LENGTH],
        channel=channel,
        facts=_facts(invitation, now),
        answered_at=now,
    )
    invitation.state = Invitation.State.ANSWERED
    invitation.save(update_fields=["state"])
    _tell(given, invitation, now)
    return given


def _facts(invitation: Invitation, now: datetime) -> dict:
    """Those that were frozen when it was handed over; frozen now where that was before there were any."""
    freeze_facts([invitation.shipment_id], now=now)
    return facts_of(invitation.shipment)


def _named(drivers: Sequence[str]) -> list[str]:
    return [driver for driver in dict.fromkeys(drivers) if driver in rules.DRIVERS]


def _locked(invitation: Invitation) -> Invitation:
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("shipment__order", "contact")
    return rows.get(pk=invitation.pk)


def _tell(
    given: Answer,
    invitation: Invitation,
    now: datetime,
    *,
    name: str = "survey.answered",
    revision: int = FIRST,
    **more,
) -> None:
    record(
        name,
        invitation.about,
        account_id=invitation.account_id,
        at=now,
        answer_id=given.pk,
        kind=given.kind,
        score=given.score,
        band=rules.nps_band(given.score),
        contact_id=given.contact_id,
        revision=revision,
        contact=invitation.contact.name if invitation.contact else "",
        comment=given.comment[:200],
        **more,
    )


@transaction.atomic
def revise(
    given: Answer,
    *,
    score: int,
    drivers: Sequence[str] = (),
    comment: str = "",
    channel: str,
    actor: Actor = SYSTEM,
    now: datetime,
) -> Answer:
    """The answer as who gave it says now; what it said before is kept. Saying the same again changes nothing.

    Raises `ScoreInvalid`, and `AnswerLocked` once the time to change it is over. Records `survey.revised` with the
    facts of `survey.answered` and old_score.
    """
    if actor is not SYSTEM:
        demand(actor, "survey.answer")
    if not isinstance(score, int) or not 0 <= score <= 10:
        raise ScoreInvalid
    given = Answer.objects.select_for_update(of=("self",)).get(pk=given.pk)
    invitation = _locked(given.invitation)
    said = (score, _named(drivers), comment.strip()[:_COMMENT_LENGTH])
    if said == (given.score, given.drivers, given.comment):
        return given
    if not may_revise(given.answered_at, now):
        raise AnswerLocked
    kept = AnswerRevision.objects.create(
        answer=given,
        number=FIRST + given.revisions.count() + 1,
        old_score=given.score,
        new_score=score,
        old_drivers=given.drivers,
        old_comment=given.comment,
        channel=channel,
        revised_at=now,
    )
    given.score, given.drivers, given.comment = said
    given.save(update_fields=["score", "drivers", "comment"])
    _tell(given, invitation, now, name="survey.revised", revision=kept.number, old_score=kept.old_score)
    return given


@transaction.atomic
def object_to_surveys(invitation: Invitation, *, now: datetime) -> None:
    """The contact does not want to be asked any more: kept with the time, what is planned is cancelled. Safe to repeat.

    What other accounts planned to send to the same address is set aside when it is due. Records `contact.objected`.
    """
    contact = invitation.contact
    if contact is None or not object_to(contact, Purpose.SURVEY, source=Consent.Source.MAIL, now=now):
        return
    waiting = Invitation.objects.filter(contact=contact, state__in=[Invitation.State.PLANNED, Invitation.State.CLAIMED])
    waiting.update(state=Invitation.State.CANCELLED, reason=Invitation.Reason.OBJECTED, rest=None)
    sent = Invitation.objects.filter(contact=contact, state=Invitation.State.SENT)
    sent.update(reminder_due_at=None)
