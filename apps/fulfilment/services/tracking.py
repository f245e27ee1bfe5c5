"""What carriers say about a shipment, in whatever order it arrives."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.errors import PermissionMissing
from apps.accounts.services import demand
from apps.core.scoping import Actor
from apps.fulfilment.models import Parcel, Shipment, TrackingEvent
from apps.fulfilment.rules import CANCELLED, DELIVERED, PLANNED, RANK, SHIPPED, STATUS_AFTER, disbelief
from apps.fulfilment.services.deliveries import receive, says_what_left
from apps.fulfilment.services.dispatching import leave, locked_shipment


@transaction.atomic
def record_tracking(
    actor: Actor,
    shipment: Shipment,
    *,
    kind: str,
    happened_at: datetime,
    source: str,
    message_id: str,
    place: str = "",
    note: str = "",
    parcel: Parcel | None = None,
    carrier: str = "",
    tracking_code: str = "",
    now: datetime,
) -> TrackingEvent:
    """Keep what `source` said, once for each of its messages, and let it move the shipment where it is news.

    `carrier` and `tracking_code` are of what leaves by it; what left before keeps those it had.
    A shipment in several parcels has arrived when each parcel of which something was said has.
    What is not believed, or comes after something later was settled, is kept with the reason why it changed nothing.
    """
    demand(actor, "delivery.confirm")
    if actor.account_id is not None:
        raise PermissionMissing(_("Only the carrier or the distributor says where a shipment is."))
    shipment = locked_shipment(actor, shipment)
    heard = shipment.tracking.filter(source=source[:40], message_id=message_id[:80]).first()
    if heard:
        return heard
    why = _why_not(actor, shipment, kind, happened_at, now)
    event = TrackingEvent.objects.create(
        shipment=shipment,
        parcel=parcel,
        kind=kind,
        place=place.strip()[:80],
        note=note.strip()[:200],
        source=source[:40],
        message_id=message_id[:80],
        happened_at=happened_at,
        heard_at=now,
        applied=not why,
        unapplied_because=why,
    )
    if not why:
        _apply(actor, shipment, event, carrier, tracking_code)
    return event


def _why_not(actor: Actor, shipment: Shipment, kind: str, happened_at: datetime, now: datetime) -> str:
    believed = disbelief(happened_at, placed_at=shipment.order.placed_at, now=now)
    if believed == "future":
        return _("it tells of a time that has not come")
    if believed:
        return _("it tells of a time before the order")
    if shipment.status == CANCELLED:
        return _("the shipment was cancelled")
    if shipment.status == DELIVERED:
        return _("the shipment was delivered already")
    if STATUS_AFTER[kind] == DELIVERED and shipment.status == PLANNED and not says_what_left(actor):
        return _("the shipment has not left yet")
    return ""


def _apply(actor: Actor, shipment: Shipment, event: TrackingEvent, carrier: str, tracking_code: str) -> None:
    target = STATUS_AFTER[event.kind]
    if event.parcel:
        target = _move_parcel(event.parcel, target)
    if RANK[target] <= RANK[shipment.status]:
        if tracking_code and not shipment.tracking_code:
            shipment.tracking_code = tracking_code.strip()[:60]
            shipment.carrier = carrier.strip()[:80] or shipment.carrier
            shipment.save(update_fields=["tracking_code", "carrier"])
        return
    if target == DELIVERED:
        receive(actor, shipment, received_by=event.note, delivered_at=event.happened_at, lines={})
    elif shipment.status == PLANNED:
        leave(actor, shipment, shipped_at=event.happened_at, tracking_code=tracking_code, carrier=carrier)


def _move_parcel(parcel: Parcel, target: str) -> str:
    """The parcel moves forwards only; what that means for its shipment: arrived when all its parcels have."""
    if RANK[target] > RANK[parcel.status]:
        parcel.status = target
        parcel.save(update_fields=["status"])
    others = Parcel.objects.filter(shipment=parcel.shipment_id).exclude(tracking_number="").exclude(status=DELIVERED)
    return SHIPPED if target == DELIVERED and others.exists() else target
