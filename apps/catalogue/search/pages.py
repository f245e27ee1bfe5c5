"""Pages that cost the same however deep one reads, as far as that can be.

1. By popularity a page begins after the last product's place, which no two products share. By name likewise, among the
   `MOST_BY_NAME` most popular hits: PostgreSQL puts them in order.
2. By relevance a page begins at its place among the hits, best first. After `DEEPEST` hits there is no further page.
3. A place is written as a token. One that makes no sense leads to the first page.
4. The index says which products; what a row shows is read from PostgreSQL, and what has left the range since the last
   commit is left out.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import Q
from tantivy import FieldType, Occur, Order
from tantivy import Query as Ask

from apps.catalogue.index import Opened
from apps.catalogue.index.schema import schema
from apps.catalogue.models import Product
from apps.catalogue.search.questions import NAME, POPULARITY, RELEVANCE, Query
from apps.catalogue.selectors.texts import in_readers_language

DEEPEST = 10_000
MOST_BY_NAME = 10_000
_KINDS = {RELEVANCE: (int,), POPULARITY: (int,), NAME: (str, int)}


class Page(NamedTuple):
    """Products, the token of the page after and of the page before."""

    products: list[Product]
    next_after: str | None = None
    previous_before: str | None = None


def page(index: Opened, asked: Ask, query: Query) -> Page:
    """The page that `query` asks for of what `asked` finds; one query."""
    return _PAGES[query.sort](index, asked, query)


def _by_relevance(index: Opened, asked: Ask, query: Query) -> Page:
    after, before = _place(query.after, RELEVANCE), _place(query.before, RELEVANCE)
    start = after[0] if after else max(before[0] - query.size, 0) if before else 0
    start = min(max(start, 0), DEEPEST)
    found = index.searcher.search(asked, query.size, offset=start, weight_by_field="weight")
    end = start + query.size
    return Page(
        _products(_ids(index, found.hits)),
        _token(RELEVANCE, end) if end < min(found.count, DEEPEST) else None,
        _token(RELEVANCE, start) if start and found.hits else None,
    )


def _by_popularity(index: Opened, asked: Ask, query: Query) -> Page:
    after, before = _place(query.after, POPULARITY), _place(query.before, POPULARITY)
    backwards = before is not None and after is None
    if start := before if backwards else after:
        asked = Ask.boolean_query([(Occur.Must, asked), (Occur.Must, _beyond(start[0], backwards))])
    order = Order.Asc if backwards else Order.Desc
    hits = index.searcher.search(asked, query.size + 1, order_by_field="rank", order=order).hits
    more, hits = len(hits) > query.size, hits[: query.size]
    if backwards:
        hits.reverse()
    if not hits:
        return Page([])
    has_next, has_previous = (True, more) if backwards else (more, after is not None)
    return Page(
        _products(_ids(index, hits)),
        _token(POPULARITY, hits[-1][0]) if has_next else None,
        _token(POPULARITY, hits[0][0]) if has_previous else None,
    )


def _beyond(rank: int, backwards: bool) -> Ask:
    low, high = (rank + 1, None) if backwards else (None, rank - 1)
    return Ask.range_query(schema(), "rank", FieldType.Unsigned, low, high)


def _by_name(index: Opened, asked: Ask, query: Query) -> Page:
    hits = index.searcher.search(asked, MOST_BY_NAME, order_by_field="rank").hits
    after, before = _place(query.after, NAME), _place(query.before, NAME)
    backwards = before is not None and after is None
    rows = Product.objects.on_sale().filter(pk__in=_ids(index, hits)).for_cards()
    if start := before if backwards else after:
        name, pk = start
        rows = rows.filter(
            Q(name__lt=name) | Q(name=name, pk__lt=pk) if backwards else Q(name__gt=name) | Q(name=name, pk__gt=pk)
        )
    order = ("-name", "-pk") if backwards else ("name", "pk")
    found = list(rows.order_by(*order)[: query.size + 1])
    more, found = len(found) > query.size, found[: query.size]
    if backwards:
        found.reverse()
    if not found:
        return Page([])
    has_next, has_previous = (True, more) if backwards else (more, after is not None)
    page = Page(
        found,
        _token(NAME, found[-1].name, found[-1].pk) if has_next else None,
        _token(NAME, found[0].name, found[0].pk) if has_previous else None,
    )
    in_readers_language(found)  # the tokens are of the names they are sorted by
    return page


_PAGES = {RELEVANCE: _by_relevance, POPULARITY: _by_popularity, NAME: _by_name}


def _ids(index: Opened, hits: Sequence[tuple]) -> list[int]:
    return index.searcher.fast_field_values("id", [address for _score, address in hits])


def _products(ids: Sequence[int]) -> list[Product]:
    """What a row shows of these products, in their order; one query."""
    known = Product.objects.on_sale().for_cards().in_bulk(ids)
    return in_readers_language([known[id_] for id_ in ids if id_ in known])


def _token(sort: str, *place: str | int) -> str:
    return base64.urlsafe_b64encode(json.dumps([sort, *place]).encode()).decode().rstrip("=")


def _place(token: str | None, sort: str) -> list | None:
    """The place in a token of this sort, or None."""
    if not token:
        return None
    try:
        said = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except (binascii.Error, ValueError):
        return None
    kinds = _KINDS[sort]
    if not isinstance(said, list) or said[:1] != [sort] or len(said) != len(kinds) + 1:
        return None
    known = all(type(part) is kind for part, kind in zip(said[1:], kinds, strict=True))
    return said[1:] if known and all(map(_can_be_asked, said[1:])) else None


def _can_be_asked(part: str | int) -> bool:
    return part.isprintable() if isinstance(part, str) else 0 < part < 2**63
