"""What narrows a search in the index: the status, the assortment, the category, and the filters a buyer sets."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from tantivy import Occur, Query

from apps.catalogue.index import Opened
from apps.catalogue.index.schema import schema
from apps.catalogue.models import Attribute, Brand
from apps.catalogue.rules import Assortment, Scope
from apps.catalogue.search import questions
from apps.catalogue.search.questions import BOUGHT_BEFORE, BRAND, IN_STOCK


@dataclass(frozen=True, slots=True)
class Filter:
    """What a facet narrows to; `code` is the facet's.

    `key` says all that it depends on; None where that is who asks. One that `lasts` asks the same of the next commit.
    """

    code: str
    query: Query
    key: Hashable | None = None
    lasts: bool = False
    is_facet: bool = True


@dataclass(frozen=True, slots=True)
class Ground:
    """Where one searches: text, category and assortment. `key` and `lasts` as of a filter."""

    clauses: tuple[tuple[Occur, Query], ...]
    key: Hashable | None = None
    lasts: bool = False

    def within(self, query: Query) -> "Ground":
        """The part of it that passes one more condition."""
        return Ground((*self.clauses, (Occur.Must, query)))


def asked(ground: Ground, filters: Iterable[Filter]) -> Query:
    """What passes the ground and the filters."""
    return Query.boolean_query([*ground.clauses, *((Occur.Must, narrowing.query) for narrowing in filters)])


def kept_as(what: str, ground: Ground, filters: Iterable[Filter], *more: Hashable) -> Hashable | None:
    """The key of what is reckoned of these hits; None where it may not be kept."""
    keys = (ground.key, *(narrowing.key for narrowing in filters))
    return None if None in keys else (what, keys, *more)


def on_sale(assortment: Assortment) -> list[tuple[Occur, Query]]:
    """What the account may buy."""
    clauses = [(Occur.Must, _exactly("status", "active"))]
    if assortment.includes:
        clauses.append((Occur.Must, _scope(assortment.includes)))
    if assortment.excludes:
        clauses.append((Occur.MustNot, _scope(assortment.excludes)))
    return clauses


def _scope(scope: Scope) -> Query:
    held = (("path", scope.categories), ("brand", scope.brands), ("id", scope.products))
    return Query.boolean_query([(Occur.Should, one_of(field, ids)) for field, ids in held if ids])


def below(category_id: int) -> tuple[Occur, Query]:
    return Occur.Must, _exactly("path", category_id)


def one_of(field: str, values: Iterable) -> Query:
    return Query.const_score_query(Query.term_set_query(schema(), field, sorted(values)), 0.0)


def _exactly(field: str, value: object) -> Query:
    return Query.const_score_query(Query.term_query(schema(), field, value), 0.0)


def filters_of(
    index: Opened, query: "questions.Query", known: Mapping[str, Attribute], bought: Iterable[int]
) -> list[Filter]:
    """The filters set in `query`, besides text and category; one query where brands are chosen."""
    chosen = []
    if query.brands:
        ids = tuple(sorted(Brand.objects.filter(slug__in=query.brands).values_list("pk", flat=True)))
        chosen.append(Filter(BRAND, one_of("brand", ids), key=(BRAND, ids), lasts=True))
    if query.in_stock:
        chosen.append(Filter(IN_STOCK, _exactly("stock", 1), key=IN_STOCK, lasts=True))
    if query.bought_before:
        chosen.append(Filter(BOUGHT_BEFORE, one_of("id", bought), is_facet=False))
    chosen += [Filter(name, one_of("id", ids), is_facet=False) for name, ids in sorted(query.among.items())]
    for code, values in sorted(query.attributes.items()):
        if code in known and values:
            attribute = known[code]
            chosen.append(Filter(code, _attribute(index, attribute, values), key=(code, attribute.kind, values)))
    return chosen


def _attribute(index: Opened, attribute: Attribute, values: tuple[str, ...]) -> Query:
    if attribute.kind != Attribute.Kind.NUMBER:
        return one_of("attr", [f"{attribute.code}={value}" for value in values])
    start = f"{attribute.code}="
    stored = [term for term, _count in index.searcher.terms_with_prefix("attr", start)]
    bounds = [found for value in values if (found := _bounds(value))]
    within = [term for term in stored if _is_within(term.removeprefix(start), bounds)]
    return one_of("attr", within)


def _bounds(value: str) -> tuple[Decimal | None, Decimal | None] | None:
    """The least and the greatest number of "10..25" or "10"; None for what is no number."""
    low, dots, high = value.partition("..")
    try:
        found = [Decimal(bound) if bound else None for bound in ((low, high) if dots else (low, low))]
    except InvalidOperation:
        return None
    if any(bound is not None and not bound.is_finite() for bound in found):
        return None
    return found[0], found[1]


def _is_within(text: str, bounds: Iterable[tuple[Decimal | None, Decimal | None]]) -> bool:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return False
    return any((low is None or number >= low) and (high is None or number <= high) for low, high in bounds)
