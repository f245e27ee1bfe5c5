"""The lines of a list in words: see portal/lists/_line.html and `core.rows`."""

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.translation import gettext as _

from apps.catalogue.selectors import in_readers_language
from apps.core.formatting import Words
from apps.portal.cards import addresses_of, availability_of, price_words, promise_words, unit_words


class Line(NamedTuple):
    """A line in words; the fields that can be typed into hold what was typed where that was refused."""

    key: str
    sku: str
    name: str
    url: str
    picture: str
    your_number: str
    uom: str
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
    quantity: str
    par: str
    note: str
    shelf: str
    net: str
    problem: str
    is_linked: bool
    error: str


def lines_in_words(views, typed: Mapping[str, Mapping[int, str]], refusal) -> list[Line]:
    """`ListLineView`s in words; `typed` is what was typed by prefix and line, `refusal` what was wrong with it."""
    write, url_of = Words(), addresses_of("portal:product")
    wrong = refusal.facts.get("sku") if refusal else None
    in_readers_language([view.product for view in views])
    return [
        Line(
            key=str(line.pk),
            sku=product.sku,
            name=product.name,
            url=url_of(product.sku),
            picture=product.thumbnail_url,
            your_number=view.your_number,
            uom=str(unit_words(product.uom)),
            **price_words(view.decision, write),
            **promise_words(availability_of(product, view.promise, view.arrives_on), write),
            quantity=_of(typed, "quantity-", line.pk, line.quantity),
            par=_of(typed, "par-", line.pk, line.par),
            note=_of(typed, "note-", line.pk, line.note),
            shelf=_of(typed, "shelf-", line.pk, ""),
            net=write.money(view.net, view.decision.currency) if view.net is not None else "",
            problem=_problem(view.problem),
            is_linked=view.problem != "outside_assortment" and product.status != "hidden",
            error=str(refusal.detail) if wrong == product.sku else "",
        )
        for view in views
        for line, product in ((view.line, view.product),)
    ]


def _of(typed: Mapping[str, Mapping[int, str]], prefix: str, pk: int, value: object) -> str:
    return typed.get(prefix, {}).get(pk, "" if value is None else str(value))


def _problem(code: str) -> str:
    if code == "not_on_sale":
        return _("No longer sold: it is left out when you order.")
    return _("Not in your assortment: it is left out when you order.") if code else ""
