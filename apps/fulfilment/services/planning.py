"""A confirmed order becomes shipments: what leaves one warehouse on one day for one ship-to goes together."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from apps.accounts.services import demand
from apps.core.events import record
from apps.core.numbers import next_numbers
from apps.core.scoping import Actor
from apps.fulfilment.errors import ShipmentMovedOn
from apps.fulfilment.models import Shipment, ShipmentLine, ShippingChoice
from apps.fulfilment.rules.allocation import Departures, Place
from apps.fulfilment.selectors.departures import departures_among, lines_of, place_of
from apps.fulfilment.services.inserts import call_off_inserts
from apps.ordering.models import Order, OrderLine
from apps.ordering.services.orders import locked_order

_PLANNABLE = (Order.Status.CONFIRMED, Order.Status.SHIPPED)


@transaction.atomic
def plan_shipments(order_id: int, *, now: datetime) -> list[Shipment]:
    """The shipments of what is held for an order; those that nobody picks yet follow what is held. Safe to repeat.

    One for each ship-to, warehouse and day, or for each warehouse where it goes complete, and one for each supplier who
    sends straight to the receiver; see `rules.allocation`. What is being picked, has left or has arrived stays as it
    is. A constant number of queries.
    """
    beside = ("delivery_option", "direct_option", "shipping_choice")
    order = Order.objects.select_for_update(of=("self",)).select_related(*beside).get(pk=order_id)
    shipments = list(order.shipments.exclude(status=Shipment.Status.CANCELLED).prefetch_related("lines"))
    if order.status not in _PLANNABLE:
        return shipments
    loose = [each for each in shipments if each.status == Shipment.Status.PLANNED and each.wave_id is None]
    fixed = [each for each in shipments if each not in loose]
    lines = lines_of(order)
    found = departures_among(order, lines, fixed, timezone.localdate(now))
    if {place_of(each): _content(each) for each in loose} == found and loose:
        return shipments
    return [*fixed, *_follow(order, lines, loose, found, now)]


def _from_to(place: Place) -> tuple:
    return place.warehouse_id, place.supplier, place.destination_id


def _content(shipment: Shipment) -> dict[int, int]:
    return {line.order_line_id: line.quantity for line in shipment.lines.all()}


def _follow(
    order: Order, lines: dict[int, OrderLine], loose: list[Shipment], found: Departures, now: datetime
) -> list[Shipment]:
    """Let the loose shipments be what was found; a shipment keeps its number where one departs from its source."""
    ShipmentLine.objects.filter(shipment__in=loose).delete()
    waiting, shipments = list(loose), {}
    for place in found:
        same = [each for each in waiting if _from_to(place_of(each)) == _from_to(place)]
        same.sort(key=lambda each: each.ready_on != place.leaves_on)
        if same:
            shipments[place] = same[0]
            waiting.remove(same[0])
    new = [place for place in found if place not in shipments]
    numbers = next_numbers("SH", len(new)) if new else []
    for place, number in zip(new, numbers, strict=True):
        shipments[place] = Shipment(number=number, order=order, account_id=order.account_id, created_at=now)
    for place, shipment in shipments.items():
        _set(shipment, order, place, [lines[line_id] for line_id in found[place]])
    Shipment.objects.bulk_create([shipment for shipment in shipments.values() if shipment.pk is None])
    kept = [shipment for place, shipment in shipments.items() if place not in new]
    Shipment.objects.bulk_update(kept, ["warehouse", "ready_on", "promised_on"])
    Shipment.objects.filter(pk__in=[each.pk for each in waiting]).update(status=Shipment.Status.CANCELLED)
    ShipmentLine.objects.bulk_create(
        [
            ShipmentLine(shipment=shipments[place], order_line=lines[line_id], quantity=quantity)
            for place, parts in found.items()
            for line_id, quantity in parts.items()
        ]
    )
    return [shipments[place] for place in found]


def _set(shipment: Shipment, order: Order, place: Place, lines: list[OrderLine]) -> None:
    shipment.warehouse_id, shipment.ready_on, shipment.supplier, shipment.destination_id = place
    option = lines[0].goes.option_from(place.supplier)
    shipment.carrier = shipment.carrier or (option.carrier if option else "")
    shipment.promised_on = min((line.promised_on for line in lines if line.promised_on), default=None)


@transaction.atomic
def choose_shipping(actor: Actor, order: Order, *, together: bool, now: datetime) -> None:
    """The buyer lets the order come complete, or each part as it is available. What is picked already is not stopped.

    Raises `ShipmentMovedOn` where everything is picked or has left.
    """
    demand(actor, "order.place")
    order = locked_order(actor, order)
    if order.status not in Order.OPEN or _nothing_is_loose(order):
        raise ShipmentMovedOn()
    choice, made = ShippingChoice.objects.get_or_create(order=order, defaults={"together": together})
    if not made and choice.together == together and not choice.apart:
        return
    ShippingChoice.objects.filter(pk=choice.pk).update(together=together, apart=[])
    record(
        "order.shipping_chosen",
        f"order:{order.number}",
        account_id=order.account_id,
        actor=actor,
        at=now,
        together=together,
    )
    plan_shipments(order.pk, now=now)


def _nothing_is_loose(order: Order) -> bool:
    """Whether the order has shipments and each of them is picked, has left or was called off."""
    loose = order.shipments.filter(status=Shipment.Status.PLANNED, wave=None)
    return order.shipments.exists() and not loose.exists()


@transaction.atomic
def cancel_shipments(order_id: int) -> int:
    """Call off what has not left of a cancelled order; how many shipments. Safe to repeat."""
    order = Order.objects.select_for_update().get(pk=order_id)
    if order.status != Order.Status.CANCELLED:
        return 0
    planned = order.shipments.filter(status=Shipment.Status.PLANNED)
    call_off_inserts(list(planned.values_list("pk", flat=True)))
    return planned.update(status=Shipment.Status.CANCELLED)
