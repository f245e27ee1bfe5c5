"""An order that is paid ahead goes on once its money has come, and ends where it does not come in time.

Money and the end may meet: both lock the order first, so the money finds a cancelled order and stays with the account,
or the end finds an order that waits no more.
"""

from datetime import date, datetime, timedelta

from django.db import transaction

from apps.accounts.services import demand
from apps.core.events import record
from apps.core.scoping import SYSTEM, Actor
from apps.ordering.errors import WrongStatus
from apps.ordering.models import Approval, Order
from apps.ordering.rules.payment import reminds_on
from apps.ordering.rules.statuses import AWAITING_PAYMENT, CANCELLED, PREPAYMENT
from apps.ordering.services.approvals import _decide, _go_on
from apps.ordering.services.orders import give_back, locked_order, move

LONGER_DAYS = 7


@transaction.atomic
def release_prepaid(actor: Actor, order: Order, *, now: datetime) -> Order:
    """The money for an order has come: it is placed, or waits for whoever else must say yes.

    Nothing happens to an order that waits for no money. The caller has booked the money.
    """
    order = locked_order(actor, order)
    waiting = list(order.approvals.filter(reason=PREPAYMENT, state=Approval.State.WAITING))
    if not waiting:
        return order
    _decide(actor, order, waiting, Approval.State.APPROVED, "", now)
    return _go_on(actor, order, "", now)


@transaction.atomic
def remind_or_end(order_id: int, *, may_end: bool = True, now: datetime) -> str:
    """Remind of the money an order waits for, once, or cancel it after its last day; "reminded", "ended" or "".

    None ends that was not reminded the day before at the latest: one that is reminded late gets a day more. An order
    that somebody works on at this moment is left for the next time.
    """
    waiting = Order.objects.select_related("account").filter(status=AWAITING_PAYMENT, pay_by__isnull=False)
    order = waiting.select_for_update(of=("self",), skip_locked=True).filter(pk=order_id).first()
    if order is None:
        return ""
    today = order.account.local_day(now)
    if order.payment_reminded_at is None:
        return _remind(order, today, now) if today >= reminds_on(order.pay_by, order.hold_days) else ""
    if not may_end or today <= order.pay_by:
        return ""
    move(order, CANCELLED)
    give_back(order)
    _record("order.cancelled", SYSTEM, order, now, unpaid_by=order.pay_by.isoformat())
    return "ended"


def _remind(order: Order, today: date, now: datetime) -> str:
    order.pay_by, order.payment_reminded_at = max(order.pay_by, today + timedelta(days=1)), now
    order.save(update_fields=["pay_by", "payment_reminded_at"])
    _record("order.payment_reminded", SYSTEM, order, now, pay_by=order.pay_by.isoformat())
    return "reminded"


@transaction.atomic
def wait_longer(actor: Actor, order: Order, *, now: datetime) -> Order:
    """Operations hold the goods of an unpaid order for another week, from its last day or today, and remind anew."""
    demand(actor, "order.release")
    order = locked_order(actor, order)
    if order.status != AWAITING_PAYMENT:
        raise WrongStatus(status=order.status)
    today = order.account.local_day(now)
    order.pay_by = max(order.pay_by or today, today) + timedelta(days=LONGER_DAYS)
    order.payment_reminded_at = None
    order.save(update_fields=["pay_by", "payment_reminded_at"])
    _record("order.payment_extended", actor, order, now, pay_by=order.pay_by.isoformat())
    return order


def _record(name: str, actor: Actor, order: Order, now: datetime, **facts) -> None:
    record(name, f"order:{order.number}", account_id=order.account_id, actor=actor, at=now, **facts)
