"""Goods leave the warehouse. Rows are locked in one order everywhere: the order, its shipment, then stock."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.services import demand
from apps.availability.models import Reservation
from apps.availability.services import consume_all, consume_direct
from apps.core.events import record
from apps.core.scoping import Actor
from apps.fulfilment.errors import ShipmentMovedOn, ShipmentNotFound
from apps.fulfilment.models import Shipment, ShipmentLine
from apps.fulfilment.services.inserts import held_for_boxes
from apps.ordering.models import Order, OrderLine
from apps.ordering.services import record_shipped


@transaction.atomic
def dispatch_shipment(
    actor: Actor, shipment: Shipment, *, tracking_code: str = "", carrier: str = "", now: datetime
) -> Shipment:
    """A planned shipment has left: its stock is gone, its order is shipped.

    Raises `ShipmentMovedOn` where it was dispatched or cancelled before, `NotReserved` where its goods are not there.
    """
    demand(actor, "shipment.dispatch")
    shipment = locked_shipment(actor, shipment)
    if shipment.status != Shipment.Status.PLANNED:
        raise moved_on(shipment)
    return leave(actor, shipment, shipped_at=now, tracking_code=tracking_code, carrier=carrier)


def locked_shipment(actor: Actor, shipment: Shipment) -> Shipment:
    """The shipment and its order as they are now, locked; `ShipmentNotFound` where it is not the actor's."""
    visible = Shipment.objects.visible_to(actor).filter(pk=shipment.pk)
    order_id = visible.values_list("order_id", flat=True).first()
    if order_id is None:
        raise ShipmentNotFound()
    order = (
        Order.objects.select_for_update(of=("self",))
        .select_related("ship_to", "account", "contact", "delivery_option")
        .get(pk=order_id)
    )
    beside = ("warehouse", "destination__ship_to", "destination__delivery_option")
    shipment = Shipment.objects.select_for_update(of=("self",)).select_related(*beside).get(pk=shipment.pk)
    shipment.order, shipment.account = order, order.account
    if shipment.destination:
        shipment.destination.order = order
    return shipment


def moved_on(shipment: Shipment) -> ShipmentMovedOn:
    """The refusal for a shipment that is no longer where it was."""
    status = shipment.get_status_display()
    words = _("Shipment %(number)s is already %(status)s; nothing was changed.") % {
        "number": shipment.number,
        "status": status,
    }
    return ShipmentMovedOn(words, status=shipment.status)


def leave(
    actor: Actor, shipment: Shipment, *, shipped_at: datetime, tracking_code: str = "", carrier: str = ""
) -> Shipment:
    """The planned, locked shipment leaves at `shipped_at`."""
    lines = list(shipment.lines.select_related("order_line"))
    _consume(shipment, lines)
    shipment.status, shipment.shipped_at = Shipment.Status.SHIPPED, shipped_at
    shipment.tracking_code = tracking_code.strip()[:60] or shipment.tracking_code
    shipment.carrier = carrier.strip()[:80] or shipment.carrier
    shipment.save(update_fields=["status", "shipped_at", "tracking_code", "carrier"])
    shipment.parcels.filter(status=Shipment.Status.PLANNED).update(status=Shipment.Status.SHIPPED)
    record_shipped(shipment.order, {line.order_line_id: line.quantity for line in lines})
    record(
        "shipment.dispatched",
        f"shipment:{shipment.number}",
        account_id=shipment.account_id,
        actor=actor,
        at=shipped_at,
        order=shipment.order.number,
        carrier=shipment.carrier,
        tracking_code=shipment.tracking_code,
        lines=len(lines),
    )
    return shipment


def _consume(shipment: Shipment, lines: list[ShipmentLine]) -> None:
    """Take off stock what is held for these lines and for what else is in the boxes; a service holds nothing.

    What a supplier sent straight to the receiver was never on it.
    """
    quantities = {OrderLine.ref_of(shipment.order.number, line.order_line.position): line.quantity for line in lines}
    if shipment.supplier:
        held = Reservation.objects.filter(demand_ref__in=quantities, state=Reservation.State.HELD, is_direct=True)
        refs = set(held.values_list("demand_ref", flat=True))
        consume_direct({ref: quantities[ref] for ref in sorted(refs)})
        return
    quantities |= held_for_boxes(shipment)
    held = Reservation.objects.filter(
        demand_ref__in=quantities, state=Reservation.State.HELD, warehouse=shipment.warehouse_id
    )
    refs = set(held.values_list("demand_ref", flat=True))
    if refs:
        consume_all({(ref, shipment.warehouse_id): quantities[ref] for ref in sorted(refs)})
