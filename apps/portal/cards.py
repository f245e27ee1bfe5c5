"""Products as a buyer sees them in a list: this account's price, what is there, when it arrives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.availability.selectors import promises_for
from apps.catalogue.rules import Ask, orderable_quantity
from apps.catalogue.selectors import part_numbers_of
from apps.delivery.selectors import arrivals_for
from apps.portal.visit import Visit
from apps.pricing.selectors import prices_for

UNITS = {
    "pc": _("each"),
    "pr": _("per pair"),
    "pair": _("per pair"),
    "set": _("per set"),
    "box": _("per box"),
    "pack": _("per pack"),
    "roll": _("per roll"),
    "bag": _("per bag"),
    "sheet": _("per sheet"),
    "can": _("per can"),
    "bottle": _("per bottle"),
    "m": _("per metre"),
    "m2": _("per square metre"),
    "l": _("per litre"),
    "kg": _("per kilogram"),
    "h": _("per hour"),
    "job": _("per job"),
    "cut": _("per cut"),
}


FEW = 5  # order multiples: with fewer on hand, stock is called low


def unit_words(uom: str) -> str:
    """ "each", "per metre": how a price of one base unit is read."""
    return UNITS.get(uom, uom)


@dataclass(frozen=True, slots=True)
class Availability:
    """A dated promise in the words of the page: see components/_availability.html."""

    state: str
    quantity: int | None
    arrives_on: date | None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A product of a list: see components/_product_card.html."""

    product: object
    sku: str
    name: str
    url: str
    picture: str
    brand: str
    uom: str
    step: int
    quantity: int
    price: object
    availability: Availability
    why: str = ""
    your_number: str = ""


def least_ask(product, wished: int = 1) -> Ask:
    """The smallest quantity of a product that can be ordered, at least `wished`."""
    quantity = orderable_quantity(wished, minimum=product.minimum_quantity, multiple=product.order_multiple)
    return Ask(product.id, quantity)


def availability_of(product, promise, arrives_on: date | None) -> Availability:
    """What a promise says on the page; `arrives_on` is when it is at the buyer's door."""
    if product.kind == "service":
        return Availability("service", None, arrives_on, _("Done for you"))
    if promise.short == 0 and promise.on_hand:
        plenty = promise.on_hand >= FEW * product.order_multiple
        return Availability("in_stock" if plenty else "low", promise.on_hand, arrives_on)
    source = promise.lots[-1].source if promise.lots else "sourced"
    if source == "incoming":
        return Availability("incoming", promise.on_hand or None, arrives_on, _("on its way to us"))
    return Availability("sourced", promise.on_hand or None, arrives_on, _("ordered in for you"))


def add_url(visit: Visit) -> str:
    """Where a product is put into the cart; "" for who may not order."""
    return reverse("portal:cart_add") if visit.may("cart.edit") else ""


def picture_of(product) -> str:
    return product.picture.url if product.picture else ""


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the account is told about each ask: price (where who looks may see prices), promise, day of arrival."""

    prices: Mapping[Ask, object]
    promises: Mapping[Ask, object]
    arrivals: Mapping[Ask, date | None]

    def availability(self, product, ask: Ask) -> Availability:
        return availability_of(product, self.promises[ask], self.arrivals.get(ask))


def conditions_for(visit: Visit, asks: Sequence[Ask]) -> Conditions:
    """Price, promise and arrival of each ask; as many queries for fifty as for one."""
    prices = prices_for(visit.actor, asks, visit.on) if visit.may("price.read") else {}
    promises = promises_for(asks, visit.on)
    return Conditions(prices, promises, arrivals_for(visit.destination, promises, visit.now))


def cards_for(
    visit: Visit,
    products: Sequence,
    *,
    quantities: Mapping[int, int] | None = None,
    reasons: Mapping[int, str] | None = None,
) -> list[Card]:
    """A card for each product, in order; the number of queries does not depend on how many there are.

    `quantities` are what to suggest by product id (else the least that can be ordered), `reasons` why it is shown.
    """
    if not products:
        return []
    wished = quantities or {}
    asks = [least_ask(product, wished.get(product.id, 1)) for product in products]
    numbers = part_numbers_of(visit.actor, [product.id for product in products])
    return cards_of(products, asks, conditions_for(visit, asks), reasons, numbers)


def cards_of(
    products: Sequence,
    asks: Sequence[Ask],
    conditions: Conditions,
    reasons: Mapping[int, str] | None = None,
    numbers: Mapping[int, str] | None = None,
) -> list[Card]:
    """The cards of products whose conditions are known already; `numbers` are the account's own part numbers."""
    why, own = reasons or {}, numbers or {}
    return [
        Card(
            product=product,
            sku=product.sku,
            name=product.name,
            url=reverse("portal:product", args=[product.sku]),
            picture=picture_of(product),
            brand=product.brand.name if product.brand else "",
            uom=unit_words(product.uom),
            step=product.order_multiple,
            quantity=ask.quantity,
            price=conditions.prices.get(ask),
            availability=conditions.availability(product, ask),
            why=why.get(product.id, ""),
            your_number=own.get(product.id, ""),
        )
        for product, ask in zip(products, asks, strict=True)
    ]
