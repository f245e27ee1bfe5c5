"""Somebody says yes or no: the people of the account one after the other, or the distributor's credit desk.

1. A yes decides the next step of the order, and those after it that are the same person's as well.
2. The order goes on to whoever is next; with the last yes of the account to the credit desk, or it is placed.
3. One no ends it: stock and credit are free again, the order stays on record.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import takewhile

from django.db import transaction
from django.utils import timezone

from apps.accounts.services import demand
from apps.core.events import record
from apps.core.scoping import Actor
from apps.ordering.errors import NotTheirStep, OwnOrder, WrongStatus
from apps.ordering.models import Approval, Order
from apps.ordering.rules.statuses import (
    AWAITING_APPROVAL,
    AWAITING_PAYMENT,
    CREDIT_LIMIT,
    DECLINED,
    WAITING,
    status_while_waiting,
)
from apps.ordering.selectors.deciding import decider_of, is_own, is_theirs, steps_of
from apps.ordering.services.orders import give_back, locked_order, move
from apps.ordering.services.placing import record_placed
from apps.pricing.services import add_exposure


@transaction.atomic
def approve(actor: Actor, order: Order, *, comment: str = "", now: datetime) -> Order:
    """Somebody of the account lets an order pass their steps; it goes on to the next, or to the credit desk, or is
    placed.

    Raises `OwnOrder` for whoever ordered it, `NotTheirStep` where somebody else is asked first, `WrongStatus` where it
    has been decided already.
    """
    order, steps = _for_approver(actor, order, now)
    _decide(actor, order, steps, Approval.State.APPROVED, comment, now)
    return _go_on(actor, order, comment, now, asks_next=True)


@transaction.atomic
def decline(actor: Actor, order: Order, *, comment: str = "", now: datetime) -> Order:
    """Somebody of the account says no: stock and credit are free again, the order stays on record."""
    order, steps = _for_approver(actor, order, now)
    return _decline(actor, order, steps[:1], comment, now)


@transaction.atomic
def release_credit_hold(actor: Actor, order: Order, *, comment: str = "", now: datetime) -> Order:
    """The credit desk lets an order above the limit pass; what the account owes grows by it."""
    order = _for_credit_desk(actor, order)
    _decide(actor, order, _credit_steps(order), Approval.State.APPROVED, comment, now)
    add_exposure(order.account_id, order.gross)
    return _go_on(actor, order, comment, now)


@transaction.atomic
def decline_credit(actor: Actor, order: Order, *, comment: str = "", now: datetime) -> Order:
    """The credit desk says no."""
    order = _for_credit_desk(actor, order)
    return _decline(actor, order, _credit_steps(order), comment, now)


def _for_approver(actor: Actor, order: Order, now: datetime) -> tuple[Order, list[Approval]]:
    """The order, and the steps that are the actor's from the next one on."""
    demand(actor, "order.approve")
    order = locked_order(actor, order)
    if is_own(actor, order):
        raise OwnOrder()
    steps = steps_of(order)
    decider = decider_of(actor, timezone.localdate(now))
    mine = list(takewhile(lambda step: is_theirs(decider, order, step), steps))
    if steps and not mine:
        raise NotTheirStep()
    return order, mine


def _for_credit_desk(actor: Actor, order: Order) -> Order:
    demand(actor, "order.release")
    order = locked_order(actor, order)
    if order.status not in WAITING:
        raise WrongStatus(status=order.status)
    return order


def _credit_steps(order: Order) -> list[Approval]:
    return list(order.approvals.filter(reason=CREDIT_LIMIT, state=Approval.State.WAITING))


def _decide(actor: Actor, order: Order, steps: Sequence[Approval], state: str, comment: str, now: datetime) -> None:
    waiting = Approval.objects.filter(pk__in=[step.pk for step in steps], state=Approval.State.WAITING)
    decided = waiting.update(state=state, decided_by_name=actor.name[:120], decided_at=now, comment=comment.strip())
    if not decided or order.status not in WAITING:
        raise WrongStatus(status=order.status)


def _go_on(actor: Actor, order: Order, comment: str, now: datetime, *, asks_next: bool = False) -> Order:
    waiting = order.approvals.filter(state=Approval.State.WAITING)
    waits_for = set(waiting.values_list("reason", flat=True))
    status = status_while_waiting(waits_for)
    if status != order.status:
        move(order, status)
    if status == AWAITING_PAYMENT:
        order.await_payment(order.account.local_day(now))
        order.save(update_fields=["pay_by", "payment_reminded_at"])
    _record("order.approved", actor, order, comment, now)
    if asks_next or status != AWAITING_APPROVAL:
        record_placed(actor, order, waits_for=waits_for, now=now)
    return order


def _decline(actor: Actor, order: Order, steps: Sequence[Approval], comment: str, now: datetime) -> Order:
    _decide(actor, order, steps, Approval.State.DECLINED, comment, now)
    move(order, DECLINED)
    give_back(order)
    _record("order.declined", actor, order, comment, now)
    return order


def _record(name: str, actor: Actor, order: Order, comment: str, now: datetime) -> None:
    record(name, f"order:{order.number}", account_id=order.account_id, actor=actor, at=now, comment=comment.strip())
