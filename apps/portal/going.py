"""How an order can go by the chosen way: slots, branches, together or in parts, and a wish that is not met."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.dateparse import parse_date

from apps.core.lists import whole
from apps.delivery.rules import SlotOffer
from apps.delivery.selectors import BranchOffer
from apps.ordering.selectors.checkout import CheckoutView, OptionTotals
from apps.ordering.selectors.parts import Part, PartLine, parts_of


@dataclass(frozen=True, slots=True)
class Unmet:
    """A wished day that cannot be: the lines that are late, how many are not, and the ways by which all would be in
    time."""

    wished_on: date
    arrives_on: date
    late: tuple[PartLine, ...]
    in_time: int
    ways: tuple[OptionTotals, ...]


@dataclass(frozen=True, slots=True)
class GoingWords:
    """See portal/checkout/_going.html. `can_split` says that some of it could be there before the rest."""

    slots: tuple[SlotOffer, ...]
    slot: SlotOffer | None
    branches: tuple[BranchOffer, ...]
    branch: BranchOffer | None
    parts: tuple[Part, ...]
    can_split: bool
    is_complete: bool
    last_on: date | None
    preferred_on: date | None
    unmet: Unmet | None


def going_words(view: CheckoutView, chosen: OptionTotals, form) -> GoingWords:
    """What can be chosen besides the way, and what was; no query."""
    quote = chosen.quote
    slot = quote.slot(str(form["slot"].value() or "")) or (quote.slots[0] if quote.slots else None)
    branch = quote.branch(whole(form["branch"].value())) or quote.branch(None)
    parts = parts_of(view, chosen, branch=branch, slot=slot)
    last_on = parts[-1].day_on if parts else quote.arrives_on
    wished = parse_day(form["requested_on"].value())
    return GoingWords(
        slots=quote.slots,
        slot=slot,
        branches=quote.branches,
        branch=branch,
        parts=parts,
        can_split=len(quote.days) > 1,
        is_complete=chosen.is_complete,
        last_on=last_on,
        preferred_on=_preferred(view, chosen, last_on) if not slot and not branch else None,
        unmet=_unmet(view, parts, wished, last_on),
    )


def parse_day(typed) -> date | None:
    if isinstance(typed, date):
        return typed
    try:
        return parse_date(str(typed or ""))
    except ValueError:
        return None


def _preferred(view: CheckoutView, chosen: OptionTotals, last_on: date | None) -> date | None:
    """The first day of the ship-to's preferred weekday on which it could all be brought, where that is later."""
    weekday, atlas = view.ship_to.preferred_weekday, chosen.quote.atlas
    if weekday is None or last_on is None or last_on.isoweekday() == weekday:
        return None
    days = (last_on + timedelta(days=n) for n in range(1, 57))
    calendars = (atlas.receiver, atlas.carrier(chosen.option) or atlas.receiver)
    return next((day for day in days if day.isoweekday() == weekday and all(c.is_open(day) for c in calendars)), None)


def _unmet(view: CheckoutView, parts, wished: date | None, last_on: date | None) -> Unmet | None:
    if wished is None or last_on is None or last_on <= wished:
        return None
    lines = [line for part in parts for line in part.lines]
    late = tuple(line for line in lines if line.own_day > wished)
    ways = (way for way in view.options if not way.refused and way.arrives_on and way.arrives_on <= wished)
    return Unmet(wished, last_on, late, len(lines) - len(late), tuple(ways))
