"""Counting what each further choice would show, in one statement.

1. Of the products that text and category leave, each gets a bit mask: one bit for every filter it does not pass.
2. Mask 0 is a hit. A product counts under a facet if it is a hit, or if the only filter it fails is that facet's own:
   so the counts of a facet are right under all *other* filters, and its further values stay on offer.
3. At most `COUNT_CAP` + 1 products are looked at, so that a flood of matches costs no more than that. What is in stock
   or was bought is asked of these alone, unless it is a filter itself.
4. Attributes are counted only below a category or a text: over a whole catalogue they say nothing. Those that few of
   the products carry are left out.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum

from django.db import connection
from django.db.models import Case, IntegerField, Value, When
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from apps.catalogue.models import Attribute, ProductQuerySet
from apps.catalogue.search.filters import BOUGHT_BEFORE, BRAND, IN_STOCK, Filter, evidence_for
from apps.catalogue.search.questions import COUNT_CAP, Facet, FacetValue, Query
from apps.catalogue.search.ranges import steps_of
from apps.catalogue.selectors.categories import Node
from apps.core.scoping import Actor

CATEGORY = "category"
MOST_ATTRIBUTES = 12
MOST_VALUES = 40
LEAST_SHARE = Decimal("0.15")
_NUMBER = re.compile(r"([0-9]+(?:\.[0-9]+)?)")


@dataclass(frozen=True, slots=True)
class Counted:
    """`total` of hits, up to `COUNT_CAP` + 1; facet code -> value -> (label, count)."""

    total: int
    by_facet: Mapping[str, Mapping[str, tuple[str, int]]] = field(default_factory=dict)


class Wanted(Enum):
    """What is to be counted beside the hits."""

    TOTAL, BUT_ATTRIBUTES, ALL = range(3)


def count(actor: Actor, in_scope: ProductQuerySet, filters: Sequence[Filter], wanted: Wanted) -> Counted:
    """Count hits and, where wanted, the values of each facet; one query."""
    bits = {narrowing.code: 1 << place for place, narrowing in enumerate(filters)}
    base, params = _base(in_scope, filters, bits, wanted)
    parts = list(_parts(actor, bits, wanted))
    statement = f"WITH base AS MATERIALIZED ({base}) " + " UNION ALL ".join(sql for sql, _params in parts)
    by_facet: dict[str, dict[str, tuple[str, int]]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*params, *(param for _sql, own in parts for param in own)])
        for facet, value, label, number in cursor.fetchall():
            by_facet[facet][value] = (label, number)
    total = by_facet.pop("")[""][1]
    return Counted(total, by_facet)


def _base(
    in_scope: ProductQuerySet, filters: Sequence[Filter], bits: Mapping[str, int], wanted: Wanted
) -> tuple[str, tuple]:
    mask = Value(0, output_field=IntegerField())
    for narrowing in filters:
        missed = Value(bits[narrowing.code])
        mask += Case(When(narrowing.condition, then=Value(0)), default=missed, output_field=IntegerField())
    rows = in_scope.order_by().annotate(mask=mask).filter(mask__in=[0, *bits.values()])
    columns = {Wanted.TOTAL: (), Wanted.BUT_ATTRIBUTES: _COLUMNS, Wanted.ALL: (*_COLUMNS, "attributes")}[wanted]
    return rows.values_list("mask", *columns)[: COUNT_CAP + 1].query.sql_with_params()


_COLUMNS = ("id", "category_id", "brand_id")


def _parts(actor: Actor, bits: Mapping[str, int], wanted: Wanted) -> Iterator[tuple[str, list]]:
    """The counting statements over `base`, each giving facet, value, label, count."""
    yield "SELECT ''::text, ''::text, ''::text, count(*) FROM base WHERE mask = 0", []
    if wanted is Wanted.TOTAL:
        return
    yield f"SELECT '{CATEGORY}', category_id::text, '', count(*) FROM base WHERE mask = 0 GROUP BY category_id", []
    yield (
        f"SELECT '{BRAND}', b.slug, b.name, n.count FROM (SELECT brand_id, count(*) FROM base "
        "WHERE mask IN (0, %s) GROUP BY brand_id) n JOIN catalogue_brand b ON b.id = n.brand_id",
        [bits.get(BRAND, 0)],
    )
    for flag, evidence in evidence_for(actor, RawSQL("base.id", ())).items():
        sql, params = evidence.query.sql_with_params()
        yield (
            f"SELECT '{flag}', 'true', '', count(*) FROM base WHERE mask IN (0, %s) AND EXISTS ({sql})",
            [bits.get(flag, 0), *params],
        )
    if wanted is Wanted.ALL:
        yield _attribute_part({code: bit for code, bit in bits.items() if code not in (BRAND, IN_STOCK, BOUGHT_BEFORE)})


def _attribute_part(own: Mapping[str, int]) -> tuple[str, list]:
    own_bit = f"CASE e.key {' '.join(['WHEN %s THEN %s'] * len(own))} ELSE 0 END" if own else "0"
    return (
        "SELECT e.key, e.value, '', count(*) FROM base, jsonb_each_text(base.attributes) e "
        f"WHERE mask IN (0, {own_bit}) GROUP BY e.key, e.value",
        [item for pair in own.items() for item in pair],
    )


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
