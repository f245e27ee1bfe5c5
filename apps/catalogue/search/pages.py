"""Pages that cost the same however deep one reads.

1. By popularity a page begins after the last product's place, which no two products share.
2. By relevance, by name, and in an order of whoever asks, a page begins after the product that ended the one before. It
   is looked for around the place it had: what came or went meanwhile makes no gap and no repeat.
3. By relevance there is no further page after `DEEPEST` hits; by name and by popularity every hit is reached.
4. Whoever asks may put the best `MOST_ARRANGED` hits in an order of their own (`Arrange`); `Found.arranged` says how
   many those were.
5. A place is written as a token. One that makes no sense leads to the first page.
6. The index says which products; what a row shows is read from PostgreSQL, and what has left the range since the last
   commit is left out.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from apps.catalogue.models import Product
from apps.catalogue.search.orders import Hits
from apps.catalogue.search.questions import MOST_ARRANGED, NAME, POPULARITY, RELEVANCE, Arrange, Query
from apps.catalogue.search.tokens import place_in, token
from apps.catalogue.selectors.texts import in_readers_language

DEEPEST = 10_000
LEEWAY = 24  # places by which a product may have moved between two pages and is still found
_ARRANGED = "arranged"

Window = Callable[[int, int], Sequence[int]]


class Page(NamedTuple):
    """Products, the token of the page after and of the page before, how many hits were arranged."""

    products: list[Product]
    next_after: str | None = None
    previous_before: str | None = None
    arranged: int | None = None


def page(hits: Hits, query: Query, arrange: Arrange | None = None) -> Page:
    """The page that `query` asks for of these hits; one query."""
    if arrange is not None:
        return arranged(hits.best(MOST_ARRANGED, by_words=bool(query.text)), query, arrange)
    if query.sort == POPULARITY:
        return _by_popularity(hits, query)
    if query.sort == NAME:
        return _by_place(hits.by_name, query, NAME)
    return _by_place(lambda low, high: hits.by_relevance(low, min(high, DEEPEST)), query, RELEVANCE)


def arranged(ids: Sequence[int], query: Query, arrange: Arrange) -> Page:
    """The page of these hits in the order of whoever asks; one query besides theirs."""
    ordered = list(arrange(ids))
    return _by_place(lambda low, high: ordered[low:high], query, _ARRANGED)._replace(arranged=len(ids))


def _by_popularity(hits: Hits, query: Query) -> Page:
    after, before = place_in(query.after, POPULARITY, int), place_in(query.before, POPULARITY, int)
    backwards = before is not None and after is None
    place = before if backwards else after
    ranks = hits.ranks(place[0] if place else None, query.size + 1, backwards=backwards)
    more, ranks = len(ranks) > query.size, ranks[1:] if backwards and len(ranks) > query.size else ranks[: query.size]
    if not ranks:
        return Page([])
    has_next, has_previous = (True, more) if backwards else (more, after is not None)
    return Page(
        products_of(hits.ids_of(ranks)),
        token(POPULARITY, ranks[-1]) if has_next else None,
        token(POPULARITY, ranks[0]) if has_previous else None,
    )


def _by_place(window: Window, query: Query, kind: str) -> Page:
    """`window` gives the ids of hits from one place up to another; a token holds the place, from 1, and the id."""
    after, before = place_in(query.after, kind, int, int), place_in(query.before, kind, int, int)
    if before is not None and after is None:
        start, chosen = _before(window, *before, query.size)
        more = True
    else:
        start, chosen, more = _after(window, *(after or (0, 0)), query.size)
    if not chosen:
        return Page([])
    return Page(
        products_of(chosen),
        token(kind, start + len(chosen), chosen[-1]) if more else None,
        token(kind, start + 1, chosen[0]) if start else None,
    )


def _after(window: Window, place: int, mark: int, size: int) -> tuple[int, Sequence[int], bool]:
    low = max(place - 1 - LEEWAY, 0)
    around = place - low + LEEWAY if place else 0
    ids = list(window(low, low + around + size + 1))
    at = ids.index(mark) + 1 if mark in ids[:around] else place - low
    return low + at, ids[at : at + size], len(ids) > at + size


def _before(window: Window, place: int, mark: int, size: int) -> tuple[int, Sequence[int]]:
    low = max(place - 1 - size - LEEWAY, 0)
    ids = list(window(low, place + LEEWAY))
    at = ids.index(mark) if mark in ids else max(place - 1 - low, 0)
    start = max(at - size, 0)
    return low + start, ids[start:at]


def products_of(ids: Sequence[int]) -> list[Product]:
    """What a row shows of these products, in their order, as the reader understands it; one query."""
    known = Product.objects.on_sale().for_cards().in_bulk(ids)
    return in_readers_language([known[id_] for id_ in ids if id_ in known])
