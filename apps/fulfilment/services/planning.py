"""A confirmed order becomes shipments: what leaves one warehouse on one day goes together."""

from collections import defaultdict
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from apps.availability.models import Reservation
from apps.core.numbers import next_numbers
from apps.fulfilment.models import Shipment, ShipmentLine
from apps.ordering.models import Order, OrderLine

Departure = tuple[int | None, date]


@transaction.atomic
def plan_shipments(order_id: int, *, now: datetime) -> list[Shipment]:
    """Shipments for what is reserved for a confirmed order, one for each warehouse and day. Safe to repeat.

    What needs no stock (services) goes with the last of them. A constant number of queries.
    """
    order = Order.objects.select_for_update(of=("self",)).select_related("delivery_option").get(pk=order_id)
    planned = list(order.shipments.exclude(status=Shipment.Status.CANCELLED))
    if planned or order.status != Order.Status.CONFIRMED:
        return planned
    lines = list(order.lines.all())
    departures = _departures(order, lines, timezone.localdate(now))
    numbers = next_numbers("SH", len(departures))
    shipments = [
        _shipment(order, number, departure, parts, now)
        for number, (departure, parts) in zip(numbers, departures.items(), strict=True)
    ]
    Shipment.objects.bulk_create(shipments)
    ShipmentLine.objects.bulk_create(
        [
            ShipmentLine(shipment=shipment, order_line=line, quantity=quantity)
            for shipment, parts in zip(shipments, departures.values(), strict=True)
            for line, quantity in parts.items()
        ]
    )
    return shipments


def _departures(order: Order, lines: list[OrderLine], today: date) -> dict[Departure, dict[OrderLine, int]]:
    """(warehouse, day) -> order line -> quantity, the first to leave first."""
    by_ref = {OrderLine.ref_of(order.number, line.position): line for line in lines}
    parts: dict[Departure, dict[OrderLine, int]] = defaultdict(lambda: defaultdict(int))
    left = {line: line.quantity for line in lines}
    for held in Reservation.objects.filter(demand_ref__in=by_ref, state=Reservation.State.HELD):
        line = by_ref[held.demand_ref]
        parts[held.warehouse_id, max(held.ready_on, today)][line] += held.quantity
        left[line] -= held.quantity
    unreserved = {line: quantity for line, quantity in left.items() if quantity > 0}
    if unreserved:
        last = max(parts, key=lambda departure: departure[1], default=(None, today))
        for line, quantity in unreserved.items():
            parts[last][line] += quantity
    return dict(sorted(parts.items(), key=lambda part: (part[0][1], part[0][0] or 0)))


def _shipment(order: Order, number: str, departure: Departure, parts: dict[OrderLine, int], now: datetime) -> Shipment:
    warehouse_id, ready_on = departure
    return Shipment(
        number=number,
        order=order,
        account_id=order.account_id,
        warehouse_id=warehouse_id,
        carrier=order.delivery_option.carrier if order.delivery_option else "",
        promised_on=min((line.promised_on for line in parts if line.promised_on), default=None),
        ready_on=ready_on,
        created_at=now,
    )


@transaction.atomic
def cancel_shipments(order_id: int) -> int:
    """Call off what has not left of a cancelled order; how many shipments. Safe to repeat."""
    order = Order.objects.select_for_update().get(pk=order_id)
    if order.status != Order.Status.CANCELLED:
        return 0
    return order.shipments.filter(status=Shipment.Status.PLANNED).update(status=Shipment.Status.CANCELLED)
