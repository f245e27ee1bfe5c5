"""Pieces held for a demand: taken, given back, sent off.

Everybody locks in the same order: the sources of the products (`selectors.supplies_of`), then reservations by id. So
those who want the same SKUs wait for one another, and nobody decides on a quantity that another is about to take.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.db import connection, transaction

from apps.availability.errors import NotReserved, NowhereToShipFrom, StockRefused
from apps.availability.models import Reservation
from apps.availability.rules import INCOMING, STOCK, SUPPLIER, Demand, Lot, allot
from apps.availability.selectors import supplies_of
from apps.catalogue.errors import ProductNotFound

_TABLES = {
    STOCK: ("availability_stocklevel", "on_hand"),
    INCOMING: ("availability_incomingsupply", "quantity"),
    SUPPLIER: ("availability_supplieroffer", "stock"),
}
_COLUMNS = (
    "demand_ref, product_id, warehouse_id, stock_id, incoming_id, offer_id, quantity, ready_on, is_direct, state,"
    " created_at"
)


class Held(NamedTuple):
    """A locked reservation."""

    id: int
    ref: str
    warehouse_id: int
    quantity: int
    kind: str
    source_id: int | None
    is_direct: bool


@transaction.atomic(savepoint=False)
def reserve(demands: Sequence[Demand], *, on: date) -> dict[str, tuple[Lot, ...]]:
    """Hold what each demand needs, all or nothing; the lots of each, by its ref. Refs are unique.

    Decided by `rules.allot` over locked rows, so what is returned is what is held, and no piece is held twice. At most
    five queries for any number of demands. A refusal undoes the caller's transaction with it.
    """
    demands = tuple(demands)
    if any(demand.quantity < 1 for demand in demands):
        raise StockRefused
    supplies = supplies_of((demand.product_id for demand in demands), locked=True)
    if any(demand.product_id not in supplies for demand in demands):
        raise ProductNotFound
    lots = allot(demands, supplies, on)
    if any(lot.warehouse_id is None for given in lots.values() for lot in given):
        raise NowhereToShipFrom
    _change(Counter({}), _sum((lot.source, lot.source_id, lot.quantity) for given in lots.values() for lot in given))
    _write(demands, lots)
    return lots


@transaction.atomic
def hold_here(demands: Sequence[Demand], *, warehouse_id: int, on: date) -> set[str]:
    """Hold each demand whole of what lies free in one warehouse, or not at all; the refs that are held.

    For what may be done without: nothing is sourced for it, nothing is promised, and nothing is refused.
    """
    supplies = supplies_of((demand.product_id for demand in demands), locked=True)
    here = {
        product_id: source
        for product_id, supply in supplies.items()
        for source in supply.sources
        if source.kind == STOCK and source.warehouse_id == warehouse_id
    }
    free = Counter({product_id: source.free for product_id, source in here.items()})
    held, lots = [], {}
    for demand in demands:
        if 0 < demand.quantity <= free[demand.product_id]:
            free[demand.product_id] -= demand.quantity
            held.append(demand)
            lots[demand.ref] = (Lot(demand.quantity, on, STOCK, warehouse_id, here[demand.product_id].id),)
    _change(Counter(), _sum((STOCK, given.source_id, given.quantity) for (given,) in lots.values()))
    _write(held, lots)
    return set(lots)


@transaction.atomic
def release(refs: Iterable[str]) -> int:
    """Give back what is still held for these demands; the pieces given back. Doing it twice gives back nothing."""
    held = _lock_held(refs)
    _set_state([row.id for row in held], Reservation.State.RELEASED)
    given_back = _sum((row.kind, row.source_id, -row.quantity) for row in held)
    _change(Counter(), given_back)
    return sum(row.quantity for row in held)


@transaction.atomic
def release_last(quantities: Mapping[str, int]) -> int:
    """Give back so much of what is held for each demand (ref -> quantity), what is ready last first; the pieces given
    back, which are fewer where less is held."""
    held, left = _lock_held(quantities), dict(quantities)
    taken: Counter[int] = Counter()
    for row in reversed(held):
        taken[row.id] = min(row.quantity, left[row.ref])
        left[row.ref] -= taken[row.id]
    released = Reservation.State.RELEASED
    _set_state([row.id for row in held if taken[row.id] == row.quantity], released)
    split_off({row.id: taken[row.id] for row in held if 0 < taken[row.id] < row.quantity}, released)
    _change(Counter(), _sum((row.kind, row.source_id, -taken[row.id]) for row in held))
    return sum(taken.values())


@transaction.atomic
def consume(ref: str, quantity: int, *, warehouse_id: int | None = None) -> None:
    """`quantity` held for a demand leaves (from that warehouse, where told): it is no longer on hand nor reserved."""
    consume_all({(ref, warehouse_id): quantity})


@transaction.atomic
def consume_all(quantities: Mapping[tuple[str, int | None], int]) -> None:
    """The same for a whole shipment at once: (demand ref, warehouse id or None) -> quantity.

    What was to come from incoming supply or a supplier passes through: it came and went, and is no longer expected.
    Raises NotReserved, and changes nothing, where less is held.
    """
    _take_away(quantities, Reservation.State.CONSUMED)


@transaction.atomic
def consume_direct(quantities: Mapping[str, int]) -> None:
    """The same for what a supplier has sent straight to the receiver: demand ref -> quantity."""
    _take_away({(ref, None): quantity for ref, quantity in quantities.items()}, Reservation.State.CONSUMED, direct=True)


def send_directly(refs: Iterable[str]) -> None:
    """What is held of suppliers that send straight to the receiver goes that way, and never comes to a warehouse."""
    held = Reservation.objects.filter(demand_ref__in=list(refs), state=Reservation.State.HELD)
    held.filter(offer__ships_directly=True).update(is_direct=True)


@transaction.atomic
def lose_all(quantities: Mapping[tuple[str, int | None], int]) -> None:
    """The same for what should lie there and does not: it is no longer on hand, and no longer held for anybody."""
    _take_away(quantities, Reservation.State.RELEASED)


def _take_away(quantities: Mapping[tuple[str, int | None], int], state: str, *, direct: bool = False) -> None:
    held = _lock_held(ref for ref, _ in quantities)
    # A warehouse sends what is meant to go directly only after all else: when the order goes together after all.
    held = [row for row in held if row.is_direct] if direct else sorted(held, key=lambda row: row.is_direct)
    left = Counter({row.id: row.quantity for row in held})
    taken: Counter[int] = Counter()
    for (ref, warehouse_id), quantity in sorted(quantities.items(), key=lambda item: item[0][1] is None):
        missing = quantity
        for row in held:
            if row.ref == ref and warehouse_id in (None, row.warehouse_id):
                part = min(missing, left[row.id])
                left[row.id] -= part
                taken[row.id] += part
                missing -= part
        if missing:
            raise NotReserved(ref=ref, missing=missing)
    _send_off(held, +taken, state)


def _send_off(held: Sequence[Held], taken: Mapping[int, int], state: str) -> None:
    _set_state([row.id for row in held if taken.get(row.id) == row.quantity], state)
    split_off({row.id: taken[row.id] for row in held if 0 < taken.get(row.id, 0) < row.quantity}, state)
    gone = _sum((row.kind, row.source_id, -taken[row.id]) for row in held if row.id in taken)
    _change(gone, gone)


def _lock_held(refs: Iterable[str]) -> list[Held]:
    """Held reservations of the demands, the first ready first, with the sources of their products locked before."""
    refs = list(set(refs))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT product_id FROM availability_reservation WHERE demand_ref = ANY(%s) AND state = 'held'",
            [refs],
        )
        supplies_of((product_id for (product_id,) in cursor.fetchall()), locked=True)
        cursor.execute(
            "SELECT id, demand_ref, warehouse_id, quantity, stock_id, incoming_id, offer_id, ready_on, is_direct"
            " FROM availability_reservation WHERE demand_ref = ANY(%s) AND state = 'held' ORDER BY id FOR UPDATE",
            [refs],
        )
        rows = sorted(cursor.fetchall(), key=lambda row: (row[7], row[0]))
    return [Held(*row[:4], *_source(*row[4:7]), row[8]) for row in rows]


def _source(stock_id: int | None, incoming_id: int | None, offer_id: int | None) -> tuple[str, int | None]:
    known = ((STOCK, stock_id), (INCOMING, incoming_id), (SUPPLIER, offer_id))
    return next(((kind, pk) for kind, pk in known if pk), ("", None))


def _sum(parts: Iterable[tuple[str, int | None, int]]) -> Counter[tuple[str, int]]:
    """Quantities by their source; what has no row (services, to be sourced) is left out."""
    sums: Counter[tuple[str, int]] = Counter()
    for kind, pk, quantity in parts:
        if kind in _TABLES and pk is not None:
            sums[kind, pk] += quantity
    return sums


def _change(there: Counter[tuple[str, int]], reserved: Counter[tuple[str, int]]) -> None:
    """Add to what is there and to what of it is reserved, in one statement for each kind of source."""
    for kind, (table, column) in _TABLES.items():
        ids = [pk for of, pk in reserved if of == kind]
        if not ids:
            continue
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} AS t SET {column} = t.{column} + v.there, reserved = t.reserved + v.reserved"
                " FROM unnest(%s::bigint[], %s::int[], %s::int[]) AS v(id, there, reserved) WHERE t.id = v.id",
                [ids, [there[kind, pk] for pk in ids], [reserved[kind, pk] for pk in ids]],
            )


def _set_state(ids: list[int], state: str) -> None:
    if ids:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE availability_reservation SET state = %s WHERE id = ANY(%s)", [state, ids])


def split_off(parts: Mapping[int, int], state: str) -> None:
    """Make of each reservation (by id) a second one of the given quantity and state, less of the first."""
    if not parts:
        return
    arrays = [list(parts), list(parts.values())]
    with connection.cursor() as cursor:
        columns = _COLUMNS.replace("quantity", "v.quantity").replace("state", "%s")
        cursor.execute(
            f"INSERT INTO availability_reservation ({_COLUMNS}) SELECT {columns}"
            " FROM availability_reservation r JOIN unnest(%s::bigint[], %s::int[]) AS v(id, quantity) ON v.id = r.id",
            [state, *arrays],
        )
        cursor.execute(
            "UPDATE availability_reservation AS r SET quantity = r.quantity - v.quantity"
            " FROM unnest(%s::bigint[], %s::int[]) AS v(id, quantity) WHERE v.id = r.id",
            arrays,
        )


def _write(demands: Sequence[Demand], lots: Mapping[str, Sequence[Lot]]) -> None:
    rows = [(demand.ref, demand.product_id, lot) for demand in demands for lot in lots[demand.ref]]
    if not rows:
        return
    of = {kind: [lot.source_id if lot.source == kind else None for *_, lot in rows] for kind in _TABLES}
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO availability_reservation ({_COLUMNS}) SELECT v.*, false, 'held', now() FROM unnest("
            "%s::text[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::int[], %s::date[]"
            ") AS v",
            [
                [ref for ref, _, _ in rows],
                [product_id for _, product_id, _ in rows],
                [lot.warehouse_id for *_, lot in rows],
                of[STOCK],
                of[INCOMING],
                of[SUPPLIER],
                [lot.quantity for *_, lot in rows],
                [lot.ready_on for *_, lot in rows],
            ],
        )
