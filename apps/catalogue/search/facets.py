"""The choices a page offers, from what was counted: names, order, how many of each.

Attributes that few of the products carry are left out.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.catalogue.models import Attribute
from apps.catalogue.search.counting import CATEGORY, Counted, brands_of
from apps.catalogue.search.questions import BOUGHT_BEFORE, BRAND, IN_STOCK, Facet, FacetValue, Query
from apps.catalogue.search.ranges import steps_of
from apps.catalogue.selectors.categories import Node

MOST_ATTRIBUTES = 12
MOST_VALUES = 40
LEAST_SHARE = Decimal("0.15")
_NUMBER = re.compile(r"([0-9]+(?:\.[0-9]+)?)")


def facets_of(
    counted: Counted, query: Query, tree: Sequence[Node], here: Node | None, known: Mapping[str, Attribute]
) -> tuple[Facet, ...]:
    """What was counted, with names, in the order of the page: category, stock, bought before, brand, attributes.

    One query, for the names of brands.
    """
    offered = [
        _category(counted, tree, here),
        _flag(counted, IN_STOCK, _("Availability"), _("In stock now"), query.in_stock),
        _flag(counted, BOUGHT_BEFORE, _("Your orders"), _("Bought before"), query.bought_before),
        _brand(counted, query),
        *_attributes(counted, query, known),
    ]
    return tuple(facet for facet in offered if facet.values)


def _category(counted: Counted, tree: Sequence[Node], here: Node | None) -> Facet:
    counts = counted.by_facet.get(CATEGORY, {})
    values = []
    for child in here.children if here else tree:
        number = sum(counts.get(str(node.id), 0) for node in child.walk())
        if number:
            values.append(FacetValue(child.slug, child.name, number))
    return Facet(CATEGORY, _("Category"), "", tuple(values), kind="category")


def _flag(counted: Counted, code: str, name: str, label: str, chosen: bool) -> Facet:
    number = counted.by_facet.get(code, {}).get("true", 0)
    values = (FacetValue("true", label, number, chosen),) if number or chosen else ()
    return Facet(code, name, "", values, kind="flag")


def _brand(counted: Counted, query: Query) -> Facet:
    counts = brands_of(counted)
    values = [FacetValue(slug, label, number, slug in query.brands) for slug, (label, number) in counts.items()]
    values += [FacetValue(slug, slug, 0, True) for slug in query.brands if slug not in counts]
    return Facet(BRAND, _("Brand"), "", _most(values), kind="brand")


def _most(values: list[FacetValue]) -> tuple[FacetValue, ...]:
    """The values that show most, chosen ones always among them, by label; M8 stands before M10."""
    kept = sorted(values, key=lambda value: (not value.chosen, -value.count))[:MOST_VALUES]
    return tuple(sorted(kept, key=lambda value: _in_order(value.label)))


def _in_order(label: str) -> list[tuple[int, Decimal, str]]:
    parts = _NUMBER.split(label.casefold())
    return [(1, Decimal(0), part) if place % 2 == 0 else (0, Decimal(part), "") for place, part in enumerate(parts)]


def _attributes(counted: Counted, query: Query, known: Mapping[str, Attribute]) -> list[Facet]:
    carried = {
        code: sum(counted.by_facet.get(code, {}).values()) for code, attribute in known.items() if attribute.is_facet
    }
    telling = {
        code: number
        for code, number in carried.items()
        if query.attributes.get(code) or (number and number >= counted.total * LEAST_SHARE)
    }
    most = sorted(telling, key=lambda code: (not query.attributes.get(code), -telling[code]))[:MOST_ATTRIBUTES]
    return [_attribute(known[code], counted, query) for code in known if code in most]


def _attribute(attribute: Attribute, counted: Counted, query: Query) -> Facet:
    counts = counted.by_facet.get(attribute.code, {})
    chosen = query.attributes.get(attribute.code, ())
    if attribute.kind == Attribute.Kind.NUMBER:
        values = steps_of(counts, chosen)
    else:
        words = {"true": _("Yes"), "false": _("No")} if attribute.kind == Attribute.Kind.YES_NO else {}
        values = _most([FacetValue(v, words.get(v, v), n, v in chosen) for v, n in counts.items()])
        values += tuple(FacetValue(v, words.get(v, v), 0, True) for v in chosen if v not in counts)
    return Facet(attribute.code, attribute.name, attribute.unit, values)
