"""How the goods of an order leave, and when each departure arrives."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.utils import timezone

from apps.availability.models import Reservation, Warehouse
from apps.availability.rules import INCOMING, SUPPLIER, Ask, Lot, Promise
from apps.delivery.selectors import arrivals_for, atlases_of
from apps.delivery.selectors.ways import Atlas
from apps.fulfilment.models import Shipment
from apps.fulfilment.rules.allocation import Departures, Part, Place, departures
from apps.ordering.models import Order, OrderLine
from apps.ordering.models.destinations import GoesSomewhere
from apps.ordering.selectors.terms import delivery_terms_of

_GOES = ("destination__delivery_option", "destination__direct_option")


def lines_of(order: Order) -> dict[int, OrderLine]:
    """The lines of an order by their ids, each with where it goes. One query."""
    lines = {line.pk: line for line in order.lines.select_related(*_GOES)}
    for line in lines.values():
        line.order = order
    return lines


def place_of(shipment: Shipment) -> Place:
    """From where, when and to where a shipment leaves."""
    return Place(shipment.warehouse_id, shipment.ready_on, shipment.supplier, shipment.destination_id)


def departures_of(order: Order, *, today: date, together: bool | None = None) -> Departures:
    """How what nobody picks yet of an order would leave, planned or not; `together` else than it goes. Five queries."""
    live = order.shipments.exclude(status=Shipment.Status.CANCELLED).prefetch_related("lines")
    fixed = [each for each in live if each.status != Shipment.Status.PLANNED or each.wave_id is not None]
    return departures_among(order, lines_of(order), fixed, today, together)


def departures_among(
    order: Order,
    lines: dict[int, OrderLine],
    fixed: list[Shipment],
    today: date,
    together: bool | None = None,
) -> Departures:
    """The same where lines and the shipments that stay as they are (`fixed`) are known: for each ship-to of the order
    by itself. One query."""
    by_ref = {OrderLine.ref_of(order.number, line.position): line for line in lines.values()}
    held = Reservation.objects.filter(demand_ref__in=by_ref, state=Reservation.State.HELD).select_related("offer")
    gone, picked = Counter(), Counter()
    for shipment in fixed:
        for line in shipment.lines.all():
            gone[line.order_line_id] += line.quantity
            if shipment.status == Shipment.Status.PLANNED:
                picked[line.order_line_id, (shipment.warehouse_id, shipment.supplier)] += line.quantity
    found: Departures = {}
    for destination_id, goes in {line.destination_id: line.goes for line in lines.values()}.items():
        joined = goes_together(order, goes) if together is None else together
        wanted = {pk: line.quantity - gone[pk] for pk, line in lines.items() if line.destination_id == destination_id}
        direct = goes.all_directly or not joined
        parts = [_part(by_ref[row.demand_ref].pk, row, direct=direct) for row in held]
        here = [part for part in parts if part.line_id in wanted]
        leaving = departures(wanted, here, picked=picked, together=joined, today=today)
        found |= {place._replace(destination_id=destination_id): content for place, content in leaving.items()}
    return {place: found[place] for place in sorted(found, key=lambda each: each.by_day)}


def _part(line_id: int, row: Reservation, *, direct: bool) -> Part:
    """What is held as a part; `direct` says that what a supplier sends straight to the receiver goes so."""
    if row.is_direct and direct:
        return Part(line_id, None, row.ready_on, row.quantity, row.offer.supplier)
    return Part(line_id, row.warehouse_id, row.ready_on, row.quantity)


def goes_together(order: Order, goes: GoesSomewhere) -> bool:
    """Whether what goes to one ship-to of the order leaves complete: as was chosen since, else as it was ordered."""
    choice = getattr(order, "shipping_choice", None)
    if choice is not None and position_of(goes) in choice.apart:
        return False
    return goes.is_complete if choice is None or choice.together is None else choice.together


def position_of(goes: GoesSomewhere) -> int:
    """Where a ship-to stands among those of its order; the order's own is 0."""
    return 0 if isinstance(goes, Order) else goes.position


def waiting_places(order: Order) -> set[int | None]:
    """The ship-tos of an order (by the id of the further one) for which it waits until all is ready. One query."""
    return {line.destination_id for line in lines_of(order).values() if goes_together(order, line.goes)}


def arrivals_of(order: Order, places: Iterable[Place], now: datetime) -> dict[Place, date | None]:
    """When what leaves a place on its day arrives, by the way that was ordered for its ship-to. Three queries."""
    lots = _lots(place for place in places if place.warehouse_id or place.supplier)
    goes = _goes(order, lots)
    known = [pk for pk in goes if goes[pk].ship_to]
    atlases = atlases_of([goes[pk].ship_to for pk in known], lots.values(), now) if known else []
    found: dict[Place, date | None] = {}
    for pk, atlas in zip(known, atlases, strict=True):
        here = {place: lot for place, lot in lots.items() if place.destination_id == pk}
        found |= _days(goes[pk], here, atlas, now)
    return {place: found.get(place) for place in lots}


def _days(goes: GoesSomewhere, lots: dict[Place, Lot], atlas: Atlas, now: datetime) -> dict[Place, date | None]:
    """When each departure to one ship-to arrives; what comes from us after all, where a supplier was to send all of
    it, by the standard way."""
    found: dict[Place, date | None] = {}
    for direct in (True, False):
        asks = {place: Ask(-at, 1) for at, place in enumerate(lots, 1) if bool(place.supplier) == direct}
        promised = {ask: Promise(place.leaves_on, (lots[place],), 0, 0) for place, ask in asks.items()}
        option = None if goes.all_directly and not direct else goes.delivery_option
        days = arrivals_for(goes.ship_to, promised, now, option=option, branch_id=goes.branch_id, atlas=atlas)
        found |= {place: days[ask] for place, ask in asks.items()}
    return found


def _lots(places: Iterable[Place]) -> dict[Place, Lot]:
    """A piece of each departure. Ways straight from a supplier are those of the warehouse that suppliers bring to."""
    places, home = list(places), None
    if any(place.supplier for place in places):
        home = Warehouse.objects.order_by("priority", "code").values_list("pk", flat=True).first()
    return {
        place: Lot(1, place.leaves_on, SUPPLIER, home, None, place.supplier)
        if place.supplier
        else Lot(1, place.leaves_on, INCOMING, place.warehouse_id, None)
        for place in places
    }


def _goes(order: Order, places: Iterable[Place]) -> dict[int | None, GoesSomewhere]:
    """Where the departures go, by the id of the further ship-to."""
    further = {place.destination_id for place in places} - {None}
    if not further:
        return {None: order}
    known = order.destinations.select_related("ship_to", "delivery_option").in_bulk(further)
    return {None: order, **known}


class SplitOffer(NamedTuple):
    """What goes to a ship-to in parts: the day of the first, and what the further ones cost more, net."""

    first_on: date
    charge: Decimal


def split_offers(order: Order, now: datetime) -> dict[int | None, SplitOffer]:
    """Of each ship-to of an order (by the id of the further one) that waits until all of it is ready: what is ready
    first by itself. None is among them that goes in parts, or is ready all together.

    It costs what the checkout asks for parts: each day after the first adds the charge that the order was placed with.
    """
    goes = {line.destination_id: line.goes for line in lines_of(order).values()}
    waiting = {pk: each for pk, each in goes.items() if goes_together(order, each)}
    if not waiting:
        return {}
    alone = departures_of(order, today=timezone.localdate(now), together=False)
    days: dict[int | None, set[date]] = {}
    for place, day in arrivals_of(order, alone, now).items():
        if day and place.destination_id in waiting:
            days.setdefault(place.destination_id, set()).add(day)
    return {
        pk: SplitOffer(min(found), delivery_terms_of(waiting[pk]).part_charge * (len(found) - 1))
        for pk, found in days.items()
        if len(found) > 1
    }
