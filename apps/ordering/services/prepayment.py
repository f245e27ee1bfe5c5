"""An order that is paid ahead goes on once its money has come."""

from datetime import datetime

from django.db import transaction

from apps.core.scoping import Actor
from apps.ordering.models import Approval, Order
from apps.ordering.rules.statuses import PREPAYMENT
from apps.ordering.services.approvals import _decide, _go_on
from apps.ordering.services.orders import locked_order


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
