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

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tantivy import Occur
from tantivy import Query as Ask

from apps.catalogue.errors import CategoryNotFound
from apps.catalogue.index import Opened, reading
from apps.catalogue.models import Attribute, Product
from apps.catalogue.search import facets, fallback, filters, narrowing, pages, spelling
from apps.catalogue.search.questions import LARGEST_PAGE, POPULARITY, RELEVANCE, SORTS, Found, Query
from apps.catalogue.search.wording import LONGEST_TEXT, Wording
from apps.catalogue.selectors.assortments import assortment_of
from apps.catalogue.selectors.categories import Node, category_tree_of
from apps.catalogue.selectors.codes import own_numbers_like
from apps.core.scoping import Actor
from apps.core.text import folded


def find(actor: Actor, query: Query, *, with_facets: bool = True, tree: tuple[Node, ...] | None = None) -> Found:
    """The products on sale that answer `query`, with this actor's own part numbers and past orders considered.

    The products have their brands and what a row of a list needs (`ProductQuerySet.for_cards`). Raises
    `CategoryNotFound` for an unknown slug; unknown brands and values find nothing, unknown attributes are ignored, and
    a page token that cannot be read leads to the first page. `tree` is the category tree where the caller has it.
    """
    query = _tidy(query)
    tree, here = category_tree_of(actor) if tree is None else tree, None
    if query.category:
        here = _node(tree, query.category)
    known = {attribute.code: attribute for attribute in Attribute.objects.all()}
    index = reading.opened()
    if index is not None:
        try:
            return _Search(index, actor, query, tree, here, known, with_facets).found()
        except BaseException as error:
            if not reading.is_of_the_engine(error):
                raise
            reading.trouble(error)
    return fallback.find(actor, query, here, known)


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


def _node(tree: tuple[Node, ...], slug: str) -> Node:
    for top in tree:
        for node in top.walk():
            if node.slug == slug:
                return node
    raise CategoryNotFound(slug=slug)


@dataclass(frozen=True, slots=True)
class _Try:
    """One way to understand the text, and what the answer says about it."""

    asked: Ask | None
    corrected: str | None = None
    nearest: bool = False


class _Search:
    """One question to the index."""

    def __init__(
        self, index: Opened, actor: Actor, query: Query, tree, here: Node | None, known: dict, with_facets: bool
    ):
        self.index, self.query, self.tree, self.here, self.known = index, query, tree, here, known
        self.with_facets = with_facets
        self.bought = filters.bought_by(actor) if with_facets or query.bought_before else None
        self.filters = narrowing.filters_of(index, query, known, self.bought or ())
        self.within = narrowing.on_sale(assortment_of(actor))
        if here:
            self.within.append(narrowing.below(here.id))
        self.own = own_numbers_like(actor, query.text) if query.text else (frozenset(), frozenset())

    def found(self) -> Found:
        """The answer to the first try that finds anything; that filters leave none of it is an answer too."""
        for attempt in self._tries():
            scope = self.within if attempt.asked is None else [(Occur.Must, attempt.asked), *self.within]
            if self.index.searcher.search(facets.asked(scope, ()), 1).count:
                counted = facets.count(self.index, scope, self.filters, self._wanted(), self.bought)
                return self._answer(attempt, scope, counted)
        return self._answer(_Try(None), scope, facets.Counted(0))

    def _tries(self) -> Iterator[_Try]:
        """Each way to understand the text, the plainest first; the first that finds anything is the answer."""
        text = self.query.text
        if not text:
            yield _Try(None)
            return
        wording = Wording(self.index, text, self.own)
        yield _Try(wording.query())
        if letters := wording.by_letters_of_a_code():
            yield _Try(letters)
        better = spelling.nearest(self.index, text)
        if better:
            yield _Try(Wording(self.index, better).query(), corrected=better)
        loose = Wording(self.index, better or text)
        for least in range(loose.count - 1, 0, -1):
            yield _Try(loose.query(least=least), nearest=True)

    def _answer(self, attempt: _Try, scope: facets.Clauses, counted: facets.Counted) -> Found:
        if not counted.total:
            page = pages.Page([])
        else:
            page = pages.page(self.index, facets.asked(scope, self.filters), self.query)
        return Found(
            products=page.products,
            total=counted.total,
            facets=facets.facets_of(counted, self.query, self.tree, self.here, self.known) if self.with_facets else (),
            next_after=page.next_after,
            previous_before=page.previous_before,
            corrected=attempt.corrected,
            nearest=attempt.nearest,
        )

    def _wanted(self) -> facets.Wanted:
        if not self.with_facets:
            return facets.Wanted.TOTAL
        return facets.Wanted.ALL if self.query.text or self.here else facets.Wanted.BUT_ATTRIBUTES
