"""What may be meant while somebody types.

1. Products that the words or the code so far find, in the account's assortment, best first; misspelt words corrected.
2. Categories and brands of what was found whose names go on as typed, those with most products first.
3. The contact's own past searches that go on so.

Five queries at most: own numbers, rows, categories, brands, past searches.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from tantivy import Occur

from apps.catalogue.index import Opened, reading
from apps.catalogue.models import Brand, Category, PastSearch, Product
from apps.catalogue.search import fallback, narrowing, spelling
from apps.catalogue.search.narrowing import Ground, asked
from apps.catalogue.search.orders import Hits
from apps.catalogue.search.pages import products_of
from apps.catalogue.search.questions import POPULARITY, Query
from apps.catalogue.search.wording import LONGEST_TEXT, Wording
from apps.catalogue.selectors.assortments import assortment_of
from apps.catalogue.selectors.codes import own_numbers_like
from apps.core.scoping import Actor
from apps.core.text import folded

LEAST_TYPED, MOST_PRODUCTS, MOST_NAMES, MOST_SEARCHES = 2, 6, 3, 3
_MOST_COUNTED = 1000


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Rows of products, categories and brands (with how many products each shows), texts searched before."""

    products: tuple[Product, ...] = ()
    categories: tuple[tuple[Category, int], ...] = ()
    brands: tuple[tuple[Brand, int], ...] = ()
    searches: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.products or self.categories or self.brands or self.searches)


def suggestions(actor: Actor, text: str) -> Suggestions:
    """What `text`, typed so far, may mean to this actor; nothing for fewer than two characters."""
    text = folded(text)[:LONGEST_TEXT]
    if len(text) < LEAST_TYPED:
        return Suggestions()
    index = reading.opened()
    if index is None:
        found = fallback.find(actor, Query(text=text, size=MOST_PRODUCTS, sort=POPULARITY), None, {})
        return Suggestions(tuple(found.products), searches=_searches(actor, text))
    try:
        return replace(_found(index, actor, text), searches=_searches(actor, text))
    except BaseException as error:
        if not reading.is_of_the_engine(error):
            raise
        reading.trouble(error)
        return Suggestions()


def _found(index: Opened, actor: Actor, text: str) -> Suggestions:
    within = narrowing.on_sale(assortment_of(actor))
    own = own_numbers_like(actor, text)
    for said in _ways(index, text):
        ground = Ground(((Occur.Must, Wording(index, said, own).query()), *within))
        products = products_of(Hits(index, ground, ()).by_relevance(0, MOST_PRODUCTS))
        if products:
            counted = index.searcher.aggregate(asked(ground, ()), {name: _terms(name) for name in ("path", "brand")})
            return Suggestions(
                tuple(products),
                _named(Category, _counts(counted["path"]), said),
                _named(Brand, _counts(counted["brand"]), said),
            )
    return Suggestions()


def _ways(index: Opened, text: str) -> Iterable[str]:
    yield text
    if better := spelling.nearest(index, text):
        yield better


def _terms(field: str) -> dict:
    return {"terms": {"field": field, "size": _MOST_COUNTED}}


def _counts(answer: Mapping) -> dict[int, int]:
    return {int(bucket["key"]): bucket["doc_count"] for bucket in answer["buckets"]}


def _named(model: type, counts: Mapping[int, int], text: str) -> tuple[tuple, ...]:
    """Of these rows those whose name goes on as typed, word by word, with their counts; one query."""
    words = text.lower().split()
    rows = model.objects.filter(pk__in=counts, name__icontains=words[0])
    going_on = [row for row in rows if _goes_on(row.name, words)]
    most = sorted(going_on, key=lambda row: (-counts[row.pk], row.name))[:MOST_NAMES]
    return tuple((row, counts[row.pk]) for row in most)


def _goes_on(name: str, words: list[str]) -> bool:
    parts = name.lower().split()
    return all(any(part.startswith(word) for part in parts) for word in words)


def _searches(actor: Actor, text: str) -> tuple[str, ...]:
    """The contact's latest searches that begin so, but for this very text; one query."""
    if actor.contact_id is None or actor.acting_for is not None:
        return ()
    said = text.lower()
    past = PastSearch.objects.filter(contact=actor.contact_id, text__startswith=said).exclude(text=said)
    return tuple(past.order_by("-searched_at").values_list("text", flat=True)[:MOST_SEARCHES])
