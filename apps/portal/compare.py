"""A few products side by side, with what differs between them.

1. The address carries all of it: each product is a `sku` (or any code somebody knows it by), `only=differences` hides
   the rows in which all are alike.
2. Of more than `MOST` the first are shown, and the others named; so is a code that no product is known by.
3. A row differs where not all its values are the same; a value that is missing is a value of its own. What none of
   them has is no row.
"""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.catalogue.selectors import Comparable, comparable, in_readers_language, products_by_code
from apps.core.lists import clean
from apps.portal.access import in_account
from apps.portal.cards import Card, add_url, cards_of, conditions_for, least_ask
from apps.portal.visit import Visit

MOST = 6
READ_AT_MOST = 30


@dataclass(frozen=True, slots=True)
class Side:
    """A product with how it stands on the page: its card, and the comparison without it."""

    product: object
    card: Card
    without_url: str


@dataclass(frozen=True, slots=True)
class Row:
    """What the products are compared by. `kind` says how a value is written: see portal/compare/_value.html."""

    label: str
    kind: str
    values: tuple
    differs: bool
    unit: str = ""

    @property
    def says_something(self) -> bool:
        return any(value not in (None, "", ()) for value in self.values)


@require_safe
@in_account()
def compare(request: HttpRequest) -> HttpResponse:
    products, unknown = _products(request)
    shown, left_out = products[:MOST], products[MOST:]
    skus = [product.sku for product in shown]
    sides = _sides(request.visit, shown) if shown else []
    rows = [row for row in _rows(sides, comparable(shown)) if row.says_something] if shown else []
    only = request.GET.get("only") == "differences" and len(shown) > 1
    context = {
        "section": "catalogue",
        "trail": [(_("Catalogue"), reverse("portal:catalogue")), (_("Compare"), "")],
        "sides": sides,
        "rows": [row for row in rows if row.differs] if only else rows,
        "alike": sum(not row.differs for row in rows),
        "only": only,
        "skus": skus,
        "most": MOST,
        "is_full": len(shown) >= MOST,
        "left_out": left_out,
        "unknown": unknown,
        "toggle_url": address_of(skus, only=not only),
        "add_url": add_url(request.visit),
    }
    return render(request, "portal/compare/page.html", context)


def address_of(skus: Sequence[str], *, only: bool = False) -> str:
    """The address of a comparison."""
    asked = [("sku", sku) for sku in skus] + ([("only", "differences")] if only else [])
    return f"{reverse('portal:compare')}?{urlencode(asked)}" if skus else reverse("portal:compare")


def _products(request: HttpRequest) -> tuple[list, list[str]]:
    """The products that the codes in the address mean, each once, and the codes that mean none."""
    codes = list(dict.fromkeys(code for typed in request.GET.getlist("sku") if (code := clean(typed))))[:READ_AT_MOST]
    found = products_by_code(request.actor, codes)
    products = {matches[0].product.pk: matches[0].product for code in codes if (matches := found[code])}
    return list(products.values()), [code for code in codes if not found[code]]


def _sides(visit: Visit, products: list) -> list[Side]:
    asks = [least_ask(product) for product in in_readers_language(products)]
    cards = cards_of(products, asks, conditions_for(visit, asks))
    skus = [product.sku for product in products]
    return [
        Side(product, card, address_of([sku for sku in skus if sku != product.sku]))
        for product, card in zip(products, cards, strict=True)
    ]


def _rows(sides: list[Side], by: Comparable) -> Iterator[Row]:
    products = [side.product for side in sides]
    if sides[0].card.price is not None:
        yield _row(_("Your price"), "price", [side.card for side in sides], [_price(side.card) for side in sides])
    states = [(side.card.availability.state, side.card.availability.arrives_on) for side in sides]
    yield _row(_("Availability"), "availability", [side.card.availability for side in sides], states)
    yield _row(_("Brand"), "text", [side.card.brand for side in sides])
    for attribute in by.attributes:
        values = [product.attributes.get(attribute.code) for product in products]
        yield _row(attribute.name, attribute.kind, values, unit=attribute.unit)
    units = [tuple((unit.name, unit.quantity) for unit in by.packaging[product.pk]) for product in products]
    yield _row(_("Packaging"), "packaging", units)
    yield _row(_("Sold by"), "text", [side.card.uom for side in sides])
    yield _row(_("Least quantity"), "number", [side.card.quantity for side in sides])
    yield _row(_("Order steps"), "number", [product.order_multiple for product in products])
    yield _row(_("Weight"), "number", [product.weight_kg or None for product in products], unit="kg")
    yield _row(_("Warranty"), "months", [product.warranty_months for product in products])


def _price(card: Card) -> tuple:
    return card.price.unit_price, card.price.currency, card.uom


def _row(label: str, kind: str, values: list, compared: Sequence[Hashable] | None = None, unit: str = "") -> Row:
    """A row; what is compared is the values themselves where nothing else is given."""
    return Row(label, kind, tuple(values), len(set(map(repr, compared or values))) > 1, unit)
