from celery import shared_task
from django.utils import timezone

from apps.core.events import event_of
from apps.core.mail import send_once
from apps.core.reactions import reaction
from apps.fulfilment import services
from apps.fulfilment.selectors import dispatch_notices, short_pick_notices, slip_notices
from apps.ordering.models import Order


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
    """supply.received: what waited for it is planned anew."""
    services.follow_arrival(event_of(event_id).facts["sku"], now=timezone.now())


@reaction
def follow_reschedule(event_id: int) -> None:
    """supply.rescheduled: whoever waits for it is promised anew."""
    services.follow_reschedule(event_of(event_id).facts["sku"], now=timezone.now())


@reaction
def send_slip_notice(event_id: int) -> None:
    """shipment.slipped: tell who ordered the new day, before they ask."""
    for letter in slip_notices(event_of(event_id)):
        send_once(**letter._asdict(), now=timezone.now())


@reaction
def send_dispatch_notice(event_id: int) -> None:
    """shipment.dispatched: tell who ordered, and who receives, that it is on its way."""
    for letter in dispatch_notices(event_of(event_id)):
        send_once(**letter._asdict(), now=timezone.now())


@reaction
def send_short_pick_notice(event_id: int) -> None:
    """shipment.picked_short: tell who ordered what is missing, and when it comes."""
    for letter in short_pick_notices(event_of(event_id)):
        send_once(**letter._asdict(), now=timezone.now())


@reaction
def remember_complaint(event_id: int) -> None:
    """case.opened: whoever complained is thought of when their next box is packed."""
    event = event_of(event_id)
    if event.account_ref and event.facts.get("origin") != "staff":
        services.remember_complaint(event.account_ref, event.subject, happened_at=event.occurred_at)


@shared_task
def reckon_promises() -> int:
    """Every night: how often the first promise was kept."""
    return services.reckon_promises(now=timezone.now())


@shared_task
def notice_overdue_shipments() -> int:
    """Notice what has not come by its promised day."""
    return services.notice_overdue(now=timezone.now())
