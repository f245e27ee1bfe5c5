"""What is to be ordered by the day on which each part of it would arrive, from where, and at what cost."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Protocol

from apps.accounts.models import ShipTo
from apps.availability.rules import Ask, Promise
from apps.catalogue.models import Product
from apps.core.money import ZERO
from apps.delivery.rules import SlotOffer
from apps.delivery.selectors import BranchOffer, OptionQuote, arrivals_for


class Promised(Protocol):
    """A line of a cart, of a quote or of a call-off, with what can be promised for it."""

    product: Product
    quantity: int
    promise: Promise
    is_service: bool


@dataclass(frozen=True, slots=True)
class PartLine:
    """A line, or what of it comes straight from its supplier, with the places it comes from; `own_day` is when it would
    be there by itself."""

    view: Promised
    froms: tuple[str, ...]
    own_day: date


@dataclass(frozen=True, slots=True)
class Part:
    """What arrives on one day; the first part carries the charge, each further one what the option asks for it.

    `is_direct` says that suppliers send it straight to the receiver, by the option for that.
    """

    day_on: date
    lines: tuple[PartLine, ...]
    charge: Decimal
    is_direct: bool = False


def parts_of(
    ship_to: ShipTo,
    lines: Sequence[Promised],
    quote: OptionQuote,
    *,
    is_complete: bool,
    branch: BranchOffer | None = None,
    slot: SlotOffer | None = None,
) -> tuple[Part, ...]:
    """The parts of a delivery by a chosen way, as ordering would promise them. No query."""
    goods = [each for each in lines if not each.is_service]
    together = is_complete or slot is not None
    goes_directly = quote.direct is not None and not together
    ours = [part for each in goods if (part := _piece(each, is_direct=False))] if goes_directly else goods
    theirs = [part for each in goods if (part := _piece(each, is_direct=True))] if goes_directly else []
    ours = _with_days(ship_to, ours, quote, branch, direct=False)
    last = max((line.own_day for line in ours), default=quote.arrives_on)
    day = slot.day_on if slot else last if together else None
    first = quote.charge if together else quote.first_charge
    found = _by_day(ours, day, first, quote.option.part_charge)
    if theirs:
        theirs = _with_days(ship_to, theirs, quote, branch, direct=True)
        found += [replace(part, is_direct=True) for part in _by_day(theirs, None, quote.direct_charge, ZERO)]
    return tuple(sorted(found, key=lambda part: part.day_on))


def _piece(view: Promised, *, is_direct: bool) -> Promised | None:
    """What of a line comes straight from its supplier, or the rest of it; None where that is nothing."""
    lots = tuple(lot for lot in view.promise.lots if lot.is_direct == is_direct)
    if not lots or len(lots) == len(view.promise.lots):
        return view if lots else None
    promise = Promise(max(lot.ready_on for lot in lots), lots, 0, 0)
    return replace(view, quantity=sum(lot.quantity for lot in lots), promise=promise)


def _with_days(
    ship_to: ShipTo, lines: Sequence[Promised], quote: OptionQuote, branch: BranchOffer | None, *, direct: bool
) -> list[PartLine]:
    asks = {Ask(each.product.pk, each.quantity): each.promise for each in lines}
    days = arrivals_for(
        ship_to,
        asks,
        quote.atlas.now_there,
        option=quote.option,
        branch_id=branch and branch.id,
        atlas=quote.atlas,
        direct=direct,
    )
    return [
        PartLine(each, _froms(each, quote, direct=direct), day or quote.arrives_on)
        for each, day in zip(lines, days.values(), strict=True)
    ]


def _by_day(lines: Sequence[PartLine], together: date | None, first: Decimal, further: Decimal) -> list[Part]:
    by_day: dict[date, list[PartLine]] = defaultdict(list)
    for line in lines:
        by_day[together or line.own_day].append(line)
    return [Part(day, tuple(by_day[day]), further if at else first) for at, day in enumerate(sorted(by_day))]


def _froms(each: Promised, quote: OptionQuote, *, direct: bool) -> tuple[str, ...]:
    if direct:
        return tuple(dict.fromkeys(lot.direct_from for lot in each.promise.lots))
    ids = dict.fromkeys(lot.warehouse_id for lot in each.promise.lots)
    return tuple(quote.atlas.origins[pk].name for pk in ids if pk in quote.atlas.origins)
