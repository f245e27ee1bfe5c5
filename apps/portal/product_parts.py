"""The parts of a product page in the words and the order of the page."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.catalogue.rules import Ask
from apps.catalogue.selectors import ProductPage, Related
from apps.delivery.rules import Step
from apps.portal import compare
from apps.portal.cards import Card, Conditions, cards_of, least_ask, picture_of

SHOWN = 8  # of one kind; the rest is found in the catalogue
# kind (as in ProductPage), title, what it is
RELATED = (
    ("successors", gettext_lazy("What replaces it"), ""),
    ("substitutes", gettext_lazy("Substitutes"), gettext_lazy("They do the same; what differs stands beside each.")),
    ("components", gettext_lazy("What the kit contains"), gettext_lazy("Each part can be ordered on its own.")),
    ("spare_parts", gettext_lazy("Spare parts"), gettext_lazy("Parts that wear, for the repair.")),
    ("accessories", gettext_lazy("Accessories"), gettext_lazy("Chosen to fit.")),
    ("services", gettext_lazy("Services for it"), gettext_lazy("Ordered as a line with the goods.")),
    ("fits", gettext_lazy("Fits these"), gettext_lazy("It is a spare part of each of them.")),
    ("kits", gettext_lazy("Part of these kits"), gettext_lazy("Cheaper together where you need the rest as well.")),
)
COMPARED = ("successors", "substitutes")
AS_CARDS = frozenset({"accessories"})
SOURCES = {
    "stock": gettext_lazy("in stock"),
    "incoming": gettext_lazy("on its way to us"),
    "supplier": gettext_lazy("from the supplier's stock"),
    "sourced": gettext_lazy("ordered in for you"),
    "service": gettext_lazy("done for you"),
}


class Picture(NamedTuple):
    url: str
    caption: str


class Row(NamedTuple):
    """A related product: its card (a list of one, as the tag `rows` takes it), how many of it, and how it differs."""

    cards: tuple[Card]
    quantity: int
    differs: tuple


def pictures_of(page: ProductPage) -> list[Picture]:
    """The pictures, the product's own first."""
    first = [Picture(picture_of(page.product), page.product.name)] if page.product.picture else []
    return [*first, *(Picture(each.file.url, each.caption) for each in page.pictures)]


def steps_in_words(steps: Sequence[Step]) -> list[tuple[Step, str]]:
    return [(step, SOURCES[step.source]) for step in steps]


def asks_of(page: ProductPage) -> dict[int, Ask]:
    """The least that can be ordered of each related product that is shown, by its id."""
    shown = (each.product for kind, *_words in RELATED for each in _shown(page, kind))
    return {product.id: least_ask(product) for product in shown}


def _shown(page: ProductPage, kind: str) -> list[Related]:
    return getattr(page, kind)[:SHOWN]


def groups_of(page: ProductPage, asks: Mapping[int, Ask], conditions: Conditions) -> list[dict]:
    """Related products kind by kind, each with price and date for this account."""
    shown = [each for kind, *_words in RELATED for each in _shown(page, kind)]
    products = {each.product.id: each.product for each in shown}
    notes = {each.product.id: each.note for each in shown if not each.differs}
    cards = cards_of(list(products.values()), [asks[pk] for pk in products], conditions, notes)
    by_id = {card.product.id: card for card in cards}
    return [
        {
            "kind": kind,
            "title": title,
            "about": about,
            "rows": [Row((by_id[each.product.id],), each.quantity, each.differs) for each in _shown(page, kind)],
            "cards": [by_id[each.product.id] for each in _shown(page, kind)],
            "as_cards": kind in AS_CARDS,
            "compare_url": _compared(page, kind) if kind in COMPARED else "",
        }
        for kind, title, about in RELATED
        if getattr(page, kind)
    ]


def _compared(page: ProductPage, kind: str) -> str:
    """The product beside what could be bought instead."""
    others = [each.product.sku for each in getattr(page, kind)]
    return compare.address_of([page.product.sku, *others][: compare.MOST])


def index_of(context: Mapping, groups: Sequence[dict]) -> list[tuple[str, str]]:
    """The sections of the page in their order: (the id, the words)."""
    page = context["page"]
    before = (
        ("supply", _("Availability"), True),
        ("prices", _("Your prices"), context["price"]),
        ("specification", _("Specification"), True),
        ("packaging", _("Packaging"), page.packaging),
        ("documents", _("Documents"), page.documents or page.certificates),
    )
    after = (
        ("history", _("Your orders"), context["history"]),
        ("reviews", _("Reviews"), True),
        ("questions", _("Questions"), True),
    )
    related = ((group["kind"], group["title"], group["kind"] != "successors") for group in groups)
    return [(name, words) for name, words, is_there in (*before, *related, *after) if is_there]
