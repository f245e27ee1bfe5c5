"""How something can go by the chosen way: slots, branches, together or in parts, and a wish that is not met."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.dateparse import parse_date

from apps.core.lists import whole
from apps.delivery.rules import SlotOffer
from apps.delivery.selectors import BranchOffer, OptionQuote
from apps.ordering.rules.deliveries import DeliveryWish
from apps.ordering.selectors.checkout import OptionTotals
from apps.ordering.selectors.further import FurtherWay
from apps.ordering.selectors.parts import Part, Promised, parts_of
from apps.ordering.selectors.unmet import Unmet, Way, unmet_of


@dataclass(frozen=True, slots=True)
class Said:
    """What a buyer has said of it, as typed: the code of a slot, the id of a branch, and the day wished for."""

    slot: str = ""
    branch: str = ""
    requested_on: object = None


@dataclass(frozen=True, slots=True)
class GoingWords:
    """See portal/checkout/_going.html. `can_split` says that some of it could be there before the rest, in so many
    `deliveries`; `suffix` is what the names of the fields end with."""

    suffix: str
    deliveries: int
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


def is_complete_said(sending: str | None) -> bool | None:
    """What a form says about sending: together, in parts, or nothing."""
    return {"complete": True, "parts": False}.get(sending or "")


def going_words(
    ship_to,
    lines: Sequence[Promised],
    way: OptionTotals | FurtherWay,
    wish: DeliveryWish,
    ways: Sequence[Way],
    suffix: str = "",
) -> GoingWords:
    """What can be chosen at the checkout besides the way to a ship-to, and what was; no query."""
    said = Said(wish.slot, str(wish.branch_id or ""), wish.requested_on)
    return going_of(ship_to, lines, way.quote, ways, said, is_complete=way.is_complete, suffix=suffix)


def wish_of(said: Mapping, ship_to_id: int | None, suffix: str = "") -> DeliveryWish:
    """What a form says of the delivery to a ship-to; what is no choice says nothing."""
    text = lambda name: str(said.get(f"{name}{suffix}") or "")  # noqa: E731
    return DeliveryWish(
        ship_to_id,
        whole(text("option")),
        text("slot")[:40],
        whole(text("branch")),
        is_complete_said(text("sending")),
        parse_day(said.get(f"requested_on{suffix}")),
    )


def going_of(
    ship_to,
    lines: Iterable[Promised],
    quote: OptionQuote,
    options: Sequence[Way],
    said: Said,
    *,
    is_complete: bool,
    suffix: str = "",
) -> GoingWords:
    """The same of any lines that are to be ordered by the way quoted, one of `options`; no query."""
    slot = quote.slot(said.slot) or quote.first_slot
    branch = quote.branch(whole(said.branch)) or quote.branch(None)
    parts = parts_of(ship_to, lines, quote, is_complete=is_complete, branch=branch, slot=slot)
    last_on = parts[-1].day_on if parts else quote.arrives_on
    return GoingWords(
        suffix=suffix,
        deliveries=len(quote.days),
        slots=quote.slots,
        slot=slot,
        branches=quote.branches,
        branch=branch,
        parts=parts,
        can_split=(len(quote.days) > 1 or quote.direct is not None) and not quote.only_in_parts,
        is_complete=is_complete,
        last_on=last_on,
        preferred_on=_preferred(ship_to, quote, last_on) if not slot and not branch else None,
        unmet=unmet_of(options, parts, parse_day(said.requested_on), last_on),
    )


def parse_day(typed) -> date | None:
    if isinstance(typed, date):
        return typed
    try:
        return parse_date(str(typed or ""))
    except ValueError:
        return None


def _preferred(ship_to, quote: OptionQuote, last_on: date | None) -> date | None:
    """The first day of the ship-to's preferred weekday on which it could all be brought, where that is later."""
    weekday, receiver = ship_to.preferred_weekday, quote.atlas.receiver
    if weekday is None or last_on is None or last_on.isoweekday() == weekday:
        return None
    days = (last_on + timedelta(days=n) for n in range(1, 57))
    calendars = (receiver, quote.atlas.carrier(quote.option) or receiver)
    return next((day for day in days if day.isoweekday() == weekday and all(c.is_open(day) for c in calendars)), None)
