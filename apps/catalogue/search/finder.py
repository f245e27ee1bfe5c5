"""Search on the index of this machine.

1. The text is taken apart into pieces that must all be found (`wording`); a code comes first. Without a text the
   products stand by popularity.
2. Nothing outside the account's assortment is found or counted.
3. Where nothing is found, the letters are looked for inside codes; then each unknown word is replaced by the nearest
   one of the catalogue; then products with most of the words are offered. The answer says so.
4. Where the index cannot be read, PostgreSQL answers: slower and plainer, without facets (`fallback`).

Queries of PostgreSQL, at most eight: tree, attributes, assortment, own numbers, what was bought, brands chosen and
brands counted, and the rows of the page.
"""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from tantivy import Occur
from tantivy import Query as Ask

from apps.catalogue.errors import CategoryNotFound
from apps.catalogue.index import Opened, reading
from apps.catalogue.models import Attribute, Product
from apps.catalogue.search import counting, facets, fallback, filters, narrowing, pages, spelling
from apps.catalogue.search.counting import Counted, Wanted
from apps.catalogue.search.narrowing import Ground, asked
from apps.catalogue.search.orders import Hits
from apps.catalogue.search.questions import (
    BOUGHT_BEFORE,
    LARGEST_PAGE,
    POPULARITY,
    RELEVANCE,
    SORTS,
    Arrange,
    Found,
    Query,
)
from apps.catalogue.search.wording import LONGEST_TEXT, Wording
from apps.catalogue.selectors.assortments import assortment_of
from apps.catalogue.selectors.categories import Node, category_tree_of
from apps.catalogue.selectors.codes import own_numbers_like
from apps.core.scoping import Actor
from apps.core.text import folded

T = TypeVar("T")


def find(
    actor: Actor,
    query: Query,
    *,
    with_facets: bool = True,
    tree: tuple[Node, ...] | None = None,
    arrange: Arrange | None = None,
) -> Found:
    """The products on sale that answer `query`, with this actor's own part numbers and past orders considered.

    The products have their brands and what a row of a list needs (`ProductQuerySet.for_cards`). Raises
    `CategoryNotFound` for an unknown slug; unknown brands and values find nothing, unknown attributes are ignored, and
    a page token that cannot be read leads to the first page. `tree` is the category tree where the caller has it.
    `arrange` puts the best hits in an order of the caller's own, in the place of `query.sort`.
    """
    query = _tidy(query)
    tree, here = _where(actor, query, tree)
    known = {attribute.code: attribute for attribute in Attribute.objects.all()}
    wanted = _wanted(query, here) if with_facets else Wanted.TOTAL

    def answer(index: Opened) -> Found:
        attempt, hits, counted = _Search(index, actor, query, here, known, wanted).found()
        page = pages.page(hits, query, arrange) if counted.total else pages.Page([])
        return Found(
            products=page.products,
            total=counted.total,
            facets=facets.facets_of(counted, query, tree, here, known) if with_facets else (),
            next_after=page.next_after,
            previous_before=page.previous_before,
            corrected=attempt.corrected,
            nearest=attempt.nearest,
            arranged=page.arranged,
        )

    return _asked_of_the_index(answer) or fallback.find(actor, query, here, known, arrange)


def best_ids(actor: Actor, query: Query, most: int, *, tree: tuple[Node, ...] | None = None) -> tuple[list[int], int]:
    """Ids of so many of the products that `find` would find, best first, and how many there are in all."""
    query = _tidy(query)
    _tree, here = _where(actor, query, tree)
    known = {attribute.code: attribute for attribute in Attribute.objects.all()} if query.attributes else {}

    def answer(index: Opened) -> tuple[list[int], int]:
        _attempt, hits, counted = _Search(index, actor, query, here, known, Wanted.TOTAL).found()
        return list(hits.best(most, by_words=bool(query.text))) if counted.total else [], counted.total

    return _asked_of_the_index(answer) or fallback.best_ids(actor, query, here, known, most)


def _asked_of_the_index(answer: Callable[[Opened], T]) -> T | None:
    """The answer of the index of this machine; None where it is missing or cannot be read."""
    index = reading.opened()
    if index is None:
        return None
    try:
        return answer(index)
    except BaseException as error:
        if not reading.is_of_the_engine(error):
            raise
        reading.trouble(error)
        return None


def ids_like(text: str, most: int = 1000) -> list[int]:
    """Ids of products of any status that have these words or such a code, best first: for those who keep them."""
    text, index = folded(text)[:LONGEST_TEXT], reading.opened()
    if index is None:
        return list(
            Product.objects.filter(fallback.named(text))
            .order_by("-popularity", "pk")
            .values_list("pk", flat=True)[:most]
        )
    hits = index.searcher.search(Wording(index, text).query(), most, weight_by_field="weight").hits
    return index.searcher.fast_field_values("id", [address for _score, address in hits])


def _tidy(query: Query) -> Query:
    text = folded(query.text)[:LONGEST_TEXT]
    sort = query.sort if query.sort in SORTS else RELEVANCE
    return replace(
        query,
        text=text,
        sort=POPULARITY if sort == RELEVANCE and not text else sort,
        size=min(max(query.size, 1), LARGEST_PAGE),
    )


def _where(actor: Actor, query: Query, tree: tuple[Node, ...] | None) -> tuple[tuple[Node, ...], Node | None]:
    """The category tree and the category asked for in it."""
    tree = category_tree_of(actor) if tree is None else tree
    return tree, _node(tree, query.category) if query.category else None


def _wanted(query: Query, here: Node | None) -> Wanted:
    return Wanted.ALL if query.text or here else Wanted.BUT_ATTRIBUTES


def _node(tree: tuple[Node, ...], slug: str) -> Node:
    for top in tree:
        for node in top.walk():
            if node.slug == slug:
                return node
    raise CategoryNotFound(slug=slug)


@dataclass(frozen=True, slots=True)
class _Try:
    """One way to understand the text, and what the answer says about it; `key` names it among the ways."""

    key: Hashable
    asked: Ask | None = None
    corrected: str | None = None
    nearest: bool = False


class _Search:
    """One question to the index."""

    def __init__(self, index: Opened, actor: Actor, query: Query, here: Node | None, known: dict, wanted: Wanted):
        self.index, self.query, self.here, self.wanted = index, query, here, wanted
        self.bought = filters.bought_by(actor) if wanted is not Wanted.TOTAL or query.bought_before else None
        self.filters = narrowing.filters_of(index, query, known, self.bought or ())
        self.assortment = assortment_of(actor)
        self.own = own_numbers_like(actor, query.text) if query.text else (frozenset(), frozenset())

    def found(self) -> tuple[_Try, Hits, Counted]:
        """The answer to the first try that finds anything; that filters leave none of it is an answer too."""
        for attempt in self._tries():
            ground = self._ground(attempt)
            counted = counting.count(self.index, ground, self.filters, self.wanted)
            if counted.total or (self.filters and self._finds_anything(ground)):
                return attempt, Hits(self.index, ground, self.filters), self._with_bought(ground, counted)
        return _Try(None), Hits(self.index, ground, self.filters), Counted(0)

    def _ground(self, attempt: _Try) -> Ground:
        within = narrowing.on_sale(self.assortment)
        if self.here:
            within.append(narrowing.below(self.here.id))
        if attempt.asked is not None:
            within.insert(0, (Occur.Must, attempt.asked))
        key = None if any(self.own) else (attempt.key, self.assortment, self.here and self.here.id)
        return Ground(tuple(within), key, lasts=attempt.asked is None)

    def _finds_anything(self, ground: Ground) -> bool:
        return bool(self.index.searcher.search(asked(ground, ()), 1, count=False).hits)

    def _with_bought(self, ground: Ground, counted: Counted) -> Counted:
        if self.bought is None or self.wanted is Wanted.TOTAL:
            return counted
        if self.query.bought_before:
            number = counted.total
        else:
            number = counting.count_of(self.index, ground, self.filters, self.bought)
        return replace(counted, by_facet={**counted.by_facet, BOUGHT_BEFORE: {"true": number}})

    def _tries(self) -> Iterator[_Try]:
        """Each way to understand the text, the plainest first; the first that finds anything is the answer."""
        text = self.query.text
        if not text:
            yield _Try("")
            return
        wording = Wording(self.index, text, self.own)
        yield _Try(text, wording.query())
        if letters := wording.by_letters_of_a_code():
            yield _Try(("letters", text), letters)
        better = spelling.nearest(self.index, text)
        if better:
            yield _Try(better, Wording(self.index, better).query(), corrected=better)
        loose = Wording(self.index, better or text)
        for least in range(loose.count - 1, 0, -1):
            yield _Try((least, better or text), loose.query(least=least), nearest=True)
