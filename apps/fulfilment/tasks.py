from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from apps.accounts.services import tell
from apps.availability.services import follow_lead_time as move_by_lead_time
from apps.core.events import event_of
from apps.core.reactions import reaction
from apps.fulfilment import services
from apps.fulfilment.models import Slip
from apps.fulfilment.rules.inserts import is_complaint
from apps.fulfilment.selectors import delivery_notices, dispatch_notices, short_pick_notices, slip_notices
from apps.ordering.models import Order

#: How far back a delivery without facts is looked for.
FROZEN_BACK = timedelta(days=3 * 365)


@reaction
def plan_shipments_of_order(event_id: int) -> None:
    """order.confirmed: pick what is reserved."""
    number = event_of(event_id).subject.partition(":")[2]
    services.plan_shipments(Order.objects.values_list("pk", flat=True).get(number=number), now=timezone.now())


@reaction
def cancel_shipments_of_order(event_id: int) -> None:
    """order.cancelled: stop picking."""
    number = event_of(event_id).subject.partition(":")[2]
    services.cancel_shipments(Order.objects.values_list("pk", flat=True).get(number=number))


@reaction
def follow_arrival(event_id: int) -> None:
    """supply.received: what waited for it is planned anew, and whoever goes away empty is told of another day."""
    _follow(event_id, Slip.Reason.SUPPLY_SHORT)


@reaction
def follow_reschedule(event_id: int) -> None:
    """supply.rescheduled: whoever waits for it is promised anew."""
    _follow(event_id, Slip.Reason.SUPPLY_LATE)


@reaction
def follow_offer(event_id: int) -> None:
    """offer.changed: whoever waits for the supplier is promised anew."""
    _follow(event_id, Slip.Reason.OFFER)


@reaction
def follow_lead_time(event_id: int) -> None:
    """product.changed: where it takes another time to get, whoever waits for it is promised anew."""
    event = event_of(event_id)
    if "lead_days" in event.facts["fields"] and move_by_lead_time(event.facts["sku"], on=timezone.localdate()):
        _follow(event_id, Slip.Reason.LEAD_TIME)


@reaction
def follow_missing_stock(event_id: int) -> None:
    """stock.short: pieces that are not there are promised to nobody."""
    facts = event_of(event_id).facts
    services.follow_missing_stock(facts["sku"], facts["warehouse"], now=timezone.now())


@reaction
def follow_short_pick(event_id: int) -> None:
    """shipment.picked_short: what was not found comes later; its own notice tells who ordered."""
    number = event_of(event_id).facts["order"]
    order_id = Order.objects.values_list("pk", flat=True).get(number=number)
    services.notice_slips(order_id, because=Slip.Reason.STOCK_SHORT, tells=False, now=timezone.now())


def _follow(event_id: int, because: str) -> None:
    services.follow_supply(event_of(event_id).facts["sku"], because=because, now=timezone.now())


@reaction
def tell_of_slips(event_id: int) -> None:
    """order.placed: of what slipped while it waited for a yes, who ordered is told now."""
    services.tell_of_slips(event_of(event_id).subject.partition(":")[2], now=timezone.now())


@reaction
def settle_substitute(event_id: int) -> None:
    """order.placed, order.declined, order.cancelled: what the order stands in for is called off, or waits on."""
    services.settle_substitute(event_of(event_id).subject.partition(":")[2], now=timezone.now())


@reaction
def send_slip_notice(event_id: int) -> None:
    """order.slipped: tell who ordered the new days, before they ask."""
    tell(slip_notices(event_of(event_id)), now=timezone.now())


@reaction
def send_dispatch_notice(event_id: int) -> None:
    """shipment.dispatched: tell who ordered, and who receives, that it is on its way."""
    tell(dispatch_notices(event_of(event_id)), now=timezone.now())


@reaction
def send_delivery_notice(event_id: int) -> None:
    """shipment.delivered: tell who ordered that it has arrived."""
    tell(delivery_notices(event_of(event_id)), now=timezone.now())


@reaction
def send_short_pick_notice(event_id: int) -> None:
    """shipment.picked_short: tell who ordered what is missing, and when it comes."""
    tell(short_pick_notices(event_of(event_id)), now=timezone.now())


@reaction
def remember_complaint(event_id: int) -> None:
    """case.opened: whoever complained is thought of when their next box is packed."""
    event = event_of(event_id)
    facts = event.facts
    if event.account_ref and is_complaint(origin=facts.get("origin", ""), cause=facts.get("cause", "")):
        services.remember_complaint(event.account_ref, event.subject, happened_at=event.occurred_at)


@shared_task
def reckon_promises() -> int:
    """Every night: how often the first promise was kept."""
    return services.reckon_promises(now=timezone.now())


@shared_task
def notice_overdue_shipments() -> int:
    """Notice what has not come by its promised day."""
    return services.notice_overdue(now=timezone.now())


@shared_task
def freeze_missing_facts() -> int:
    """Every night: freeze what was delivered before facts were frozen, or by whoever wrote past the service."""
    now = timezone.now()
    return services.freeze_missing(since=timezone.localdate(now) - FROZEN_BACK, now=now)
