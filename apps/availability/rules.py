"""What can be promised, and by when (available to promise).

1. A service needs no stock: it is ready on the day it is asked for.
2. What a warehouse can promise is on hand less reserved less safety stock. One warehouse that can fill everything is
   preferred, the first in the order of priority; else the warehouses give what they have in that order.
3. What is still missing comes from supply under way and from supplier offers, whichever is ready first, as long as it
   is ready before more could be sourced. Incoming supply is ready on its due date; if that is past and nothing came, on
   the next day. An offer is ready its lead time, in calendar days, after the asking.
   An offer that is direct can go straight to the receiver: `delivery` says whether and by which way.
4. The rest is sourced: ready the product's own lead time, in calendar days, after the asking.
5. Supplier offers and what is sourced come to the home warehouse, the first in the order of priority.
6. The promise is ready when its last lot is. There is always a date.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

from apps.catalogue.rules import Ask

__all__ = ["Ask", "Demand", "Lot", "Promise", "Source", "Supply", "allot", "apart", "everything", "promise"]

STOCK, INCOMING, SUPPLIER, SOURCED, SERVICE = "stock", "incoming", "supplier", "sourced", "service"
_ARRIVES_FIRST = {INCOMING: 0, SUPPLIER: 1}


class Lot(NamedTuple):
    """A part of a quantity out of one source. `source_id` is the row it comes from; None where it is to be sourced.

    `direct_from` is the supplier who can send it straight to the receiver, "" where none can.
    """

    quantity: int
    ready_on: date
    source: str
    warehouse_id: int | None
    source_id: int | None
    direct_from: str = ""

    @property
    def is_direct(self) -> bool:
        return bool(self.direct_from)


@dataclass(frozen=True, slots=True)
class Promise:
    """A dated promise. `on_hand` is what all warehouses together can promise, `short` what of the ask that leaves."""

    ready_on: date
    lots: tuple[Lot, ...]
    on_hand: int
    short: int


class Source(NamedTuple):
    """Free pieces in one place. `due_on` is a date for incoming supply, `lead_days` a time for an offer."""

    kind: str
    id: int
    warehouse_id: int | None
    free: int
    priority: int = 0
    due_on: date | None = None
    lead_days: int = 0
    direct_from: str = ""

    def ready_on(self, on: date) -> date:
        """When its pieces can leave, asked on `on`."""
        if self.kind == STOCK:
            return on
        if self.kind == INCOMING:
            return self.due_on if self.due_on >= on else on + timedelta(days=1)
        return on + timedelta(days=self.lead_days)


@dataclass(frozen=True, slots=True)
class Supply:
    """All sources of one product. `lead_days` is how long it takes to source more, `home_id` the home warehouse."""

    sources: tuple[Source, ...]
    lead_days: int
    home_id: int | None
    is_service: bool = False


class Demand(NamedTuple):
    """A quantity wanted for something with a public number, such as an order line."""

    ref: str
    product_id: int
    quantity: int


def promise(quantity: int, supply: Supply, on: date) -> Promise:
    """When `quantity` is ready to leave, and out of which lots. The lots add up to the quantity."""
    if supply.is_service:
        return Promise(on, (Lot(quantity, on, SERVICE, supply.home_id, None),), on_hand=0, short=0)
    stock = sorted((s for s in supply.sources if s.kind == STOCK and s.free > 0), key=_nearness)
    on_hand = sum(source.free for source in stock)
    whole = next((source for source in stock if source.free >= quantity), None)
    from_stock = [whole] if whole else stock
    later = _later(supply, on) if on_hand < quantity else ()
    lots = tuple(_lots(quantity, (*from_stock, *later), supply, on))
    return Promise(max(lot.ready_on for lot in lots), lots, on_hand, max(quantity - on_hand, 0))


def everything(supply: Supply, on: date) -> tuple[Lot, ...]:
    """All that is free, in the order it would be promised, and one piece more: when any further quantity is ready."""
    free = sum(max(source.free, 0) for source in supply.sources)
    return promise(free + 1, supply, on).lots


def _nearness(source: Source) -> tuple[int, int]:
    return source.priority, source.id


def _later(supply: Supply, on: date) -> list[Source]:
    """Sources that are not there yet, the first to be ready first."""
    sourced_on = on + timedelta(days=supply.lead_days)
    coming = (s for s in supply.sources if s.kind != STOCK and s.free > 0 and s.ready_on(on) <= sourced_on)
    return sorted(coming, key=lambda s: (s.ready_on(on), _ARRIVES_FIRST[s.kind], *_nearness(s)))


def _lots(quantity: int, sources: Iterable[Source], supply: Supply, on: date) -> Iterator[Lot]:
    missing = quantity
    for source in sources:
        if not missing:
            return
        taken = min(missing, source.free)
        warehouse_id = supply.home_id if source.warehouse_id is None else source.warehouse_id
        yield Lot(taken, source.ready_on(on), source.kind, warehouse_id, source.id, source.direct_from)
        missing -= taken
    if missing:
        yield Lot(missing, on + timedelta(days=supply.lead_days), SOURCED, supply.home_id, None)


def allot(demands: Sequence[Demand], supplies: dict[int, Supply], on: date) -> dict[str, tuple[Lot, ...]]:
    """Lots for each demand, one after the other: what one takes is gone for the next.

    Services go with the goods: they are given the warehouse most of the other lots leave from.
    """
    left = dict(supplies)
    lots: dict[str, tuple[Lot, ...]] = {}
    for demand in demands:
        supply = left[demand.product_id]
        given = promise(demand.quantity, supply, on).lots
        left[demand.product_id] = _less(supply, given)
        lots[demand.ref] = given
    leaves_from = Counter(lot.warehouse_id for given in lots.values() for lot in given if lot.source != SERVICE)
    if not leaves_from:
        return lots
    busiest = min(leaves_from, key=lambda warehouse_id: (-leaves_from[warehouse_id], warehouse_id))
    return {ref: tuple(_beside(lot, busiest) for lot in given) for ref, given in lots.items()}


def apart(quantities: Iterable[int], supply: Supply, on: date) -> tuple[Promise, ...]:
    """A promise for each quantity of one product, one after the other, as `allot` gives them."""
    promises = []
    for quantity in quantities:
        promises.append(promise(quantity, supply, on))
        supply = _less(supply, promises[-1].lots)
    return tuple(promises)


def _less(supply: Supply, given: Iterable[Lot]) -> Supply:
    taken = Counter({(lot.source, lot.source_id): lot.quantity for lot in given})
    return replace(supply, sources=tuple(s._replace(free=s.free - taken[s.kind, s.id]) for s in supply.sources))


def _beside(lot: Lot, warehouse_id: int) -> Lot:
    return lot._replace(warehouse_id=warehouse_id) if lot.source == SERVICE else lot
