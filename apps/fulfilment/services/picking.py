"""Goods are picked and packed. What is not where it should be is promised anew at once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.services import demand
from apps.availability.rules import Demand, Lot, Promise
from apps.availability.selectors import supplies_of
from apps.availability.services import lose_all, reserve
from apps.catalogue.rules import Ask
from apps.core.events import record
from apps.core.scoping import Actor
from apps.delivery.selectors import arrivals_for
from apps.fulfilment.errors import PickRefused
from apps.fulfilment.models import Parcel, ParcelLine, Shipment, ShipmentLine
from apps.fulfilment.services.dispatching import locked_shipment, moved_on
from apps.fulfilment.services.inserts import call_off_inserts, settle_inserts
from apps.fulfilment.services.planning import plan_shipments
from apps.ordering.models import OrderLine
from apps.ordering.models.destinations import GoesSomewhere

MOST_PARCELS = 99


@dataclass(frozen=True, slots=True)
class Packed:
    """A parcel: the number its carrier knows it by (or ""), and shipment line id -> how much is in it."""

    tracking_number: str
    lines: Mapping[int, int] = field(default_factory=dict)


@transaction.atomic
def confirm_picks(
    actor: Actor,
    shipment: Shipment,
    picked: Mapping[int, int],
    *,
    parcels: Sequence[Packed] = (),
    put_in: Collection[int] | None = None,
    now: datetime,
) -> Shipment:
    """Of each line (by its id) so much was picked; a line that is not named was picked whole.

    `put_in` are the ids of what else is in the box; None: everything that was chosen for it.

    What is missing is no longer on hand, is held anew from wherever it can come, and goes with a later shipment, for
    which the buyer is told the day. A shipment of which nothing was found is called off. Raises `PickRefused` for
    quantities that cannot be, `ShipmentMovedOn` where it is not being picked.
    """
    demand(actor, "shipment.dispatch")
    shipment = locked_shipment(actor, shipment)
    if shipment.status != Shipment.Status.PLANNED or shipment.wave_id is None or shipment.picked_at:
        raise moved_on(shipment)
    lines = list(shipment.lines.select_related("order_line__product").order_by("order_line__position"))
    missing = _missing(lines, picked)
    _shorten(lines, missing)
    is_empty = len(missing) == len(lines) and all(missing[line.pk] == line.quantity for line in lines)
    shipment.picked_at, shipment.picked_by = now, actor.name
    shipment.status = Shipment.Status.CANCELLED if is_empty else shipment.status
    shipment.save(update_fields=["picked_at", "picked_by", "status"])
    if missing:  # the stock of both is locked at once, and so in the order of everybody else
        also = shipment.inserts.filter(insert__product__isnull=False).values_list("insert__product", flat=True)
        supplies_of({*also, *(line.order_line.product_id for line in lines)}, locked=True)
    if is_empty:
        call_off_inserts([shipment.pk])
    else:
        settle_inserts(shipment, put_in)
    if parcels and not is_empty:
        _pack(shipment, parcels)
    _record("shipment.picked", shipment, actor, now, lines=len(lines), short=len(missing))
    if missing:
        _promise_anew(actor, shipment, {line: missing[line.pk] for line in lines if line.pk in missing}, now)
    return shipment


def _missing(lines: list[ShipmentLine], picked: Mapping[int, int]) -> dict[int, int]:
    """Shipment line id -> what was not found."""
    if set(picked) - {line.pk for line in lines}:
        raise PickRefused(_("One of the lines is not in this shipment."))
    for line in lines:
        if not 0 <= picked.get(line.pk, line.quantity) <= line.quantity:
            words = _("Of %(sku)s, %(quantity)s are wanted: pick no more, and at least none.")
            raise PickRefused(words % {"sku": line.order_line.sku, "quantity": line.quantity}, line=line.pk)
    found = {line.pk: line.quantity - picked.get(line.pk, line.quantity) for line in lines}
    return {pk: quantity for pk, quantity in found.items() if quantity}


def _shorten(lines: list[ShipmentLine], missing: Mapping[int, int]) -> None:
    for line in lines:
        left = line.quantity - missing.get(line.pk, 0)
        if not left:
            ShipmentLine.objects.filter(pk=line.pk).delete()
        elif line.pk in missing:
            ShipmentLine.objects.filter(pk=line.pk).update(quantity=left)


def _promise_anew(actor: Actor, shipment: Shipment, missing: Mapping[ShipmentLine, int], now: datetime) -> None:
    order = shipment.order
    refs = {line: OrderLine.ref_of(order.number, line.order_line.position) for line in missing}
    lose_all({(refs[line], shipment.warehouse_id): quantity for line, quantity in missing.items()})
    today = now.astimezone(ZoneInfo(shipment.warehouse.time_zone)).date()
    by_sku = sorted(missing, key=lambda line: line.order_line.product_id)
    wanted = [Demand(refs[line], line.order_line.product_id, missing[line]) for line in by_sku]
    lots = reserve(wanted, on=today)
    days = _arrivals(shipment.goes, missing, lots, refs, now)
    later = plan_shipments(order.pk, now=now)
    _expect(later, {line.order_line_id: day for line, day in days.items()})
    _record(
        *("shipment.picked_short", shipment, actor, now),
        order=order.number,
        lines=[
            {
                "sku": line.order_line.sku,
                "name": line.order_line.name,
                "missing": quantity,
                "comes_on": days[line].isoformat() if days[line] else None,
            }
            for line, quantity in missing.items()
        ],
    )


def _arrivals(
    goes: GoesSomewhere,
    missing: Mapping[ShipmentLine, int],
    lots: Mapping[str, tuple[Lot, ...]],
    refs: Mapping,
    now: datetime,
) -> dict[ShipmentLine, date | None]:
    """When what is missing of each line arrives, by the way that was ordered."""
    asks = {line: Ask(line.order_line_id, quantity) for line, quantity in missing.items()}
    promises = {
        ask: Promise(max(lot.ready_on for lot in lots[refs[line]]), lots[refs[line]], 0, 0)
        for line, ask in asks.items()
    }
    arrivals = arrivals_for(goes.ship_to, promises, now, option=goes.delivery_option, direct=False)
    return {line: arrivals[ask] for line, ask in asks.items()}


def _expect(shipments: Sequence[Shipment], days: Mapping[int, date | None]) -> None:
    """The loose shipments with these lines come on the day of the last of them; the first promise is kept beside it."""
    loose = [each for each in shipments if each.status == Shipment.Status.PLANNED and each.wave_id is None]
    for shipment in loose:
        found = [days[pk] for pk in shipment.lines.values_list("order_line_id", flat=True) if days.get(pk)]
        if found:
            shipment.expected_on = max([*found, *filter(None, [shipment.promised_on])])
            shipment.save(update_fields=["expected_on"])


@transaction.atomic
def pack(actor: Actor, shipment: Shipment, parcels: Sequence[Packed], *, now: datetime) -> list[Parcel]:
    """The parcels of a shipment that has not arrived, as they are now; those of before are forgotten.

    Raises `PickRefused` for more of a line than the shipment has, or the same tracking number twice.
    """
    demand(actor, "shipment.dispatch")
    shipment = locked_shipment(actor, shipment)
    if shipment.status not in (Shipment.Status.PLANNED, Shipment.Status.SHIPPED):
        raise moved_on(shipment)
    made = _pack(shipment, parcels)
    _record("shipment.packed", shipment, actor, now, parcels=len(made))
    return made


def _pack(shipment: Shipment, parcels: Sequence[Packed]) -> list[Parcel]:
    left = dict(shipment.lines.values_list("pk", "quantity"))
    numbers = [parcel.tracking_number.strip()[:60] for parcel in parcels]
    known = [number for number in numbers if number]
    if len(parcels) > MOST_PARCELS or len(known) != len(set(known)):
        raise PickRefused(_("Each parcel needs a tracking number of its own, and a shipment has 99 parcels at most."))
    for parcel in parcels:
        for pk, quantity in parcel.lines.items():
            left[pk] = left.get(pk, 0) - quantity
            if quantity < 1 or left[pk] < 0:
                raise PickRefused(_("There is more in the parcels than in the shipment; count again."))
    shipment.parcels.all().delete()
    made = Parcel.objects.bulk_create(
        Parcel(shipment=shipment, position=at, tracking_number=number, status=shipment.status)
        for at, number in enumerate(numbers, 1)
    )
    ParcelLine.objects.bulk_create(
        ParcelLine(parcel=row, line_id=pk, quantity=quantity)
        for row, parcel in zip(made, parcels, strict=True)
        for pk, quantity in parcel.lines.items()
    )
    return made


def _record(name: str, shipment: Shipment, actor: Actor, now: datetime, **facts) -> None:
    record(name, f"shipment:{shipment.number}", account_id=shipment.account_id, actor=actor, at=now, **facts)
