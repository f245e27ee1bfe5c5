"""An answer is given once, with the facts of what it is about as they were, and may be changed for a day; or the
question is objected to."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import Consent, Purpose
from apps.accounts.services import demand, object_to
from apps.cases.models import Case
from apps.core.events import record
from apps.core.scoping import SYSTEM, Actor
from apps.feedback import rules
from apps.feedback.errors import AnswerLocked, QuestionClosed, ScoreInvalid
from apps.feedback.models import Answer, AnswerRevision, Invitation, Programme
from apps.feedback.rules.votes import may_revise
from apps.fulfilment.models import DeliveryFact
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
    kind, score, band (of recommending us), contact_id and revision (counted from 1); no mail follows to who answered
    before it was sent.
    """
    if actor is not SYSTEM:
        demand(actor, "survey.answer")
    invitation = _locked(invitation)
    given = Answer.objects.filter(invitation=invitation).first()
    if given is not None:
        return given
    refuse_score(invitation, score)
    if invitation.state not in Invitation.ASKABLE or invitation.expires_at <= now:
        raise QuestionClosed
    given = Answer.objects.create(
        invitation=invitation,
        account_id=invitation.account_id,
        contact_id=invitation.contact_id,
        kind=invitation.programme.scale,
        shipment_id=invitation.shipment_id,
        case_id=invitation.case_id,
        order_id=invitation.order_id or getattr(invitation.shipment, "order_id", None),
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
    """Those that were frozen when it was handed over; frozen now where that was before there were any.

    After a case what it was about, and how many hours it took to answer and to resolve it; {} of an account as a whole,
    and of a delivery that was taken back since it was asked about.
    """
    if invitation.case is not None:
        return facts_of_case(invitation.case)
    if invitation.shipment is None:
        return {}
    freeze_facts([invitation.shipment_id], now=now)
    try:
        return facts_of(invitation.shipment)
    except DeliveryFact.DoesNotExist:
        return {}


def facts_of_case(case: Case) -> dict:
    hours = {"answered": case.answered_at, "resolved": case.resolved_at}
    took = {name: round((at - case.opened_at).total_seconds() / 3600, 1) for name, at in hours.items() if at}
    return {"case": case.number, "cause": case.cause, "hours": took, "is_repeated": case.is_repeated}


def refuse_score(invitation: Invitation, score: object) -> None:
    """Raises `ScoreInvalid`, which names the range, for what is no figure of the question's scale."""
    scale = rules.SCALES[invitation.programme.scale]
    if not scale.takes(score):
        said = _("Choose a number from %(lowest)s to %(highest)s")
        raise ScoreInvalid(said % {"lowest": scale.lowest, "highest": scale.highest})


def _named(drivers: Sequence[str]) -> list[str]:
    return [driver for driver in dict.fromkeys(drivers) if driver in rules.DRIVERS]


def _locked(invitation: Invitation) -> Invitation:
    rows = Invitation.objects.select_for_update(of=("self",)).select_related(
        "shipment__order", "contact", "programme", "case"
    )
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
        **_about(given, invitation),
        contact_id=given.contact_id,
        revision=revision,
        contact=invitation.contact.name if invitation.contact else "",
        comment=given.comment[:200],
        **more,
    )


def _about(given: Answer, invitation: Invitation) -> dict:
    """The band of a score that says whether they recommend us; the kind of what is no delivery."""
    band = {"band": rules.nps_band(given.score)} if given.kind == Answer.Kind.NPS else {}
    kind = invitation.programme.kind
    return band if kind == Programme.Kind.DELIVERY else {**band, "about": kind}


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
    given = Answer.objects.select_for_update(of=("self",)).get(pk=given.pk)
    invitation = _locked(given.invitation)
    refuse_score(invitation, score)
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
