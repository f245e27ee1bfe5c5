"""The ways by which agreed lines can go to an address: what a checkout offers where there is no cart."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from apps.availability.selectors import promises_for
from apps.catalogue.rules import Ask
from apps.delivery.rules import Goods
from apps.delivery.selectors import options_for
from apps.portal.visit import Visit


class Agreed(NamedTuple):
    """A product, how much of it, and the unit price that was agreed."""

    product: object
    quantity: int
    unit_price: Decimal


def ways_to(visit: Visit, ship_to, agreed: Iterable[Agreed], currency: str) -> Sequence:
    """Every way of delivery for the goods among `agreed`; none where all are services. Three queries.

    What comes in a time slot is chosen at the checkout only.
    """
    lines = list(agreed)
    asks = {Ask(each.product.pk, each.quantity): each for each in lines if not each.product.is_service}
    if not asks:
        return []
    promises = promises_for(list(asks), visit.on)
    goods = Goods.of(
        [
            (each.product, each.quantity, each.unit_price * each.quantity, promises[ask].lots)
            for ask, each in asks.items()
        ]
    )
    quotes = options_for(ship_to=ship_to, goods=goods, currency=currency, now=visit.now)
    return [quote for quote in quotes if not quote.has_slots]
