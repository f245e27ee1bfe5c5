"""The ways by which agreed lines can go to an address: what a checkout offers where there is no cart."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from apps.availability.selectors import promises_for
from apps.catalogue.rules import Ask
from apps.core.money import ZERO
from apps.delivery.selectors import options_for
from apps.portal.visit import Visit


class Agreed(NamedTuple):
    """A product, how much of it, and the unit price that was agreed."""

    product: object
    quantity: int
    unit_price: Decimal


def ways_to(visit: Visit, ship_to, agreed: Iterable[Agreed], currency: str) -> Sequence:
    """Every way of delivery for the goods among `agreed`; none where all are services. Three queries."""
    goods = [each for each in agreed if not each.product.is_service]
    if not goods:
        return []
    promises = promises_for([Ask(each.product.pk, each.quantity) for each in goods], visit.on)
    return options_for(
        ship_to=ship_to,
        lots=[lot for promise in promises.values() for lot in promise.lots],
        weight_kg=sum((each.product.weight_kg * each.quantity for each in goods), ZERO),
        goods_net=sum((each.unit_price * each.quantity for each in goods), ZERO),
        currency=currency,
        now=visit.now,
    )
