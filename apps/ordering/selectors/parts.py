"""What is to be ordered by the day on which each part of it would arrive, from where, and at what cost."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from apps.accounts.models import ShipTo
from apps.availability.rules import Ask, Promise
from apps.catalogue.models import Product
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
    """A line with the places it comes from; `own_day` is when it would be there by itself."""

    view: Promised
    froms: tuple[str, ...]
    own_day: date


@dataclass(frozen=True, slots=True)
class Part:
    """What arrives on one day; the first part carries the charge, each further one what the option asks for it."""

    day_on: date
    lines: tuple[PartLine, ...]
    charge: Decimal


def parts_of(
    ship_to: ShipTo,
    lines: Iterable[Promised],
    quote: OptionQuote,
    *,
    is_complete: bool,
    branch: BranchOffer | None = None,
    slot: SlotOffer | None = None,
) -> tuple[Part, ...]:
    """The deliveries of the lines by a way they were quoted for, as ordering would promise them. No query."""
    goods = [each for each in lines if not each.is_service]
    days = arrivals_for(
        ship_to,
        {Ask(each.product.pk, each.quantity): each.promise for each in goods},
        quote.atlas.now_there,
        option=quote.option,
        branch_id=branch and branch.id,
        atlas=quote.atlas,
    )
    found = [
        PartLine(each, _froms(each, quote), days[Ask(each.product.pk, each.quantity)] or quote.arrives_on)
        for each in goods
    ]
    last = max((line.own_day for line in found), default=quote.arrives_on)
    together = slot.day_on if slot else last if is_complete else None
    by_day: dict[date, list[PartLine]] = defaultdict(list)
    for line in found:
        by_day[together or line.own_day].append(line)
    return tuple(
        Part(day, tuple(by_day[day]), quote.option.part_charge if at else quote.charge)
        for at, day in enumerate(sorted(by_day))
    )


def _froms(each: Promised, quote: OptionQuote) -> tuple[str, ...]:
    ids = dict.fromkeys(lot.warehouse_id for lot in each.promise.lots)
    return tuple(quote.atlas.origins[pk].name for pk in ids if pk in quote.atlas.origins)
