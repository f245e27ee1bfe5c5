"""Supply comes on another day: shipments that wait for it are planned anew, and their buyers told before they ask."""

from datetime import date, datetime

from django.db import transaction

from apps.availability.rules import INCOMING, Lot, Promise
from apps.catalogue.rules import Ask
from apps.core.events import record
from apps.delivery.selectors import arrivals_for
from apps.fulfilment.models import Shipment, ShipmentLine
from apps.fulfilment.services.planning import plan_shipments
from apps.ordering.models import Order

_LOOSE = {"status": Shipment.Status.PLANNED, "wave": None}


@transaction.atomic
def follow_reschedule(sku: str, *, now: datetime) -> list[Shipment]:
    """The loose shipments with this SKU follow what is held now; those that come later than was last promised.

    Each of these keeps its first promise, has its new day as `expected_on`, and records `shipment.slipped`. Safe to
    repeat: a day that was told is not told again.
    """
    waiting = ShipmentLine.objects.filter(
        order_line__sku=sku,
        **{f"shipment__{name}": value for name, value in _LOOSE.items()},
    ).order_by("order_line__promised_on", "order_line_id")
    slipped = []
    for order_id in dict.fromkeys(waiting.values_list("order_line__order_id", flat=True)):
        order = Order.objects.select_for_update(of=("self",)).get(pk=order_id)
        plan_shipments(order_id, now=now)
        slipped += [each for each in _loose_with(order, sku) if _expect(each, sku, now)]
    return slipped


def _loose_with(order: Order, sku: str) -> list[Shipment]:
    lines = ShipmentLine.objects.filter(order_line__sku=sku, order_line__order=order)
    loose = Shipment.objects.filter(order=order, pk__in=lines.values("shipment"), **_LOOSE)
    return list(loose.select_related("order__ship_to", "order__delivery_option").order_by("pk"))


def _expect(shipment: Shipment, sku: str, now: datetime) -> bool:
    """Set the day it comes on; whether that is later than was said before."""
    said, day = shipment.comes_on, _arrival(shipment, now)
    if day is None or said is None:
        return False
    expected_on = day if day > shipment.promised_on else None
    if expected_on != shipment.expected_on:
        shipment.expected_on = expected_on
        shipment.save(update_fields=["expected_on"])
    if day <= said:
        return False
    record(
        "shipment.slipped",
        f"shipment:{shipment.number}",
        account_id=shipment.account_id,
        at=now,
        order=shipment.order.number,
        sku=sku,
        was=said.isoformat(),
        comes_on=day.isoformat(),
    )
    return True


def _arrival(shipment: Shipment, now: datetime) -> date | None:
    """When all of a shipment arrives by the order's own way, leaving on the day it is ready."""
    lot = Lot(1, shipment.ready_on, INCOMING, shipment.warehouse_id, None)
    ask = Ask(shipment.pk, 1)
    promised = {ask: Promise(shipment.ready_on, (lot,), 0, 0)}
    order = shipment.order
    return arrivals_for(order.ship_to, promised, now, option=order.delivery_option)[ask]
