from datetime import datetime

from django.db.models import Case as Choose
from django.db.models import F, When

from apps.cases.errors import CaseNotFound
from apps.cases.models import Case, CaseMessage
from apps.core.scoping import Actor

_WITH = ("account", "contact", "shipment", "order", "owner__user")
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


def messages_of(actor: Actor, case: Case) -> list[CaseMessage]:
    """What was said in a case, oldest first; internal notes only for staff. One query."""
    messages = case.messages.all()
    return list(messages if actor.is_staff else messages.filter(is_internal=False))


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
    """Cases, newest first; `status` may also be "unresolved". One query."""
    cases = Case.objects.visible_to(actor).select_related(*_WITH)
    if status == "unresolved":
        cases = cases.exclude(status=Case.Status.RESOLVED)
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


def open_cases(actor: Actor, *, limit: int = 200) -> list[Case]:
    """Cases not resolved yet, the one whose next step is owed first first. One query."""
    cases = Case.objects.visible_to(actor).exclude(status=Case.Status.RESOLVED).select_related(*_WITH)
    return list(cases.order_by(_NEXT_DEADLINE, "id")[:limit])
