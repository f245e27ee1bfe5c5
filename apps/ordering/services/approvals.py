"""Somebody says yes or no: an approver of the account, or the distributor's credit desk."""

from datetime import datetime

from django.db import transaction

from apps.accounts.services import demand
from apps.core.events import record
from apps.core.scoping import Actor
from apps.ordering.errors import OwnOrder, WrongStatus
from apps.ordering.models import Approval, Order
from apps.ordering.rules.statuses import (
    AWAITING_APPROVAL,
    CREDIT_LIMIT,
    DECLINED,
    SPEND_LIMIT,
    WAITING,
    status_while_waiting,
)
from apps.ordering.selectors.orders import is_own
from apps.ordering.services.orders import give_back, locked_order, move
from apps.ordering.services.placing import record_placed
from apps.pricing.services import add_exposure


@transaction.atomic
def approve(actor: Actor, order: Order, *, comment: str = "", now: datetime) -> Order:
    """An approver of the account lets an order pass; it is placed, or goes on to the credit desk.

    Raises `OwnOrder` for whoever ordered it, `WrongStatus` where it has been decided already.
    """
    order = _for_approver(actor, order)
    _decide(actor, order, SPEND_LIMIT, Approval.State.APPROVED, comment, now)
    return _go_on(actor, order, comment, now)


@transaction.atomic
def decline(actor: Actor, order: Order, *, comment: str = "", now: datetime) -> Order:
    """An approver of the account says no: stock and credit are free again, the order stays on record."""
    order = _for_approver(actor, order)
    return _decline(actor, order, SPEND_LIMIT, comment, now)


@transaction.atomic
def release_credit_hold(actor: Actor, order: Order, *, comment: str = "", now: datetime) -> Order:
    """The credit desk lets an order above the limit pass; what the account owes grows by it."""
    order = _for_credit_desk(actor, order)
    _decide(actor, order, CREDIT_LIMIT, Approval.State.APPROVED, comment, now)
    add_exposure(order.account_id, order.gross)
    return _go_on(actor, order, comment, now)


@transaction.atomic
def decline_credit(actor: Actor, order: Order, *, comment: str = "", now: datetime) -> Order:
    """The credit desk says no."""
    order = _for_credit_desk(actor, order)
    return _decline(actor, order, CREDIT_LIMIT, comment, now)


def _for_approver(actor: Actor, order: Order) -> Order:
    demand(actor, "order.approve")
    order = locked_order(actor, order)
    if is_own(actor, order):
        raise OwnOrder()
    return order


def _for_credit_desk(actor: Actor, order: Order) -> Order:
    demand(actor, "order.release")
    order = locked_order(actor, order)
    if order.status not in WAITING:
        raise WrongStatus(status=order.status)
    return order


def _decide(actor: Actor, order: Order, reason: str, state: str, comment: str, now: datetime) -> None:
    waiting = Approval.objects.filter(order=order, reason=reason, state=Approval.State.WAITING)
    decided = waiting.update(state=state, decided_by_name=actor.name[:120], decided_at=now, comment=comment.strip())
    if not decided or order.status not in WAITING:
        raise WrongStatus(status=order.status)


def _go_on(actor: Actor, order: Order, comment: str, now: datetime) -> Order:
    waiting = order.approvals.filter(state=Approval.State.WAITING)
    waits_for = set(waiting.values_list("reason", flat=True))
    status = status_while_waiting(waits_for)
    if status != order.status:
        move(order, status)
    _record("order.approved", actor, order, comment, now)
    if status != AWAITING_APPROVAL:
        record_placed(actor, order, waits_for=waits_for, now=now)
    return order


def _decline(actor: Actor, order: Order, reason: str, comment: str, now: datetime) -> Order:
    _decide(actor, order, reason, Approval.State.DECLINED, comment, now)
    move(order, DECLINED)
    give_back(order)
    _record("order.declined", actor, order, comment, now)
    return order


def _record(name: str, actor: Actor, order: Order, comment: str, now: datetime) -> None:
    record(name, f"order:{order.number}", account_id=order.account_id, actor=actor, at=now, comment=comment.strip())
