"""Suggestions as pages show them: a block for each kind, all of a page priced together, no product twice.

A block says its kind and the place it stands at, so that what came of it can be counted.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.catalogue.rules import Ask
from apps.catalogue.selectors import Node
from apps.portal.cards import Card, add_url, cards_for
from apps.portal.visit import Visit
from apps.recommendations.because import because_words, suggestion_words
from apps.recommendations.earning import gets_suggestions
from apps.recommendations.selectors import (
    Suggestion,
    missing_from_range,
    next_order,
    picks_of,
    savings_for,
    services_that_fit,
    sooner_instead,
    suggested_with,
    usually_added,
)

TITLES = {
    "next_order": _("Your next order"),
    "goes_with": _("Often ordered together"),
    "usually_added": _("You usually add"),
    "missing_range": _("Businesses like yours also order"),
    "substitute": _("There sooner"),
    "saving": _("The same for less"),
    "service": _("Services that fit"),
}
FEW, SERVICES = 4, 2
Finders = Mapping[str, Callable[[], Sequence[Suggestion]]]  # kind -> what finds its suggestions


class Block(NamedTuple):
    """Suggestions of a kind at a place: see components/_suggestions.html."""

    kind: str
    place: str
    title: str
    cards: list[Card]
    add_url: str


def blocks_of(visit: Visit, place: str, finders: Finders, names: Mapping[int, str] | None = None) -> list[Block]:
    """A block for each kind that has something to say and that the account is shown: others are not looked for.
    `names` are those of the products the reasons are about, by id. As many queries for many blocks as for one."""
    kept: dict[str, list[Suggestion]] = {}
    shown: set[int] = set()
    for kind, find in finders.items():
        for each in find() if gets_suggestions(visit.actor, kind) else ():
            if each.product.id not in shown:
                shown.add(each.product.id)
                kept.setdefault(kind, []).append(each)
    every = [each for suggestions in kept.values() for each in suggestions]
    quantities = {each.product.id: each.quantity for each in every if each.quantity}
    reasons = {each.product.id: suggestion_words(each, names or {}) for each in every}
    cards = cards_for(visit, [each.product for each in every], quantities=quantities, reasons=reasons)
    of = {card.product.id: card for card in cards}
    return [
        Block(
            kind, place, str(TITLES[kind]), [of[each.product.id] for each in suggestions], _add_url(visit, kind, place)
        )
        for kind, suggestions in kept.items()
    ]


def _add_url(visit: Visit, kind: str, place: str) -> str:
    """Beside the lines of a quick order a suggestion becomes one of them."""
    return add_url(
        visit, kind=kind, place=place, to="portal:quick_add" if place == "quick_order" else "portal:cart_add"
    )


def forms_of(visit: Visit) -> dict[str, str]:
    """Where a suggestion is put into the cart, and where it is sent away; "" for who may do neither."""
    can = visit.may("cart.edit")
    return {"add_url": add_url(visit), "dismiss_url": reverse("portal:dismiss") if can else ""}


def for_cart(visit: Visit, asks: Sequence[Ask], names: Mapping[int, str], place: str) -> list[Block]:
    """Beside what is in a cart or a quick order: what is there sooner, what the account usually adds, what others order
    with it, what does the same for less, services."""
    actor, ids = visit.actor, [ask.product_id for ask in asks]
    finders = {
        "substitute": lambda: sooner_instead(actor, asks, visit.destination, visit.now, limit=FEW),
        "usually_added": lambda: usually_added(actor, ids, visit.on, FEW),
        "goes_with": lambda: suggested_with(actor, ids, visit.on, FEW),
        "saving": lambda: _savings(visit, asks),
        "service": lambda: services_that_fit(actor, ids, visit.on, SERVICES),
    }
    return blocks_of(visit, place, finders, names)


def for_product(visit: Visit, ask: Ask) -> list[Block]:
    """On a product's page, which shows its services itself."""
    actor, ids = visit.actor, [ask.product_id]
    finders = {
        "saving": lambda: _savings(visit, [ask]),
        "usually_added": lambda: usually_added(actor, ids, visit.on, FEW),
        "goes_with": lambda: suggested_with(actor, ids, visit.on, FEW),
    }
    return blocks_of(visit, "product", finders)


def _savings(visit: Visit, asks: Sequence[Ask]) -> Sequence[Suggestion]:
    return savings_for(visit.actor, asks, visit.on, FEW) if visit.may("price.read") else []


def sooner(visit: Visit, ask: Ask) -> list[Block]:
    """What does the same as one product and is there sooner; nothing where it is there in that quantity."""
    find = partial(sooner_instead, visit.actor, [ask], visit.destination, visit.now, limit=2)
    return blocks_of(visit, "product", {"substitute": find})


def for_home(visit: Visit) -> list[Block]:
    """What others like the account order; what is due and picked stands above it on the page itself."""

    def find() -> list[Suggestion]:
        above = {each.product.id for each in picks_of(visit.actor, on=visit.on)}
        found = missing_from_range(visit.actor, visit.on, FEW + len(above))
        return [each for each in found if each.product.id not in above][:FEW]

    return blocks_of(visit, "home", {"missing_range": find})


def for_next_order(visit: Visit) -> list[Block]:
    """What could be taken for lines of the next order that are not there by the day they are due."""
    lines = [line for line in next_order(visit.actor, visit.on) if line.due_on]
    asks = [Ask(line.product.id, line.quantity) for line in lines]
    by = {line.product.id: max(line.due_on, visit.on) for line in lines}
    names = {line.product.id: line.product.name for line in lines}
    find = partial(sooner_instead, visit.actor, asks, visit.destination, visit.now, by=by, limit=FEW)
    return blocks_of(visit, "next_order", {"substitute": find} if asks else {}, names)


def after_order(visit: Visit, names: Mapping[int, str]) -> list[Block]:
    """For the order after this one: services for it, what goes with it, what others like the account order."""
    actor, ids = visit.actor, list(names)
    finders = {
        "service": lambda: services_that_fit(actor, ids, visit.on, SERVICES),
        "goes_with": lambda: suggested_with(actor, ids, visit.on, FEW),
        "missing_range": lambda: missing_from_range(actor, visit.on, FEW),
    }
    return blocks_of(visit, "confirmation", finders, names)


def for_empty_search(visit: Visit, nearest: Sequence[Node]) -> list[Block]:
    """What the account will likely order of the categories nearest to what was searched, else at all."""

    def find() -> list[Suggestion]:
        below = {node.id for top in nearest for node in top.walk()}
        found = next_order(visit.actor, visit.on, FEW, below=below) if below else []
        found = found or next_order(visit.actor, visit.on, FEW)
        return [_as_suggestion(each, visit) for each in found]

    return blocks_of(visit, "search", {"next_order": find})


def _as_suggestion(each, visit: Visit) -> Suggestion:
    return Suggestion(each.product, "next_order", {"words": because_words(each, visit.on)}, each.quantity)
