"""A recovery is proven by what the account receives and orders next. Only the system says so: no person can."""

from datetime import UTC, datetime

from django.db import transaction
from django.utils import timezone

from apps.cases import rules
from apps.cases.models import Case
from apps.cases.services.owners import owner_for
from apps.cases.services.working import reopen
from apps.core.events import record
from apps.core.scoping import SYSTEM
from apps.fulfilment.selectors import next_delivery
from apps.ordering.selectors import next_order


def judge_recoveries(*, now: datetime, account_id: int | None = None) -> int:
    """Judge the resolved cases that wait for proof, of one account or of all; how many were decided.

    Each in a transaction of its own, once under any number of workers. Records `case.verified`, or `case.reopened`
    with what it is `because` of, after which the owner is told.
    """
    waiting = Case.objects.filter(awaits_proof=True)
    if account_id is not None:
        waiting = waiting.filter(account=account_id)
    return sum(_judge(pk, now) for pk in waiting.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _judge(pk: int, now: datetime) -> bool:
    waiting = Case.objects.select_for_update(of=("self",), no_key=True)
    case = waiting.select_related("account").filter(pk=pk, awaits_proof=True).first()
    if case is None:  # another worker was faster
        return False
    came = next_delivery(case.account_id, after=case.resolved_at, except_order=case.order_id)
    order = next_order(case.account_id, after=case.resolved_at)
    ordered_on = order.placed_at.astimezone(UTC).date() if order else None
    today = now.astimezone(UTC).date()
    verdict = rules.verdict(came.is_perfect if came else None, ordered_on, case.order_due_on, today=today)
    if verdict == rules.WAITS:
        return False
    facts = {"shipment": came.number if came else "", "order": order.number if order else ""}
    if verdict == rules.PROVEN:
        _verify(case, came.shipment_id, order.pk if order else None, now, facts)
    else:
        _open_again(case, verdict, now, facts)
    return True


def _verify(case: Case, shipment_id: int, order_id: int | None, now: datetime, facts: dict) -> None:
    case.status, case.verified_at, case.awaits_proof = Case.Status.VERIFIED, now, False
    case.proof_shipment_id, case.proof_order_id = shipment_id, order_id
    case.save(update_fields=["status", "verified_at", "awaits_proof", "proof_shipment", "proof_order"])
    _record("case.verified", case, now, because="ordered" if order_id else "delivered", **facts)


def _open_again(case: Case, reason: str, now: datetime, facts: dict) -> None:
    reopen(case, now)
    if case.owner is None or not case.owner.is_there(timezone.localdate(now)):
        choice = owner_for(case.account, case.cause, now=now)
        case.owner_id, case.stands_in_for_id = choice.owner, choice.stands_in_for
        case.save(update_fields=["owner", "stands_in_for"])
    _record("case.reopened", case, now, because=reason, **facts)


def _record(name: str, case: Case, now: datetime, **facts) -> None:
    facts = {"title": case.title, **facts}
    record(name, f"case:{case.number}", account_id=case.account_id, actor=SYSTEM, at=now, **facts)
