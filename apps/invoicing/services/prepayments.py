"""Orders that are paid ahead do not hold goods for ever: whoever ordered is reminded, then the order ends."""

from datetime import datetime, timedelta

from apps.invoicing.selectors.receipts import numbers_named_by_waiting_money
from apps.ordering.models import Order
from apps.ordering.rules.payment import REMIND_DAYS
from apps.ordering.services import remind_or_end


def chase_prepayments(*, now: datetime) -> dict[str, int]:
    """Remind of, or end, each order whose money is due; how many of each. Safe to repeat, and beside itself.

    Money that is in the house already and names an order, but waits for our own desk, keeps that order from ending.
    """
    soon = now.date() + timedelta(days=REMIND_DAYS + 1)  # the account may be a day ahead
    due = Order.objects.filter(status=Order.Status.AWAITING_PAYMENT, pay_by__lte=soon).order_by("pay_by", "pk")
    orders = list(due.values_list("pk", "number"))
    paid = numbers_named_by_waiting_money() if orders else frozenset()
    done = [remind_or_end(pk, may_end=number not in paid, now=now) for pk, number in orders]
    return {deed: done.count(deed) for deed in ("reminded", "ended")}
