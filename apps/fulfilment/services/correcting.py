"""What was said about a delivery was not so: it is corrected, or taken back as never received.

The distributor's own people say so, with a reason. What follows from a delivery (facts, a case, who is asked) follows
from the events.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.errors import PermissionMissing
from apps.accounts.services import demand
from apps.core.events import record
from apps.core.scoping import Actor
from apps.fulfilment.errors import DeliveryRefused, DeliverySettled, ShipmentMovedOn
from apps.fulfilment.models import Shipment, ShipmentLine, TrackingEvent
from apps.fulfilment.rules import disbelief
from apps.fulfilment.selectors import facts_of, verdict_of
from apps.fulfilment.services.deliveries import DISBELIEF, OPERATIONS, count, says_what_left
from apps.fulfilment.services.dispatching import locked_shipment
from apps.fulfilment.services.facts import freeze_anew, freeze_facts, thaw
from apps.ordering.services import correct_delivered, take_back_delivered

_COUNTED = ("delivered_quantity", "damaged_quantity", "refused_quantity")


@transaction.atomic
def correct_delivery(
    actor: Actor,
    shipment: Shipment,
    *,
    delivered_at: datetime,
    received_by: str,
    lines: Mapping[int, Sequence[int]],
    reason: str,
    now: datetime,
) -> Shipment:
    """A delivery was another than was said: when, to whom, and what of each line, as `confirm_delivery` takes them.

    Lines that are not named were received in full. Its facts are frozen anew. What says nothing new changes nothing.
    Raises `DeliveryRefused` without a reason, for a time to come and quantities that cannot be, `ShipmentMovedOn` for
    what is not delivered, `DeliverySettled` for other quantities where a credit note hangs on it, `UnderReturn` for
    fewer than come back. Records `shipment.corrected`.
    """
    shipment, reason = _own_delivery(actor, shipment, reason)
    if why := disbelief(delivered_at, placed_at=shipment.order.placed_at, now=now):
        raise DeliveryRefused(str(DISBELIEF[why]), fields={"delivered_at": [str(DISBELIEF[why])]}, why=why)
    freeze_facts([shipment.pk], now=shipment.delivered_at)  # where it was delivered before facts were kept
    was = facts_of(shipment)
    rows = list(shipment.lines.select_related("order_line").order_by("pk"))
    before = {row.pk: _counted(row) for row in rows}
    count(rows, lines)
    changed = [row for row in rows if _counted(row) != before[row.pk]]
    received_by = received_by.strip()[:120]
    if not changed and (delivered_at, received_by) == (shipment.delivered_at, shipment.received_by):
        return shipment
    more = {row.order_line_id: row.delivered_quantity - before[row.pk][0] for row in changed}
    if any(more.values()):
        _refuse_credited(shipment)
        correct_delivered(shipment.order, more)
    ShipmentLine.objects.bulk_update(changed, _COUNTED)
    shipment.delivered_at, shipment.received_by = delivered_at, received_by
    shipment.shipped_at = min(shipment.shipped_at or delivered_at, delivered_at - timedelta(minutes=1))
    found = verdict_of(shipment, rows)
    shipment.is_late, shipment.is_short, shipment.is_damaged = found.is_late, found.is_short, found.is_damaged
    shipment.save(update_fields=["delivered_at", "received_by", "shipped_at", "is_late", "is_short", "is_damaged"])
    freeze_anew(shipment, damaged={pk: damaged for pk, (_n, damaged, _r) in before.items()}, now=delivered_at)
    _hear_anew(shipment, _("it was corrected later"), now, corrected=True)
    facts = facts_of(shipment)
    said = {name: was[name] for name, value in facts.items() if was[name] != value}
    _record("shipment.corrected", actor, shipment, now, reason=reason, was=said, **facts)
    return shipment


@transaction.atomic
def void_delivery(actor: Actor, shipment: Shipment, *, reason: str, now: datetime) -> Shipment:
    """A delivery was not received after all: it is on its way again, as is its order, and nothing is known of it.

    Its invoice stays, as that of any goods that have left. Raises `DeliveryRefused` without a reason, `ShipmentMovedOn`
    for what is not delivered, `DeliverySettled` where a credit note hangs on it, `UnderReturn` where some of it is back
    or under a return. Records `shipment.voided`.
    """
    shipment, reason = _own_delivery(actor, shipment, reason)
    _refuse_credited(shipment)
    rows = list(shipment.lines.order_by("pk"))
    take_back_delivered(shipment.order, {row.order_line_id: _counted(row)[0] for row in rows})
    shipment.lines.update(delivered_quantity=None, damaged_quantity=0, refused_quantity=0)
    thaw(shipment)
    delivered_on = shipment.delivered_on
    shipment.status, shipment.delivered_at, shipment.received_by = Shipment.Status.SHIPPED, None, ""
    shipment.is_late = shipment.is_short = shipment.is_damaged = False
    shipment.save(update_fields=["status", "delivered_at", "received_by", "is_late", "is_short", "is_damaged"])
    shipment.parcels.filter(status=Shipment.Status.DELIVERED).update(status=Shipment.Status.SHIPPED)
    shipment.proofs.update(counts=False)
    _hear_anew(shipment, _("the delivery was taken back"), now, corrected=False)
    facts = {"shipment": shipment.number, "order": shipment.order.number, "delivered_on": delivered_on.isoformat()}
    _record("shipment.voided", actor, shipment, now, reason=reason, **facts)
    return shipment


def _own_delivery(actor: Actor, shipment: Shipment, reason: str) -> tuple[Shipment, str]:
    demand(actor, "delivery.confirm")
    if not says_what_left(actor):
        raise PermissionMissing(
            _("Only the distributor corrects what was said about a delivery: ask the service desk.")
        )
    reason = " ".join(reason.split())[:200]
    if not reason:
        words = _("Say why: it stays with the delivery.")
        raise DeliveryRefused(words, fields={"reason": [words]})
    shipment = locked_shipment(actor, shipment)
    if shipment.status != Shipment.Status.DELIVERED:
        words = _("Shipment %(number)s is %(status)s: only what is delivered can be corrected or taken back.")
        raise ShipmentMovedOn(
            words % {"number": shipment.number, "status": shipment.get_status_display()}, status=shipment.status
        )
    return shipment, reason


def _counted(row: ShipmentLine) -> tuple[int, int, int]:
    """Delivered, damaged, refused; what nobody has counted was received in full."""
    delivered = row.quantity if row.delivered_quantity is None else row.delivered_quantity
    return delivered, row.damaged_quantity, row.refused_quantity


def _refuse_credited(shipment: Shipment) -> None:
    # The papers hang on the shipment; they are a floor above, so they are asked for by their relation.
    credited = Shipment.objects.filter(pk=shipment.pk, invoice__credit_notes__isnull=False)
    number = credited.values_list("invoice__credit_notes__number", flat=True).order_by("-invoice__credit_notes").first()
    if number:
        words = _(
            "Credit note %(number)s says what of it was owed. Quantities cannot be changed any more: settle the"
            " difference with the customer by an order or another credit note."
        )
        raise DeliverySettled(words % {"number": number}, credit_note=number)


def _hear_anew(shipment: Shipment, because: str, now: datetime, *, corrected: bool) -> None:
    """What was heard of the delivery is kept and counts no more; in its place, where there is any, what holds now."""
    heard = shipment.tracking.filter(kind=TrackingEvent.Kind.DELIVERED, applied=True)
    heard.update(applied=False, unapplied_because=because[:120])
    if corrected:
        TrackingEvent.objects.create(
            shipment=shipment,
            kind=TrackingEvent.Kind.DELIVERED,
            note=shipment.received_by,
            source=OPERATIONS,
            message_id=f"{shipment.number}-corrected-{shipment.tracking.count()}",
            happened_at=shipment.delivered_at,
            heard_at=now,
        )


def _record(name: str, actor: Actor, delivery: Shipment, now: datetime, **facts) -> None:
    record(name, f"shipment:{delivery.number}", account_id=delivery.account_id, actor=actor, at=now, **facts)
