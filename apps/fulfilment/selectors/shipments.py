"""Shipments, each behind one door, and what is told of them."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, F, Q

from apps.core.keyset import Page, latest_first
from apps.core.models import Event
from apps.core.scoping import Actor
from apps.fulfilment.errors import ShipmentNotFound
from apps.fulfilment.models import Parcel, PromiseRecord, Shipment, ShipmentLine, ShippingChoice, TrackingEvent
from apps.fulfilment.rules import PromiseRate, Received, Verdict, promise_rate, verdict
from apps.ordering.models import Order
from apps.ordering.selectors.messages import Letter

#: Where shipments go, beside them.
PLACES = ("order__ship_to", "destination__ship_to")
UNDER_WAY = (Shipment.Status.PLANNED, Shipment.Status.SHIPPED)


def shipment_for(actor: Actor, number: str) -> Shipment:
    """The shipment of that number with order, ship-to, account and lines; `ShipmentNotFound` for absent and not yours.

    Two queries.
    """
    shipments = (
        Shipment.objects.visible_to(actor)
        .prefetch_related("lines__order_line")
        .select_related(*PLACES, "order__contact", "order__delivery_option", "account", "warehouse")
        .select_related("destination__delivery_option")
    )
    shipment = shipments.filter(number=number).first()
    if shipment is None:
        raise ShipmentNotFound()
    return shipment


def shipments_of(actor: Actor, order: Order) -> list[Shipment]:
    """The shipments of an order with lines, parcels and what carriers said, the first to leave first. Six queries."""
    shipments = Shipment.objects.visible_to(actor).filter(order=order)
    shipments = shipments.select_related("warehouse", *PLACES, "account")
    return list(
        shipments.prefetch_related("lines__order_line", "tracking", "parcels__lines").order_by("ready_on", "id")
    )


def shipping_of(order: Order, shipments: Iterable[Shipment]) -> bool | None:
    """Whether an order goes complete, as long as that can still be chosen; None where it cannot. One query at most.

    It can where several parts of what goes to one ship-to are planned, or were put together by that choice, and nobody
    picks them yet.
    """
    loose = [each for each in shipments if each.status == Shipment.Status.PLANNED and each.wave_id is None]
    if not loose or order.status not in Order.OPEN:
        return None
    choice = ShippingChoice.objects.filter(order=order).first()
    if choice is not None and choice.together:
        return True
    days: dict[int | None, set[date]] = {}
    for each in loose:
        days.setdefault(each.destination_id, set()).add(each.ready_on)
    return False if any(len(found) > 1 for found in days.values()) else None


def shipments_page(
    actor: Actor, *, status: str | None = None, after: str | None = None, before: str | None = None, size: int = 25
) -> Page[Shipment]:
    """A page of the shipments the actor may see, the latest first. One query."""
    shipments = Shipment.objects.visible_to(actor).select_related("order", "account", "warehouse", "destination")
    if status:
        shipments = shipments.filter(status=status)
    return latest_first(shipments, "created_at", after=after, before=before, size=size)


def deliveries_due(actor: Actor, limit: int = 5) -> list[Shipment]:
    """Shipments under way, the one promised first ahead, each with `line_count`. One query."""
    due = Shipment.objects.visible_to(actor).filter(status__in=UNDER_WAY).select_related("order", "account")
    return list(due.annotate(line_count=Count("lines")).order_by(F("promised_on").asc(nulls_last=True), "id")[:limit])


def late_shipments(actor: Actor, limit: int = 50) -> list[Shipment]:
    """Shipments under way that were noticed as overdue, the longest overdue first. One query."""
    late = Shipment.objects.visible_to(actor).filter(status__in=UNDER_WAY, overdue_at__isnull=False)
    return list(late.select_related("order", "account").order_by("promised_on", "id")[:limit])


def tracking_of(actor: Actor, shipment: Shipment) -> list[TrackingEvent]:
    """What was said about a shipment, in the order it happened. One query."""
    return list(TrackingEvent.objects.filter(shipment__in=Shipment.objects.visible_to(actor).filter(pk=shipment.pk)))


def parcels_of(actor: Actor, shipment: Shipment) -> list[Parcel]:
    """The parcels of a shipment with what is in each and what carriers said of it. Four queries."""
    parcels = Parcel.objects.filter(shipment__in=Shipment.objects.visible_to(actor).filter(pk=shipment.pk))
    return list(parcels.prefetch_related("lines__line__order_line", "tracking"))


def received_of(lines: Iterable[ShipmentLine]) -> list[Received]:
    """What was received of each line; what nobody has counted yet counts as received."""
    return [
        Received(
            line.quantity,
            line.quantity if line.delivered_quantity is None else line.delivered_quantity,
            line.damaged_quantity,
        )
        for line in lines
    ]


def verdict_of(shipment: Shipment, lines: Iterable[ShipmentLine]) -> Verdict:
    """The verdict on a delivered shipment."""
    return verdict(
        promised_on=shipment.promised_on,
        delivered_at=shipment.delivered_at,
        time_zone=shipment.time_zone,
        lines=received_of(lines),
    )


def promise_rate_of(product_id: int, category_id: int) -> PromiseRate | None:
    """How often the first promise of a product was kept, as of the last night's reckoning. One query."""
    records = PromiseRecord.objects.filter(Q(product=product_id) | Q(category=category_id))
    found = {product is None: (lines, kept) for product, lines, kept in records.values_list("product", "lines", "kept")}
    return promise_rate(found.get(False, (0, 0)), found.get(True, (0, 0)))


def dispatch_notices(event: Event) -> list[Letter]:
    """shipment.dispatched: to whoever ordered, with what is on its way. Four queries at most."""
    shipment = _told_of(event)
    return _to_contact("dispatch_notice", f"dispatch_notice {shipment.number}", shipment, list(shipment.lines.all()))


def delivery_notices(event: Event) -> list[Letter]:
    """shipment.delivered: to whoever ordered, with what came. Four queries at most."""
    shipment = _told_of(event)
    return _to_contact("delivery_notice", f"delivery_notice {event.pk}", shipment, list(shipment.lines.all()))


def short_pick_notices(event: Event) -> list[Letter]:
    """shipment.picked_short: to whoever ordered, with what was not found and when it comes. Four queries at most."""
    lines = [
        {**line, "comes_on": date.fromisoformat(line["comes_on"]) if line["comes_on"] else None}
        for line in event.facts["lines"]
    ]
    shipment = _told_of(event)
    return _to_contact("short_pick", f"short_pick {shipment.number}", shipment, lines)


def _told_of(event: Event) -> Shipment:
    shipments = Shipment.objects.select_related("order__contact", *PLACES, "account")
    return shipments.prefetch_related("lines__order_line").get(number=event.subject.partition(":")[2])


def _to_contact(template: str, key: str, shipment: Shipment, lines: list) -> list[Letter]:
    contact = shipment.order.contact
    if contact is None or not contact.email or not contact.is_active:
        return []
    context = {
        "shipment": shipment,
        "order": shipment.order,
        "lines": lines,
        "account": shipment.account,
        "reader": contact.name,
    }
    return [Letter(key, contact.email, template, context, contact.language, shipment.account_id, contact.pk)]
