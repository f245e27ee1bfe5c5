"""When something would arrive."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from apps.availability.rules import Ask, Lot, Promise
from apps.delivery.models import DeliveryOption
from apps.delivery.rules import Journey
from apps.delivery.selectors.ways import Atlas, PlaceToGo, atlas_of


def arrivals_for(
    ship_to: PlaceToGo | None,
    promises: Mapping[Ask, Promise],
    now: datetime,
    *,
    option: DeliveryOption | None = None,
    branch_id: int | None = None,
    atlas: Atlas | None = None,
    direct: bool = True,
) -> dict[Ask, date | None]:
    """When each promise arrives by `option` (else by the standard one), in one query; None where nothing goes there.

    What comes in several lots arrives with the last. Where a warehouse has no standard option to the country, its first
    option by position stands in. Ordering asks with the chosen option; the answer is a line's first promise.
    Without a query where `atlas` is that of an option quoted for the same lots. Not `direct`: what its supplier could
    send straight to the receiver comes through us as well.
    """
    if ship_to is None or not promises:
        return dict.fromkeys(promises)
    atlas = atlas or atlas_of(ship_to, (lot for promised in promises.values() for lot in promised.lots), now)
    known: dict[tuple, Journey | None] = {}
    return {
        ask: arrives_on(atlas, promised.lots, option, branch_id, known, direct=direct)
        for ask, promised in promises.items()
    }


def lots_apart(lots: Iterable[Lot]) -> dict[Ask, Promise]:
    """Each lot as a promise of its own, for asking when each arrives; the keys are no products."""
    return {Ask(-at, lot.quantity): Promise(lot.ready_on, (lot,), 0, 0) for at, lot in enumerate(lots, 1)}


def arrives_on(
    atlas: Atlas,
    lots: Iterable[Lot],
    option: DeliveryOption | None,
    branch_id: int | None,
    known: dict[tuple, Journey | None],
    *,
    direct: bool = True,
) -> date | None:
    """The latest of the lots; on a page of products most share a warehouse and a day, and each is worked out once."""
    last = None
    for lot in lots:
        key = lot.warehouse_id, lot.ready_on, lot.is_direct
        if key not in known:
            known[key] = atlas.journey(lot, option, branch_id, direct=direct)
        journey = known[key]
        if journey is None:
            return None
        last = max(last or journey.arrives_on, journey.arrives_on)
    return last
