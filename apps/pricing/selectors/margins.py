"""How much room a price leaves above what the product costs the house: for its own people alone."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apps.accounts.rules import may
from apps.core.scoping import Actor
from apps.pricing.models import ProductCost
from apps.pricing.rules import Ask, Decision


@dataclass(frozen=True, slots=True)
class Margin:
    """Room on one unit; `percent` is of the price. Both may be negative."""

    unit_cost: Decimal
    room: Decimal
    percent: Decimal
    currency: str


def margins_for(actor: Actor, prices: Mapping[Ask, Decision], on: date) -> dict[Ask, Margin]:
    """The margin of each price whose product has a cost in its currency; nothing for who may not offer prices.

    One query; none for a buyer.
    """
    if not (actor.is_staff and may(actor.role, "quote.offer")):
        return {}
    costs = costs_of({ask.product_id for ask in prices}, on)
    return {
        ask: margin_of(price.unit_price, costs[ask.product_id, price.currency], price.currency)
        for ask, price in prices.items()
        if price.unit_price and (ask.product_id, price.currency) in costs
    }


def costs_of(product_ids: Collection[int], on: date) -> dict[tuple[int, str], Decimal]:
    """(product, currency) -> what a unit costs the house on a date. One query."""
    rows = ProductCost.objects.filter(product__in=product_ids, valid_from__lte=on).order_by("valid_from")
    return {
        (product, currency): cost for product, currency, cost in rows.values_list("product_id", "currency", "unit_cost")
    }


def margin_of(price: Decimal, cost: Decimal, currency: str) -> Margin:
    return Margin(cost, price - cost, round((price - cost) * 100 / price, 1), currency)
