"""What is there and what is coming."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from apps.availability.models import IncomingSupply, Reservation, StockLevel, Warehouse
from apps.availability.rules import (
    INCOMING,
    SOURCED,
    STOCK,
    SUPPLIER,
    Ask,
    Lot,
    Promise,
    Source,
    Supply,
    apart,
    everything,
    promise,
)

# All sources of the asked products in one table, and a row for each product itself. Whoever locks, locks in this order.
_SUPPLY = """
WITH stock AS (
    SELECT s.product_id, s.id, s.warehouse_id, s.on_hand - s.reserved - s.safety_stock AS free, w.priority
    FROM availability_stocklevel s JOIN availability_warehouse w ON w.id = s.warehouse_id
    WHERE s.product_id = ANY(%(products)s) ORDER BY s.product_id, s.warehouse_id {stock_locked}
), incoming AS (
    SELECT i.product_id, i.id, i.warehouse_id, i.quantity - i.reserved AS free, w.priority, i.due_on
    FROM availability_incomingsupply i JOIN availability_warehouse w ON w.id = i.warehouse_id
    WHERE i.product_id = ANY(%(products)s) AND i.received_on IS NULL ORDER BY i.product_id, i.id {incoming_locked}
), offers AS (
    SELECT o.product_id, o.id, o.stock - o.reserved AS free, o.lead_days,
        CASE WHEN o.ships_directly THEN o.supplier ELSE '' END AS direct_from
    FROM availability_supplieroffer o
    WHERE o.product_id = ANY(%(products)s) ORDER BY o.product_id, o.id {offers_locked}
)
SELECT product_id, 'stock', id, warehouse_id, free, priority, NULL::date, 0, '' FROM stock
UNION ALL
SELECT product_id, 'incoming', id, warehouse_id, free, priority, due_on, 0, '' FROM incoming
UNION ALL
SELECT product_id, 'supplier', id, NULL, free, 0, NULL, lead_days, direct_from FROM offers
UNION ALL
SELECT p.id, p.kind, 0, (SELECT id FROM availability_warehouse ORDER BY priority, code LIMIT 1), 0, 0, NULL,
    p.lead_days, ''
FROM catalogue_product p WHERE p.id = ANY(%(products)s)
"""
_READ = _SUPPLY.format(stock_locked="", incoming_locked="", offers_locked="")
_LOCK = _SUPPLY.format(
    stock_locked="FOR NO KEY UPDATE OF s",
    incoming_locked="FOR NO KEY UPDATE OF i",
    offers_locked="FOR NO KEY UPDATE OF o",
)

_SOURCES = frozenset((STOCK, INCOMING, SUPPLIER))


def promises_for(asks: Iterable[Ask], on: date) -> dict[Ask, Promise]:
    """A dated promise for each ask, in one query. Each ask is answered as if it were the only one.

    A product that does not exist has no promise.
    """
    asks = tuple(dict.fromkeys(asks))
    supplies = supplies_of({ask[0] for ask in asks})
    return {ask: promise(ask[1], supplies[ask[0]], on) for ask in asks if ask[0] in supplies}


def promises_apart(
    asks: Mapping[Ask, Sequence[int]], on: date
) -> tuple[dict[Ask, Promise], dict[Ask, tuple[Promise, ...]]]:
    """As `promises_for`, and for the quantities into which each ask is split, one after the other. One query."""
    supplies = supplies_of({ask[0] for ask in asks})
    known = {ask: supplies[ask[0]] for ask in asks if ask[0] in supplies}
    whole = {ask: promise(ask[1], supply, on) for ask, supply in known.items()}
    return whole, {
        ask: (whole[ask],) if len(asks[ask]) < 2 else apart(asks[ask], supply, on) for ask, supply in known.items()
    }


def supplies_of(product_ids: Iterable[int], *, locked: bool = False) -> dict[int, Supply]:
    """All sources of each product, in one query.

    `locked` holds the rows until the end of the transaction. They are taken in one order (stock by product and
    warehouse, incoming supply and offers by product and id), so two who take several wait for each other.
    """
    products = sorted(set(product_ids))
    if not products:
        return {}
    sources, ends = defaultdict(list), []
    with connection.cursor() as cursor:
        cursor.execute(_LOCK if locked else _READ, {"products": products})
        for product_id, kind, *rest in cursor.fetchall():
            if kind in _SOURCES:
                sources[product_id].append(Source(kind, *rest))
            else:
                ends.append((product_id, kind, rest[1], rest[-2]))
    return {
        product_id: Supply(tuple(sources[product_id]), lead_days, home_id, kind == "service")
        for product_id, kind, home_id, lead_days in ends
    }


def stock_by_warehouse(product_id: int) -> list[StockLevel]:
    """Stock of a product in each warehouse, the first to ship from first."""
    levels = StockLevel.objects.filter(product_id=product_id).select_related("warehouse")
    return list(levels.order_by("warehouse__priority", "warehouse__code"))


def incoming_for(product_id: int) -> list[IncomingSupply]:
    """What is under way and not yet received, the next first."""
    under_way = IncomingSupply.objects.filter(product_id=product_id, received_on=None).select_related("warehouse")
    return list(under_way.order_by("due_on", "id"))


@dataclass(frozen=True, slots=True)
class WholeSupply:
    """Everything there is of a product: free pieces by warehouse, what is under way, and all of it as lots.

    `lots` are in the order they would be promised; the last is one piece more than there is, and says when any further
    quantity is ready.
    """

    places: tuple[tuple[Warehouse, int], ...]
    coming: tuple[tuple[Warehouse, Source], ...]
    lots: tuple[Lot, ...]


def whole_supply(supply: Supply, on: date) -> WholeSupply:
    """What there is of a product and what is coming, in one query. Warehouses that never kept it are left out."""
    warehouses = {warehouse.pk: warehouse for warehouse in Warehouse.objects.all()}
    stock = {source.warehouse_id: max(source.free, 0) for source in supply.sources if source.kind == STOCK}
    coming = sorted((s for s in supply.sources if s.kind == INCOMING), key=lambda s: (s.ready_on(on), s.id))
    return WholeSupply(
        places=tuple((warehouse, stock[pk]) for pk, warehouse in warehouses.items() if pk in stock),
        coming=tuple((warehouses[s.warehouse_id], s) for s in coming if s.free > 0),
        lots=everything(supply, on),
    )


def held_for(refs: Iterable[str]) -> dict[str, tuple[Lot, ...]]:
    """What is held for each demand and has not left, in one query. Services count as sourced too."""
    held = Reservation.objects.filter(demand_ref__in=list(refs), state="held").order_by("ready_on", "id")
    lots: dict[str, list[Lot]] = defaultdict(list)
    for ref, quantity, ready_on, warehouse_id, stock, incoming, offer, is_direct, supplier in held.values_list(
        *("demand_ref", "quantity", "ready_on", "warehouse_id", "stock_id", "incoming_id", "offer_id"),
        *("is_direct", "offer__supplier"),
    ):
        known = ((STOCK, stock), (INCOMING, incoming), (SUPPLIER, offer))
        source, source_id = next(((kind, pk) for kind, pk in known if pk), (SOURCED, None))
        lots[ref].append(Lot(quantity, ready_on, source, warehouse_id, source_id, supplier if is_direct else ""))
    return {ref: tuple(found) for ref, found in lots.items()}
