"""What is picked: what can be released, what lies where, how much of it in which packs."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F

from apps.availability.models import Reservation, Warehouse
from apps.catalogue.models import PackagingUnit
from apps.core.scoping import Actor
from apps.fulfilment.errors import ShipmentNotFound, WaveNotFound
from apps.fulfilment.models import PickLocation, Shipment, ShipmentLine, Wave
from apps.fulfilment.rules.allocation import Packs, codes_of, in_packs
from apps.ordering.models import OrderLine


@dataclass(frozen=True, slots=True)
class Pick:
    """One line to pick: where it lies ("" where nobody has said), how much, in which packs, by which codes."""

    line: ShipmentLine
    location: str
    packs: tuple[Packs, ...]
    codes: Mapping[str, int]

    @property
    def sku(self) -> str:
        return self.line.order_line.sku

    @property
    def name(self) -> str:
        return self.line.order_line.name

    @property
    def codes_as_json(self) -> str:
        """What each code that is scanned stands for, in pieces; 0 for all of the line that is left."""
        return json.dumps(self.codes)


def releasable(warehouse: Warehouse, *, on: date, locked: bool = False) -> list[Shipment]:
    """Shipments that can be picked there now: their day has come and all their goods lie there. First promise first.

    Five queries.
    """
    loose = Shipment.objects.filter(
        warehouse=warehouse, status=Shipment.Status.PLANNED, wave=None, ready_on__lte=on
    ).order_by(F("promised_on").asc(nulls_last=True), "id")
    if locked:
        loose = loose.select_for_update(of=("self",), skip_locked=True)
    shipments = list(loose.select_related("order").prefetch_related("lines__order_line__product"))
    there = _there(shipments, warehouse)
    by_day = sorted(shipments, key=lambda shipment: (shipment.ready_on, shipment.pk))
    whole = {shipment.pk for shipment in by_day if _take(_needs(shipment), there)}
    return [shipment for shipment in shipments if shipment.pk in whole]


def _there(shipments: list[Shipment], warehouse: Warehouse) -> Counter[str]:
    """What lies in the warehouse for the lines of the shipments (by ref) and is not being picked already."""
    refs = {ref for shipment in shipments for ref in _needs(shipment)}
    held = Reservation.objects.filter(
        demand_ref__in=refs, warehouse=warehouse, state=Reservation.State.HELD, stock__isnull=False
    )
    there: Counter[str] = Counter()
    for ref, quantity in held.values_list("demand_ref", "quantity"):
        there[ref] += quantity
    picked = ShipmentLine.objects.filter(
        order_line__order__in={shipment.order_id for shipment in shipments},
        shipment__warehouse=warehouse,
        shipment__status=Shipment.Status.PLANNED,
        shipment__wave__isnull=False,
    ).values_list("order_line__order__number", "order_line__position", "quantity")
    for number, position, quantity in picked:
        there[OrderLine.ref_of(number, position)] -= quantity
    return there


def _needs(shipment: Shipment) -> dict[str, int]:
    """Ref -> quantity of what has to lie there; services do not."""
    return {
        OrderLine.ref_of(shipment.order.number, line.order_line.position): line.quantity
        for line in shipment.lines.all()
        if line.order_line.product.kind == "goods"
    }


def _take(needs: dict[str, int], there: Counter[str]) -> bool:
    """Whether all of it is there; it is gone for the next then."""
    if any(there[ref] < quantity for ref, quantity in needs.items()):
        return False
    there.subtract(needs)
    return True


def wave_for(actor: Actor, wave_id: int) -> Wave:
    """The wave, for whoever works in the warehouses; `WaveNotFound` else."""
    wave = Wave.objects.select_related("warehouse").filter(pk=wave_id).first() if actor.sees_everything else None
    if wave is None:
        raise WaveNotFound()
    return wave


def waves(actor: Actor, limit: int = 25) -> list[tuple[Wave, int, int]]:
    """The latest waves, with how many shipments each has and how many of them still wait to be picked. Two queries."""
    if not actor.sees_everything:
        return []
    found = list(Wave.objects.select_related("warehouse")[:limit])
    counts: dict[int, Counter[bool]] = defaultdict(Counter)
    for wave_id, status, picked_at in Shipment.objects.filter(wave__in=found).values_list(
        "wave_id", "status", "picked_at"
    ):
        counts[wave_id][status == Shipment.Status.PLANNED and picked_at is None] += 1
    return [(wave, sum(counts[wave.pk].values()), counts[wave.pk][True]) for wave in found]


def shipments_of_wave(wave: Wave) -> list[Shipment]:
    """The shipments of a wave with all that their papers say, first promise first. Three queries."""
    return list(_with_papers().filter(wave=wave).order_by(F("promised_on").asc(nulls_last=True), "id"))


def shipment_to_pick(actor: Actor, number: str) -> Shipment:
    """The shipment with all that its papers say; `ShipmentNotFound` for absent and not yours."""
    shipment = _with_papers().visible_to(actor).filter(number=number).first()
    if shipment is None:
        raise ShipmentNotFound()
    return shipment


def _with_papers():
    shipments = Shipment.objects.select_related("order__ship_to", "destination__ship_to", "account")
    shipments = shipments.select_related("warehouse", "wave")
    return shipments.prefetch_related("lines__order_line__product")


def picks_of(shipments: Sequence[Shipment]) -> dict[int, list[Pick]]:
    """Shipment id -> what is to be picked, in the order of the locations, then of the SKUs. Two queries."""
    lines = [line for shipment in shipments for line in shipment.lines.all()]
    products = {line.order_line.product_id for line in lines}
    places = {
        (row.warehouse_id, row.product_id): row.location for row in PickLocation.objects.filter(product__in=products)
    }
    packs: dict[int, list[tuple[str, int, str]]] = defaultdict(list)
    units = PackagingUnit.objects.filter(product__in=products)
    for product_id, *unit in units.values_list("product_id", "name", "quantity", "gtin"):
        packs[product_id].append(tuple(unit))

    def pick(line: ShipmentLine, warehouse_id: int | None) -> Pick:
        product, known = line.order_line.product, packs[line.order_line.product_id]
        counted = in_packs(line.quantity, ((name, size) for name, size, _gtin in known))
        codes = codes_of(line.order_line.sku, product.gtin, ((gtin, size) for _name, size, gtin in known))
        return Pick(line, places.get((warehouse_id, product.pk), ""), tuple(counted), codes)

    return {
        shipment.pk: sorted(
            (pick(line, shipment.warehouse_id) for line in shipment.lines.all()),
            key=lambda pick: (pick.location == "", pick.location, pick.sku),
        )
        for shipment in shipments
    }
