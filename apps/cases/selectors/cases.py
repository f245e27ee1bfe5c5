from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.db.models import Case as Choose
from django.db.models import F, Q, When
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import Rep
from apps.cases.errors import CaseNotFound
from apps.cases.models import Case, CaseMessage, CaseQuerySet
from apps.core.keyset import Page, latest_first
from apps.core.scoping import Actor

_LISTED = ("account", "contact", "shipment", "order", "owner__user", "stands_in_for__user")
_WITH = (*_LISTED, "proof_shipment", "proof_order", "merged_into")
NEXT_DEADLINE = Choose(
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
    limit: int = 50,
) -> list[Case]:
    """Cases, newest first; `status` may also be "unresolved"; "resolved" are those proven too. One query."""
    of = {"account_id": account_id, "shipment_id": shipment_id}
    cases = _of_status(actor, status).filter(**{name: pk for name, pk in of.items() if pk is not None})
    return list(cases.order_by("-opened_at", "-id")[:limit])


def page_of_cases(
    actor: Actor, *, status: str = "", after: str | None = None, before: str | None = None, size: int = 25
) -> Page[Case]:
    """A page of the same. One query."""
    return latest_first(_of_status(actor, status), "opened_at", after=after, before=before, size=size)


def _of_status(actor: Actor, status: str) -> CaseQuerySet:
    cases = Case.objects.visible_to(actor).select_related(*_LISTED)
    if status == "unresolved":
        return cases.unresolved()
    if status == "resolved":
        return cases.closed()
    return cases.filter(status=status) if status else cases


def cases_of_order(actor: Actor, order_id: int, limit: int = 50) -> list[Case]:
    """Cases about an order, newest first, with no more than what `title_for` reads. One query."""
    cases = Case.objects.visible_to(actor).filter(order_id=order_id).select_related("shipment")
    return list(cases.order_by("-opened_at", "-id")[:limit])


def cases_due(actor: Actor, limit: int) -> list[Case]:
    """Open cases, the one whose next step is owed first first, without who and what they are about. One query."""
    return list(Case.objects.visible_to(actor).unresolved().order_by(NEXT_DEADLINE, "id")[:limit])


@dataclass(frozen=True, slots=True)
class Sought:
    """Which cases a desk looks for. `owner` is a rep's id, `NOBODY` for those that nobody owns, None for any; `text`
    finds a number, words of a title or an account by number or name."""

    owner: int | None = None
    cause: str = ""
    origin: str = ""
    text: str = ""

    NOBODY: ClassVar[int] = 0


ANY = Sought()


def cases_opened(
    actor: Actor, *, since: datetime, sought: Sought = ANY, after: str | None = None, before: str | None = None
) -> Page[Case]:
    """A page of the cases opened since then, whatever became of them, newest first. One query."""
    cases = _sought(Case.objects.visible_to(actor).filter(opened_at__gte=since), sought).select_related(*_LISTED)
    return latest_first(cases, "opened_at", after=after, before=before, size=50)


def open_cases(
    actor: Actor, *, sought: Sought = ANY, overdue_at: datetime | None = None, limit: int = 200
) -> list[Case]:
    """Cases not resolved yet, the one whose next step is owed first first; only those of which a step is overdue by
    then, where asked. One query."""
    cases = _sought(Case.objects.visible_to(actor).unresolved(), sought).select_related(*_LISTED)
    if overdue_at is not None:
        cases = cases.filter(
            Q(acknowledged_at=None, acknowledge_by__lt=overdue_at)
            | Q(answered_at=None, answer_by__lt=overdue_at)
            | Q(resolve_by__lt=overdue_at)
        )
    return list(cases.order_by(NEXT_DEADLINE, "id")[:limit])


def closed_page(
    actor: Actor, *, sought: Sought = ANY, after: str | None = None, before: str | None = None
) -> Page[Case]:
    """A page of the cases that are resolved or proven, the latest resolved first. One query."""
    cases = _sought(Case.objects.visible_to(actor).closed(), sought).select_related(*_LISTED)
    return latest_first(cases, "resolved_at", after=after, before=before, size=50)


def _sought(cases: CaseQuerySet, sought: Sought) -> CaseQuerySet:
    if sought.owner is not None:
        cases = cases.filter(owner=sought.owner or None)
    if sought.cause:
        cases = cases.filter(cause=sought.cause)
    if sought.origin:
        cases = cases.filter(origin=sought.origin)
    if text := sought.text.strip():
        account = Q(account__number__iexact=text) | Q(account__name__icontains=text)
        cases = cases.filter(account | Q(number__iexact=text) | Q(title__icontains=text))
    return cases


def who_may_own(*, now: datetime) -> list[Rep]:
    """Everybody of the house who is there, by name, with who is away left out. One query."""
    return list(Rep.objects.there(timezone.localdate(now)).select_related("user").order_by("user__name", "pk"))
