from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import OuterRef, Subquery

from apps.accounts.services import demand
from apps.cases import rules
from apps.cases.errors import CaseResolved, GapLeft, NotAnsweredYet, ResolutionIncomplete
from apps.cases.models import Case, CaseMessage
from apps.cases.selectors.service_levels import service_of
from apps.cases.services.files import Sent, attach, judged
from apps.cases.services.opening import refuse_message
from apps.core.events import record
from apps.core.scoping import SYSTEM, Actor
from apps.ordering.selectors import rhythms_of

_TWICE_WITHIN = timedelta(minutes=10)


@transaction.atomic
def acknowledge(actor: Actor, case: Case, *, now: datetime) -> Case:
    """Say that somebody is at it; a second time changes nothing. Records `case.acknowledged`."""
    demand(actor, "case.work")
    case = _locked(case)
    if case.acknowledged_at is None:
        case.acknowledged_at = now
        if case.status == Case.Status.OPEN:
            case.status = Case.Status.ACKNOWLEDGED
        case.escalated = 0
        case.save(update_fields=["acknowledged_at", "status", "escalated"])
        _record("case.acknowledged", case, actor, now)
    return case


@transaction.atomic
def answer_case(actor: Actor, case: Case, *, body: str, files: Sent = (), now: datetime) -> CaseMessage:
    """Answer the customer; the message is mailed after the commit. Records `case.answered`.

    Here as in what follows, `files` are (name, content); `AttachmentRefused` where one cannot be kept. `GapLeft` where
    words that were put in still have a gap.
    """
    demand(actor, "case.work")
    if rules.MISSING in body:
        raise GapLeft
    case = _locked(case)
    if not case.is_open:
        raise CaseResolved
    message = _say(case, actor, body, now, files, from_staff=True)
    case.acknowledged_at = case.acknowledged_at or now
    case.answered_at = case.answered_at or now
    case.status, case.escalated = Case.Status.ANSWERED, 0
    case.save(update_fields=["acknowledged_at", "answered_at", "status", "escalated"])
    _record("case.answered", case, actor, now, message_id=message.pk)
    return message


@transaction.atomic
def reply_to_case(actor: Actor, case: Case, *, body: str, files: Sent = (), now: datetime) -> CaseMessage:
    """The customer writes again; an answered case waits for an answer once more, by a new date.

    A resolved one is opened again, with deadlines as of a new one; one that was merged goes on in the other. Sent twice
    within ten minutes in the same words, it is said once. Records `case.replied` or `case.reopened`, after which the
    owner is told.
    """
    demand(actor, "case.open")
    case = _locked(case)
    while case.merged_into_id is not None:
        case = _locked(case.merged_into)
    if (said := _said_just_now(case, actor, body, files, now)) is not None:
        return said
    message = _say(case, actor, body, now, files, from_staff=False)
    if not case.is_open:
        reopen(case, now)
        _record("case.reopened", case, actor, now, message_id=message.pk)
        return message
    if case.status == Case.Status.ANSWERED:
        case.status, case.answered_at, case.escalated = Case.Status.ACKNOWLEDGED, None, 0
        case.answer_by = service_of(case.account, now=now).deadlines(now).answer_by
        case.save(update_fields=["status", "answered_at", "answer_by", "escalated"])
    _record("case.replied", case, actor, now, message_id=message.pk)
    return message


def _said_just_now(case: Case, actor: Actor, body: str, files: Sent, now: datetime) -> CaseMessage | None:
    """The last word where it is the same of the same person, with as many files: a button pressed twice."""
    last = case.messages.filter(is_internal=False).last()
    if last is None or last.from_staff or now - last.written_at > _TWICE_WITHIN or last.author_name != actor.name:
        return None
    is_same = last.body == "\n".join(body.splitlines()).strip() and case.is_open
    return last if is_same and last.files.count() == len(files) else None


def reopen(case: Case, now: datetime) -> None:
    """Open a locked case again, with deadlines as of a new one; what was done stays until it is resolved anew."""
    due = service_of(case.account, now=now).deadlines(now)
    case.acknowledge_by, case.answer_by, case.resolve_by = due.acknowledge_by, due.answer_by, due.resolve_by
    case.acknowledged_at = case.answered_at = case.resolved_at = None
    case.status, case.escalated, case.reopened_at = Case.Status.OPEN, 0, now
    case.awaits_proof, case.order_due_on = False, None
    case.verified_at = case.proof_shipment = case.proof_order = None
    case.save()


@transaction.atomic
def add_note(actor: Actor, case: Case, *, body: str, files: Sent = (), now: datetime) -> CaseMessage:
    """Write down something that stays with staff. Records `case.noted`."""
    demand(actor, "case.work")
    note = _say(case, actor, body, now, files, from_staff=True, is_internal=True)
    _record("case.noted", case, actor, now)
    return note


def note_once(case: Case, body: str, *, now: datetime) -> None:
    """Write down by itself what stays with staff, where the case goes on; the same words stand there once."""
    case = continued(case)
    if not case.messages.filter(body=body, is_internal=True).exists():
        case.messages.create(body=body, is_internal=True, author_name=SYSTEM.name, from_staff=True, written_at=now)


def continued(case: Case) -> Case:
    """The case that this one was merged into, and that one's; else itself."""
    while case.merged_into is not None:
        case = case.merged_into
    return case


@transaction.atomic
def resolve_case(actor: Actor, case: Case, *, resolution: str, cause: str, now: datetime) -> Case:
    """Close a case with what was done and what caused it, after the customer was answered. Records `case.resolved`."""
    demand(actor, "case.work")
    case = _locked(case)
    if not case.is_open:
        raise CaseResolved
    if case.answered_at is None:
        raise NotAnsweredYet
    if not resolution.strip() or cause not in Case.Cause.values:
        raise ResolutionIncomplete
    case.status, case.resolved_at = Case.Status.RESOLVED, now
    case.resolution, case.cause = resolution.strip(), cause
    case.awaits_proof = case.owes_proof
    if case.awaits_proof:
        rhythm = rhythms_of([case.account_id], now=now).get(case.account_id)
        case.order_due_on = rules.order_due_on(rhythm, now.astimezone(UTC).date())
    case.save(update_fields=["status", "resolved_at", "resolution", "cause", "awaits_proof", "order_due_on"])
    _record("case.resolved", case, actor, now, cause=cause, resolution=case.resolution[:200])
    return case


def escalate(*, now: datetime, size: int = 200) -> int:
    """Tell of each open case that has used up half, four fifths or all of its time, once a step; how many were told.

    So many at a time, each lot in a transaction of its own. Records `case.escalated` with the step in per cent.
    """
    told, last = 0, 0
    while last is not None:
        more, last = _escalate_some(after=last, now=now, size=size)
        told += more
    return told


@transaction.atomic
def _escalate_some(*, after: int, now: datetime, size: int) -> tuple[int, int | None]:
    """(how many were told, the id to go on after; None at the end)."""
    said = CaseMessage.objects.filter(case=OuterRef("pk"), from_staff=False).order_by("-written_at")
    waiting = Case.objects.select_for_update(skip_locked=True, of=("self",)).unresolved()
    waiting = waiting.filter(pk__gt=after, escalated__lt=rules.ESCALATE_AT[-1]).order_by("pk")
    page = list(waiting.annotate(last_said_at=Subquery(said.values("written_at")[:1]))[:size])
    told = sum(_escalate_one(case, now) for case in page)
    return told, page[-1].pk if len(page) == size else None


def _escalate_one(case: Case, now: datetime) -> bool:
    step = rules.escalation_due(_waits_since(case), case.next_deadline, now)
    if step <= case.escalated:
        return False
    case.escalated = step
    case.save(update_fields=["escalated"])
    _record("case.escalated", case, SYSTEM, now, step=step, due=case.next_deadline.isoformat())
    return True


def _waits_since(case: Case) -> datetime:
    """An answer is owed since the customer last wrote; everything else since the case was opened, the last time."""
    owes_answer = case.acknowledged_at is not None and case.answered_at is None
    return (owes_answer and case.last_said_at) or case.reopened_at or case.opened_at


def _locked(case: Case) -> Case:
    return Case.objects.select_for_update().get(pk=case.pk)


def _say(case, actor, body, now, files: Sent = (), *, from_staff, is_internal=False) -> CaseMessage:
    body = "\n".join(body.splitlines())  # a browser ends each line with two characters, and counts one
    refuse_message(body)
    kept = judged(files)
    message = CaseMessage.objects.create(
        case=case,
        author_name=actor.name,
        from_staff=from_staff,
        is_internal=is_internal,
        body=body.strip(),
        written_at=now,
    )
    attach(message, kept, now=now)
    return message


def _record(name: str, case: Case, actor: Actor, now: datetime, **facts) -> None:
    record(name, f"case:{case.number}", account_id=case.account_id, actor=actor, at=now, title=case.title, **facts)
