from datetime import datetime

from django.db.models import Case as Choose
from django.db.models import F, Q, When
from django.utils.translation import gettext as _

from apps.cases.errors import CaseNotFound
from apps.cases.models import Case, CaseMessage
from apps.core.keyset import Page, latest_first
from apps.core.scoping import Actor

_WITH = (
    "account",
    "contact",
    "shipment",
    "order",
    "owner__user",
    "stands_in_for__user",
    "proof_shipment",
    "proof_order",
)
_NEXT_DEADLINE = Choose(
    When(answered_at__isnull=False, then=F("resolve_by")),
    When(acknowledged_at__isnull=False, then=F("answer_by")),
    default=F("acknowledge_by"),
)


def case_for(actor: Actor, number: str) -> Case:
    """The case of that number with its account, contact, shipment, order and owner. One query."""
    found = Case.objects.visible_to(actor).select_related(*_WITH).filter(number=number).first()
    if found is None:
        raise CaseNotFound
    return found


def title_for(actor: Actor, case: Case) -> str:
    """The title in the words that `actor` may read: how somebody answered a question is not for their colleagues."""
    if may_read_answer(actor, case):
        return case.title
    if case.shipment is None:
        return _("About a question we asked")
    return _("About delivery %(number)s") % {"number": case.shipment.number}


def messages_of(actor: Actor, case: Case) -> list[CaseMessage]:
    """What was said in a case, oldest first; internal notes only for staff. One query.

    The comment that an answer to a question came with is left out where `title_for` hides the answer.
    """
    messages = case.messages.all()
    if not actor.is_staff:
        messages = messages.filter(is_internal=False)
    if not may_read_answer(actor, case):
        messages = messages.exclude(from_staff=False, written_at=case.opened_at)
    return list(messages)


def may_read_answer(actor: Actor, case: Case) -> bool:
    """Whether what a case began with is for the actor: an answer to a question is for who gave it, and for staff."""
    if case.origin != Case.Origin.SURVEY or actor.is_staff:
        return True
    return case.contact_id is not None and case.contact_id == actor.contact_id


def cases_of(
    actor: Actor,
    *,
    status: str = "",
    account_id: int | None = None,
    shipment_id: int | None = None,
    order_id: int | None = None,
    before: datetime | None = None,
    limit: int = 50,
) -> list[Case]:
    """Cases, newest first; `status` may also be "unresolved"; "resolved" are those proven too. One query."""
    cases = Case.objects.visible_to(actor).select_related(*_WITH)
    if status == "unresolved":
        cases = cases.unresolved()
    elif status == "resolved":
        cases = cases.closed()
    elif status:
        cases = cases.filter(status=status)
    if account_id is not None:
        cases = cases.filter(account_id=account_id)
    if shipment_id is not None:
        cases = cases.filter(shipment_id=shipment_id)
    if order_id is not None:
        cases = cases.filter(order_id=order_id)
    if before is not None:
        cases = cases.filter(opened_at__lt=before)
    return list(cases.order_by("-opened_at", "-id")[:limit])


def cases_opened(
    actor: Actor, *, since: datetime, cause: str = "", after: str | None = None, before: str | None = None
) -> Page[Case]:
    """A page of the cases opened since then, of a cause, newest first. One query."""
    cases = Case.objects.visible_to(actor).select_related(*_WITH).filter(opened_at__gte=since)
    if cause:
        cases = cases.filter(cause=cause)
    return latest_first(cases, "opened_at", after=after, before=before, size=50)


def open_cases(actor: Actor, *, overdue_at: datetime | None = None, limit: int = 200) -> list[Case]:
    """Cases not resolved yet, the one whose next step is owed first first; only those of which a step is overdue by
    then, where asked. One query."""
    cases = Case.objects.visible_to(actor).unresolved().select_related(*_WITH)
    if overdue_at is not None:
        cases = cases.filter(
            Q(acknowledged_at=None, acknowledge_by__lt=overdue_at)
            | Q(answered_at=None, answer_by__lt=overdue_at)
            | Q(resolve_by__lt=overdue_at)
        )
    return list(cases.order_by(_NEXT_DEADLINE, "id")[:limit])
