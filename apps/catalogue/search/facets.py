"""Counting what each further choice would show.

1. The values of a facet are counted under the text, the category and all *other* filters: so a facet whose value is
   chosen keeps its further values on offer. One pass of the index counts all facets that are no filter; each one that
   is takes a pass of its own.
2. Attributes are counted only below a category or a text: over a whole catalogue they say nothing. Those that few of
   the products carry are left out.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum

from django.utils.translation import gettext as _
from tantivy import Occur
from tantivy import Query as Ask

from apps.catalogue.index import Opened
from apps.catalogue.models import Attribute, Brand
from apps.catalogue.search.narrowing import Filter, one_of
from apps.catalogue.search.questions import BOUGHT_BEFORE, BRAND, IN_STOCK, Facet, FacetValue, Query
from apps.catalogue.search.ranges import steps_of
from apps.catalogue.selectors.categories import Node

CATEGORY = "category"
MOST_ATTRIBUTES = 12
MOST_VALUES = 40
LEAST_SHARE = Decimal("0.15")
_NUMBER = re.compile(r"([0-9]+(?:\.[0-9]+)?)")
_MOST_BUCKETS = 10_000
_PLAIN = {CATEGORY: "category", BRAND: "brand", IN_STOCK: "stock"}

Clauses = Sequence[tuple[Occur, Ask]]


@dataclass(frozen=True, slots=True)
class Counted:
    """`total` of hits; facet code -> value -> (label, count)."""

    total: int
    by_facet: Mapping[str, Mapping[str, tuple[str, int]]] = field(default_factory=dict)


class Wanted(Enum):
    """What is to be counted beside the hits."""

    TOTAL, BUT_ATTRIBUTES, ALL = range(3)


def asked(scope: Clauses, filters: Iterable[Filter]) -> Ask:
    """What passes the scope (text, category, assortment) and the filters."""
    return Ask.boolean_query([*scope, *((Occur.Must, narrowing.query) for narrowing in filters)])


def count(
    index: Opened, scope: Clauses, filters: Sequence[Filter], wanted: Wanted, bought: frozenset[int] | None
) -> Counted:
    """Count hits and, where wanted, the values of each facet. One query, for the names of brands."""
    everything = asked(scope, filters)
    if wanted is Wanted.TOTAL:
        return Counted(index.searcher.search(everything, 1).count)
    set_ = {narrowing.code for narrowing in filters}
    free = [code for code in _PLAIN if code not in set_]
    by_facet = _buckets(index, everything, {CATEGORY, *free}, attributes=wanted is Wanted.ALL, but=set_)
    total = sum(number for _label, number in by_facet[CATEGORY].values())
    for narrowing in filters:
        others = asked(scope, (other for other in filters if other is not narrowing))
        by_facet |= _of_one(index, others, narrowing.code, bought)
    if bought is not None and BOUGHT_BEFORE not in set_:
        by_facet |= _of_one(index, everything, BOUGHT_BEFORE, bought)
    return Counted(total, by_facet | {BRAND: _with_names(by_facet.get(BRAND, {}))})


def _of_one(index: Opened, query: Ask, code: str, bought: frozenset[int] | None) -> dict:
    """The counts of one facet alone."""
    if code == BOUGHT_BEFORE:
        with_it = Ask.boolean_query([(Occur.Must, query), (Occur.Must, one_of("id", bought or ()))])
        return {code: {"true": ("", index.searcher.search(with_it, 1).count)}}
    if code in _PLAIN:
        return _buckets(index, query, {code}, attributes=False)
    return _buckets(index, query, (), attributes=True, only=code)


def _buckets(
    index: Opened,
    query: Ask,
    plain: Iterable[str],
    *,
    attributes: bool,
    only: str | None = None,
    but: Iterable[str] = (),
) -> dict[str, dict[str, tuple[str, int]]]:
    wanted = {code: {"terms": {"field": _PLAIN[code], "size": _MOST_BUCKETS}} for code in plain}
    if attributes:
        wanted["attr"] = {"terms": {"field": "attr", "size": _MOST_BUCKETS}}
        if only is not None:
            wanted["attr"]["terms"]["include"] = f"{re.escape(only)}=.*"
    answer = index.searcher.aggregate(query, wanted)
    found = {code: _read(code, answer[code]["buckets"]) for code in plain}
    for bucket in answer["attr"]["buckets"] if attributes else ():
        code, _equals, value = bucket["key"].partition("=")
        if code not in but:
            found.setdefault(code, {})[value] = ("", bucket["doc_count"])
    return found


def _read(code: str, buckets: Iterable[Mapping]) -> dict[str, tuple[str, int]]:
    if code == IN_STOCK:
        there = sum(bucket["doc_count"] for bucket in buckets if bucket["key"])
        return {"true": ("", there)} if there else {}
    return {str(int(bucket["key"])): ("", bucket["doc_count"]) for bucket in buckets}


def _with_names(counts: Mapping[str, tuple[str, int]]) -> dict[str, tuple[str, int]]:
    """Counts of brands by slug, with their names, from those by id."""
    if not counts:
        return {}
    brands = Brand.objects.filter(pk__in=[int(id_) for id_ in counts]).values_list("pk", "slug", "name")
    return {slug: (name, counts[str(pk)][1]) for pk, slug, name in brands}


def facets_of(
    counted: Counted, query: Query, tree: Sequence[Node], here: Node | None, known: Mapping[str, Attribute]
) -> tuple[Facet, ...]:
    """What was counted, with names, in the order of the page: category, stock, bought before, brand, attributes."""
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
        number = sum(counts.get(str(node.id), ("", 0))[1] for node in child.walk())
        if number:
            values.append(FacetValue(child.slug, child.name, number))
    return Facet(CATEGORY, _("Category"), "", tuple(values), kind="category")


def _flag(counted: Counted, code: str, name: str, label: str, chosen: bool) -> Facet:
    number = counted.by_facet.get(code, {}).get("true", ("", 0))[1]
    values = (FacetValue("true", label, number, chosen),) if number or chosen else ()
    return Facet(code, name, "", values, kind="flag")


def _brand(counted: Counted, query: Query) -> Facet:
    counts = counted.by_facet.get(BRAND, {})
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
        code: sum(number for _label, number in counted.by_facet.get(code, {}).values())
        for code, attribute in known.items()
        if attribute.is_facet
    }
    telling = {
        code: number
        for code, number in carried.items()
        if query.attributes.get(code) or (number and number >= counted.total * LEAST_SHARE)
    }
    most = sorted(telling, key=lambda code: (not query.attributes.get(code), -telling[code]))[:MOST_ATTRIBUTES]
    return [_attribute(known[code], counted, query) for code in known if code in most]


def _attribute(attribute: Attribute, counted: Counted, query: Query) -> Facet:
    counts = {value: number for value, (_label, number) in counted.by_facet.get(attribute.code, {}).items()}
    chosen = query.attributes.get(attribute.code, ())
    if attribute.kind == Attribute.Kind.NUMBER:
        values = steps_of(counts, chosen)
    else:
        words = {"true": _("Yes"), "false": _("No")} if attribute.kind == Attribute.Kind.YES_NO else {}
        values = _most([FacetValue(v, words.get(v, v), n, v in chosen) for v, n in counts.items()])
        values += tuple(FacetValue(v, words.get(v, v), 0, True) for v in chosen if v not in counts)
    return Facet(attribute.code, attribute.name, attribute.unit, values)
