"""How the goods of an order leave, and when each departure arrives."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone

from apps.availability.models import Reservation
from apps.availability.rules import INCOMING, Ask, Lot, Promise
from apps.delivery.selectors import arrivals_for
from apps.fulfilment.models import Shipment
from apps.fulfilment.rules.allocation import Departures, Part, Place, departures
from apps.ordering.models import Order, OrderLine


def departures_of(order: Order, *, today: date, together: bool | None = None) -> Departures:
    """How what nobody picks yet of an order would leave, planned or not; `together` else than it goes. Five queries."""
    live = order.shipments.exclude(status=Shipment.Status.CANCELLED).prefetch_related("lines")
    fixed = [each for each in live if each.status != Shipment.Status.PLANNED or each.wave_id is not None]
    lines = {line.pk: line for line in order.lines.all()}
    return departures_among(order, lines, fixed, today, goes_together(order) if together is None else together)


def departures_among(
    order: Order, lines: dict[int, OrderLine], fixed: list[Shipment], today: date, together: bool
) -> Departures:
    """The same where lines and the shipments that stay as they are (`fixed`) are known. One query."""
    by_ref = {OrderLine.ref_of(order.number, line.position): line for line in lines.values()}
    held = Reservation.objects.filter(demand_ref__in=by_ref, state=Reservation.State.HELD)
    parts = [Part(by_ref[row.demand_ref].pk, row.warehouse_id, row.ready_on, row.quantity) for row in held]
    gone, picked = Counter(), Counter()
    for shipment in fixed:
        for line in shipment.lines.all():
            gone[line.order_line_id] += line.quantity
            if shipment.status == Shipment.Status.PLANNED:
                picked[line.order_line_id, shipment.warehouse_id] += line.quantity
    wanted = {line.pk: line.quantity - gone[line.pk] for line in lines.values()}
    return departures(wanted, parts, picked=picked, together=together, today=today)


def goes_together(order: Order) -> bool:
    """Whether the order leaves complete: as was chosen since, else as it was ordered."""
    return order.shipping_choice.together if hasattr(order, "shipping_choice") else order.is_complete


def arrivals_of(order: Order, places: Iterable[Place], now: datetime) -> dict[Place, date | None]:
    """When what leaves a place on its day arrives, by the order's own way. One query."""
    asks = {place: Ask(-at, 1) for at, place in enumerate(sorted(places, key=str), 1) if place.warehouse_id}
    promised = {
        ask: Promise(place.leaves_on, (Lot(1, place.leaves_on, INCOMING, place.warehouse_id, None),), 0, 0)
        for place, ask in asks.items()
    }
    found = arrivals_for(order.ship_to, promised, now, option=order.delivery_option, branch_id=order.branch_id)
    return {place: found[ask] for place, ask in asks.items()}


def ready_first(order: Order, now: datetime) -> date | None:
    """Of an order that waits until all of it is ready: the day on which what is ready first would arrive by itself;
    None where it goes in parts, or all of it is ready together."""
    if not goes_together(order):
        return None
    today = timezone.localdate(now)
    alone = departures_of(order, today=today, together=False)
    days = {day for day in arrivals_of(order, alone, now).values() if day}
    return min(days) if len(days) > 1 else None
