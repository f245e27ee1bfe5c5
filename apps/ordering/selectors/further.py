"""What of a cart goes to further ship-tos: every way there, and the one that was chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.accounts.models import ShipTo
from apps.core.money import ZERO
from apps.delivery.rules import Goods
from apps.delivery.selectors import OptionQuote
from apps.ordering.rules.deliveries import DeliveryWish
from apps.ordering.selectors.cart_lines import CartLineView


@dataclass(frozen=True, slots=True)
class FurtherWay:
    """A way to a further ship-to, with what the delivery there costs and when the last of it is there."""

    quote: OptionQuote
    is_complete: bool
    charge: Decimal
    arrives_on: date | None
    refused: str | None

    @property
    def option(self):
        return self.quote.option

    @property
    def free_gap(self) -> Decimal | None:
        return self.quote.free_gap


@dataclass(frozen=True, slots=True)
class FurtherDelivery:
    """What of the cart goes to a further ship-to, every way there, and the one that was chosen (else the first that
    can be). `wish` is what was said of it.
    """

    ship_to: ShipTo
    lines: tuple[CartLineView, ...]
    ways: tuple[FurtherWay, ...]
    chosen: FurtherWay | None
    wish: DeliveryWish


def goods_of(lines: Sequence[CartLineView]) -> Goods:
    """Lines of a cart as one delivery."""
    return Goods.of([(view.product, view.quantity, view.net or ZERO, view.promise.lots) for view in lines])


def further_delivery(
    ship_to: ShipTo, lines: tuple[CartLineView, ...], quotes: list[OptionQuote], wish: DeliveryWish, first: ShipTo
) -> FurtherDelivery:
    abroad = not_together(ship_to, first)
    ways = tuple(
        FurtherWay(quote, together, quote.charged(is_complete=together), quote.comes_on(is_complete=together), refused)
        for quote in quotes
        for together in (quote.goes_complete(wish.is_complete, prefers=ship_to.prefers_complete),)
        for refused in (abroad or quote.refused,)
    )
    able = [way for way in ways if not way.refused]
    named = (way for way in able if way.option.pk == wish.option_id)
    return FurtherDelivery(ship_to, lines, ways, next(named, next(iter(able), None)), wish)


def not_together(ship_to: ShipTo, first: ShipTo) -> str | None:
    """Why one order cannot go to both, in words: its taxes are those of one country."""
    if ship_to.country == first.country:
        return None
    words = _("%(place)s is in another country than %(first)s, with other taxes: order for it on its own.")
    return words % {"place": ship_to.name, "first": first.name}
