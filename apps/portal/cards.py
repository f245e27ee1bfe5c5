"""Products as a buyer sees them in a list: this account's price, what is there, when it arrives."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from urllib.parse import quote

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.availability.selectors import promises_for
from apps.catalogue.rules import Ask, orderable_quantity
from apps.catalogue.selectors import in_readers_language, part_numbers_of
from apps.core.formatting import Words
from apps.delivery.selectors import arrivals_for
from apps.ordering.selectors import starred
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


_SAFE = "!$&'()*+,;=/~:@"  # what `reverse` leaves in a path as it is
_ANY_NUMBER = 10**12
SOURCE = "suggestion"  # in the address of a form: what is added by it was suggested, and where
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


class Card(NamedTuple):
    """A product of a list, with what the account is told of it as facts (`price` is pricing's Decision, or None for who
    may see no prices) and in words: see components/_product_card.html and `core.rows`."""

    product: object
    sku: str
    name: str
    url: str
    picture: str
    brand: str
    uom: str
    step: str
    quantity: str
    price: object
    availability: Availability
    amount: str
    on_request: bool
    source: str
    source_name: str
    break_price: str
    break_quantity: str
    state: str
    on_hand: str
    arrives_on: str
    promise: str
    why: str = ""
    your_number: str = ""
    avif: str = ""
    per_unit: str = ""
    is_favourite: bool = False


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


def add_url(visit: Visit, *, kind: str = "", place: str = "", to: str = "portal:cart_add") -> str:
    """Where a product is put into the cart, with the suggestion it comes from; "" for who may not order."""
    source = f"?{SOURCE}={kind}:{place}" if kind else ""
    return f"{reverse(to)}{source}" if visit.may("cart.edit") else ""


def star_url(visit: Visit) -> str:
    """Where a star is set or taken away; "" for who has no favourites of their own."""
    own = visit.actor.contact_id is not None and not visit.actor.acting_for
    return reverse("portal:favourites") if own and visit.may("cart.edit") else ""


def with_stars(visit: Visit, cards: list[Card]) -> list[Card]:
    """The same cards, the contact's favourites marked. One query at most."""
    found = starred(visit.actor, [card.product.id for card in cards]) if star_url(visit) else ()
    return [card._replace(is_favourite=card.product.id in found) for card in cards] if found else cards


def addresses_of(name: str) -> Callable[[str], str]:
    """How to make the address of the view `name` out of its one argument, a code: looked up once for a list."""
    before, after = reverse(name, args=["\ue000"]).split(quote("\ue000"))
    return lambda code: f"{before}{quote(code, safe=_SAFE)}{after}"


def numbered(name: str) -> Callable[[int], str]:
    """The same where the argument is a number."""
    before, after = reverse(name, args=[_ANY_NUMBER]).split(str(_ANY_NUMBER))
    return lambda number: f"{before}{number}{after}"


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
    asks = [least_ask(product, wished.get(product.id, 1)) for product in in_readers_language(products)]
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
    why, own, write, url_of = reasons or {}, numbers or {}, Words(), addresses_of("portal:product")
    return [
        Card(
            product=product,
            sku=product.sku,
            name=product.name,
            url=url_of(product.sku),
            picture=product.thumbnail_url,
            avif=product.avif_url,
            brand=product.brand.name if product.brand else "",
            uom=str(unit_words(product.uom)),
            step=str(product.order_multiple),
            quantity=str(ask.quantity),
            price=price,
            availability=availability,
            **price_words(price, write),
            **promise_words(availability, write),
            why=why.get(product.id, ""),
            your_number=own.get(product.id, ""),
            per_unit=_per_unit(product, price, write),
        )
        for product, ask in zip(products, asks, strict=True)
        for price, availability in ((conditions.prices.get(ask), conditions.availability(product, ask)),)
    ]


def _per_unit(product, price, write: Words) -> str:
    """The price of one unit of what is in a product, to compare packs by; "" where it says no content."""
    if not product.content_quantity or price is None or price.unit_price is None:
        return ""
    amount = write.unit_price(price.unit_price / product.content_quantity, price.currency)
    return f"{amount} {unit_words(product.content_uom)}"


def price_words(price, write: Words) -> dict:
    """A Decision in words; without one (who looks may see no prices) none."""
    asked, ahead = price is not None and price.unit_price is not None, price and price.next_break
    return {
        "amount": write.unit_price(price.unit_price, price.currency) if asked else "",
        "on_request": price is not None and not asked,
        "source": price.source if asked else "",
        "source_name": price.source_name if asked else "",
        "break_price": write.unit_price(ahead.unit_price, price.currency) if asked and ahead else "",
        "break_quantity": write.number(ahead.min_quantity) if asked and ahead else "",
    }


def promise_words(availability: Availability, write: Words, *, in_full: bool = False) -> dict:
    """A dated promise in words, never a bare "out of stock"; `in_full` says also where what is dated comes from."""
    undated = not availability.quantity and not availability.arrives_on
    words = str(availability.words) if undated or in_full else ""
    return {
        "state": availability.state,
        "on_hand": write.number(availability.quantity) if availability.quantity else "",
        "arrives_on": write.short_date(availability.arrives_on) if availability.arrives_on else "",
        "promise": words or (str(_("Date on request")) if undated else ""),
    }
