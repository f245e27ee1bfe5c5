"""The ways by which agreed lines can go to an address: what a checkout offers where there is no cart.

Quotes and call-offs show them, and take in what was chosen; see templates/portal/ways/_choices.html.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apps.availability.rules import Promise
from apps.availability.selectors import promises_for
from apps.catalogue.rules import Ask
from apps.core.dates import read_day
from apps.core.lists import whole
from apps.core.money import line_net
from apps.delivery.errors import SlotTaken
from apps.delivery.rules import Goods
from apps.delivery.selectors import OptionQuote, options_for
from apps.ordering.errors import DateRefused, OptionRefused
from apps.portal.going import GoingWords, Said, going_of, is_complete_said
from apps.portal.visit import Visit

#: What is wrong with a way that was chosen: said beside the choices, which are then shown as they are now.
REFUSED = (OptionRefused, DateRefused, SlotTaken)


@dataclass(frozen=True, slots=True)
class Agreed:
    """A product, how much of it, the unit price that was agreed, and what can be promised for it."""

    product: object
    quantity: int
    unit_price: Decimal
    promise: Promise | None = None

    @property
    def is_service(self) -> bool:
        return self.product.is_service


@dataclass(frozen=True, slots=True)
class Choices:
    """The ways that can be chosen and those that cannot, the chosen one, what else can be said of it, and its charge.

    Without goods there is no way, and none is needed: `is_needed`.
    """

    ship_to: object
    is_needed: bool
    ways: tuple[OptionQuote, ...] = ()
    no_ways: tuple[OptionQuote, ...] = ()
    chosen: OptionQuote | None = None
    going: GoingWords | None = None
    charge: Decimal = Decimal(0)
    requested_on: date | None = None

    @property
    def can_order(self) -> bool:
        return self.chosen is not None or not self.is_needed


def ways_to(visit: Visit, ship_to, agreed: Iterable[Agreed], currency: str, said: Mapping[str, str]) -> Choices:
    """Every way of delivery for the goods among `agreed`, as far as it was chosen by `said`, a form. Three queries."""
    lines = _promised([each for each in agreed if not each.is_service], visit.on)
    if not lines:
        return Choices(ship_to, is_needed=False)
    goods = Goods.of(
        [
            (each.product, each.quantity, line_net(each.quantity, each.unit_price, currency), each.promise.lots)
            for each in lines
        ]
    )
    quotes = options_for(ship_to=ship_to, goods=goods, currency=currency, now=visit.now)
    ways = tuple(quote for quote in quotes if not quote.refused)
    chosen = _chosen(ways, whole(said.get("option", "")))
    no_ways = tuple(quote for quote in quotes if quote.refused)
    if chosen is None:
        return Choices(ship_to, is_needed=True, no_ways=no_ways)
    wished = said.get("wish") or said.get("requested_on", "")
    is_complete = chosen.goes_complete(is_complete_said(said.get("sending")), prefers=ship_to.prefers_complete)
    typed = Said(said.get("slot", ""), said.get("branch", ""), wished)
    going = going_of(ship_to, lines, chosen, ways, typed, is_complete=is_complete)
    charge = chosen.charged(is_complete=is_complete)
    return Choices(ship_to, True, ways, no_ways, chosen, going, charge, read_day(wished))


def _promised(lines: list[Agreed], on: date) -> list[Agreed]:
    promises = promises_for([Ask(each.product.pk, each.quantity) for each in lines], on) if lines else {}
    return [
        Agreed(each.product, each.quantity, each.unit_price, promises[Ask(each.product.pk, each.quantity)])
        for each in lines
    ]


def _chosen(ways: tuple[OptionQuote, ...], option_id: int | None) -> OptionQuote | None:
    first = ways[0] if ways else None
    return next((quote for quote in ways if quote.option.pk == option_id), first)


def wanted_way(said: Mapping[str, str]) -> dict:
    """What a form has chosen, as the services that order take it."""
    return {
        "ship_to_id": whole(said.get("ship_to", "")),
        "option_id": whole(said.get("option", "")),
        "slot": said.get("slot", "")[:40],
        "branch_id": whole(said.get("branch", "")),
        "is_complete": is_complete_said(said.get("sending")),
        "requested_on": read_day(said.get("requested_on", "")),
    }


def is_shown_only(request) -> bool:
    """Whether a form was sent to see what it comes to, not to order."""
    return bool(request.htmx) or "show" in request.POST or "wish" in request.POST
