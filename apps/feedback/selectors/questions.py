from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from django.db.models import Exists, OuterRef, Q

from apps.cases.models import Case
from apps.core.scoping import Actor
from apps.feedback.errors import QuestionNotFound
from apps.feedback.models import Answer, Invitation, Programme, VoteAttempt
from apps.fulfilment.models import Shipment

_ABOUT = (
    *("programme", "version", "shipment__order__ship_to", "shipment__destination__ship_to", "shipment__account"),
    *("account", "case", "order"),
)
_WITH = (*_ABOUT, "contact", "account__rep__user", "case__owner__user")
_SHOWN = (
    "state",
    "subject_ref",
    "expires_at",
    "programme__kind",
    "programme__question",
    "version__words",
    "account__name",
    "case__number",
    "case__title",
    "case__resolved_at",
    "order__number",
    "shipment__number",
    "shipment__delivered_at",
    "shipment__order__number",
    "shipment__order__ship_to__time_zone",
    "shipment__destination__ship_to__time_zone",
    "shipment__account__time_zone",
)


def open_questions(actor: Actor, *, now: datetime, limit: int = 10) -> list[Invitation]:
    """What the contact is asked about now, the latest first, whether mailed yet or not. One query.

    Only the contact who was chosen is asked; nobody answers for somebody else. `programme.kind` says what it is about:
    a shipment, a case, an order, or the account as a whole.
    """
    if actor.contact_id is None or actor.acting_for is not None:
        return []
    mine = _open(now).filter(contact_id=actor.contact_id).select_related(None).select_related(*_ABOUT).only(*_SHOWN)
    return list(mine.order_by("-due_at")[:limit])


def questions_for_shipments(actor: Actor, shipment_ids: Iterable[int], *, now: datetime) -> dict[int, Invitation]:
    """Of those deliveries the ones the contact may still answer about: shipment id -> question, which knows its
    shipment and no more. One query."""
    if actor.contact_id is None or actor.acting_for is not None:
        return {}
    mine = _open(now).filter(contact_id=actor.contact_id, shipment_id__in=list(shipment_ids))
    mine = mine.select_related(None).select_related("shipment").only("state", "shipment__number")
    return {invitation.shipment_id: invitation for invitation in mine}


def question_about(actor: Actor, shipment_number: str) -> Invitation:
    """The question about a delivery to the contact who was chosen, open or answered. One query.

    Raises `QuestionNotFound` for absent, not yours and not asked alike.
    """
    asked = Invitation.objects.select_related(*_WITH).exclude(state=Invitation.State.SUPPRESSED)
    found = asked.filter(contact_id=actor.contact_id or 0, shipment__number=shipment_number).first()
    if found is None:
        raise QuestionNotFound
    return found


def question_for(actor: Actor, invitation_id: int) -> Invitation:
    """A question of any kind to the contact who was chosen, open or answered. One query.

    Raises `QuestionNotFound` for absent, not yours and not asked alike.
    """
    asked = Invitation.objects.select_related(*_WITH).exclude(state=Invitation.State.SUPPRESSED)
    found = asked.filter(contact_id=actor.contact_id or 0, pk=invitation_id).first()
    if found is None:
        raise QuestionNotFound
    return found


def question_about_case(actor: Actor, case_id: int, *, now: datetime) -> Invitation | None:
    """How easy it was to have a case put right, where the contact is asked that now. One query."""
    if actor.contact_id is None or actor.acting_for is not None:
        return None
    return _open(now).filter(contact_id=actor.contact_id, case_id=case_id).first()


def effort_of(case_id: int) -> list[Answer]:
    """How easy it was to have a case put right, in the words of who reported it, the latest first. One query."""
    said = Answer.objects.filter(case_id=case_id, kind=Answer.Kind.EFFORT).select_related("contact")
    return list(said.order_by("-answered_at", "-id"))


def invitation_by_token(token: str, *, now: datetime) -> Invitation:
    """The question that the link in an invitation or its reminder opens. One query.

    Raises `QuestionNotFound` for unknown and expired tokens alike; an answered one still opens, to show its answer.
    """
    hashed = sha256(token.encode()).hexdigest()
    sent = Invitation.objects.select_related(*_WITH)
    found = sent.filter(Q(token_hash=hashed) | Q(reminder_token_hash=hashed), expires_at__gt=now).first()
    if found is None or found.state in (Invitation.State.SUPPRESSED, Invitation.State.EXPIRED):
        raise QuestionNotFound
    return found


def ask_of_token(token: str) -> Invitation:
    """The invitation whose letter or reminder held the link, whatever became of it: to stop has no end. One query.

    Raises `QuestionNotFound` for unknown tokens, and where the contact is gone.
    """
    hashed = sha256(token.encode()).hexdigest()
    told = Invitation.objects.select_related(*_WITH).filter(contact__isnull=False)
    found = told.filter(Q(token_hash=hashed) | Q(reminder_token_hash=hashed)).first()
    if found is None:
        raise QuestionNotFound
    return found


def was_sent(token: str) -> bool:
    """Whether a letter or a reminder ever held this token. One query."""
    hashed = sha256(token.encode()).hexdigest()
    return Invitation.objects.filter(Q(token_hash=hashed) | Q(reminder_token_hash=hashed)).exists()


def answer_to(invitation: Invitation) -> Answer | None:
    """The answer a question got. One query."""
    return Answer.objects.filter(invitation=invitation).first()


def votes_of(invitation: Invitation) -> tuple[VoteAttempt | None, list[int]]:
    """(the vote that is held, the scores that contested each other): what the page of an unanswered question tells.

    One query. There are contested scores only where nothing is held.
    """
    state = VoteAttempt.State
    told = [state.HELD, state.CONTESTED, state.UNSURE]
    came = list(VoteAttempt.objects.filter(invitation=invitation, state__in=told))
    held = next((one for one in reversed(came) if one.state == state.HELD), None)
    if held or not any(one.state == state.CONTESTED for one in came):
        return held, []
    return None, sorted({one.score for one in came})


def _open(now: datetime):
    """A question that is due but was not mailed yet is open too: who answers here gets no mail. Nobody is asked while
    a case is open; after a case, while another one of theirs is; or about a delivery that was taken back."""
    askable = Invitation.objects.filter(state__in=Invitation.ASKABLE, due_at__lte=now, expires_at__gt=now)
    cases = Case.objects.unresolved()
    of_account = Exists(cases.filter(account=OuterRef("account")))
    own = Exists(cases.filter(contact=OuterRef("contact")))
    after_case = Q(programme__kind=Programme.Kind.CASE)
    waits = (after_case & Q(own)) | (~after_case & Q(of_account))
    not_received = Q(shipment__isnull=False) & ~Q(shipment__status=Shipment.Status.DELIVERED)
    return askable.exclude(waits | not_received).select_related(*_WITH)
