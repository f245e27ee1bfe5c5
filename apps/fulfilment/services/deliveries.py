"""Goods are received: by operations, by the receiver, or by the carrier's word."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.services import demand
from apps.core.events import record
from apps.core.scoping import Actor
from apps.fulfilment.errors import DeliveryRefused
from apps.fulfilment.models import Shipment, ShipmentLine, TrackingEvent
from apps.fulfilment.rules import Received, can_be, disbelief
from apps.fulfilment.selectors import UNDER_WAY, facts_of, verdict_of
from apps.fulfilment.services.dispatching import leave, locked_shipment, moved_on
from apps.fulfilment.services.facts import freeze_facts
from apps.ordering.services import record_delivered

OPERATIONS = "operations"
DISBELIEF = {
    "future": gettext_lazy("Goods cannot have been received at a time that has not come."),
    "before_order": gettext_lazy("Goods cannot have been received before they were ordered."),
}


@transaction.atomic
def confirm_delivery(
    actor: Actor,
    shipment: Shipment,
    *,
    received_by: str,
    delivered_at: datetime,
    lines: Mapping[int, Sequence[int]] | None = None,
    source: str = OPERATIONS,
    message_id: str = "",
    now: datetime,
) -> Shipment:
    """A shipment was received: in full, or as `lines` say.

    They map an order line's id to what was delivered, what of that is damaged and, where any was, what was refused.

    The first word counts: a repeated one, and a later one that says something else, leave the delivery as it is (see
    `correct_delivery`); so does the same message once its delivery was taken back. A shipment that nobody dispatched is
    dispatched by this, where it is the distributor's own word. Raises `DeliveryRefused` for a time to come, quantities
    that cannot be, or what has not left, `ShipmentMovedOn` for a cancelled shipment.
    """
    demand(actor, "delivery.confirm")
    shipment = locked_shipment(actor, shipment)
    if shipment.status == Shipment.Status.DELIVERED or _heard(shipment, source, message_id):
        return shipment
    if shipment.status == Shipment.Status.CANCELLED:
        raise moved_on(shipment)
    if shipment.status == Shipment.Status.PLANNED and not says_what_left(actor):
        raise DeliveryRefused(_("This shipment has not left yet, as far as we know. Ask the service desk."))
    if why := disbelief(delivered_at, placed_at=shipment.order.placed_at, now=now):
        raise DeliveryRefused(str(DISBELIEF[why]), fields={"delivered_at": [str(DISBELIEF[why])]}, why=why)
    told = (
        message_id or f"{shipment.number}-delivered-{shipment.tracking.count()}"
    )  # another one after it was taken back
    _hear(shipment, received_by, delivered_at, source, told, now)
    return receive(actor, shipment, received_by=received_by, delivered_at=delivered_at, lines=lines or {})


def says_what_left(actor: Actor) -> bool:
    """Whether the actor's word is enough that goods left which nobody dispatched: the distributor's own is."""
    return actor.account_id is None and actor.role != "carrier"


def receive(
    actor: Actor,
    shipment: Shipment,
    *,
    received_by: str,
    delivered_at: datetime,
    lines: Mapping[int, Sequence[int]],
) -> Shipment:
    """The locked shipment, planned or shipped, is received."""
    if shipment.status == Shipment.Status.PLANNED:
        shipment = leave(actor, shipment, shipped_at=delivered_at - timedelta(minutes=1))
    rows = list(shipment.lines.select_related("order_line"))
    count(rows, lines)
    ShipmentLine.objects.bulk_update(rows, ["delivered_quantity", "damaged_quantity", "refused_quantity"])
    shipment.delivered_at, shipment.received_by = delivered_at, received_by.strip()[:120]
    found = verdict_of(shipment, rows)
    shipment.status = Shipment.Status.DELIVERED
    shipment.is_late, shipment.is_short, shipment.is_damaged = found.is_late, found.is_short, found.is_damaged
    shipment.save(update_fields=["status", "delivered_at", "received_by", "is_late", "is_short", "is_damaged"])
    shipment.parcels.update(status=Shipment.Status.DELIVERED)
    is_complete = not shipment.order.shipments.filter(status__in=UNDER_WAY).exists()
    record_delivered(
        shipment.order, {row.order_line_id: row.delivered_quantity for row in rows}, is_complete=is_complete
    )
    freeze_facts([shipment.pk], now=delivered_at)
    record(
        "shipment.delivered",
        f"shipment:{shipment.number}",
        account_id=shipment.account_id,
        actor=actor,
        at=delivered_at,
        **facts_of(shipment),
    )
    return shipment


def count(rows: list[ShipmentLine], said: Mapping[int, Sequence[int]]) -> None:
    """Put on the rows what was received, in full where nothing is said; `DeliveryRefused` for what cannot be."""
    unknown = set(said) - {row.order_line_id for row in rows}
    if unknown:
        raise DeliveryRefused(_("One of the lines is not in this shipment."), lines=sorted(unknown))
    for row in rows:
        counted = Received(row.quantity, *said.get(row.order_line_id, (row.quantity, 0)))
        if not can_be(counted):
            words = _("Of %(shipped)s x %(sku)s shipped, that cannot be what was received.")
            raise DeliveryRefused(words % {"shipped": row.quantity, "sku": row.order_line.sku}, line=row.order_line_id)
        row.delivered_quantity, row.damaged_quantity = counted.delivered, counted.damaged
        row.refused_quantity = counted.refused


def _heard(shipment: Shipment, source: str, message_id: str) -> bool:
    return bool(message_id) and shipment.tracking.filter(source=source[:40], message_id=message_id[:80]).exists()


def _hear(
    shipment: Shipment, received_by: str, delivered_at: datetime, source: str, message_id: str, now: datetime
) -> None:
    TrackingEvent.objects.bulk_create(
        [
            TrackingEvent(
                shipment=shipment,
                kind=TrackingEvent.Kind.DELIVERED,
                note=received_by.strip()[:200],
                source=source[:40],
                message_id=message_id[:80],
                happened_at=delivered_at,
                heard_at=now,
            )
        ],
        ignore_conflicts=True,
    )
