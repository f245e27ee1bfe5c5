"""Search on PostgreSQL full text.

1. The text is folded. Where all of it is a code, or the beginning of one, those products come first.
2. All its words must occur (websearch syntax: "a phrase", -without, or); the last one may be unfinished.
3. What matches in the name counts most, then brand and category, attributes, description; near ties go by popularity.
4. Facets count under all other filters. Counting stops at `COUNT_CAP` products: beyond it, facets are of that many.
5. Where nothing is found, each unknown word is replaced by the nearest one of the catalogue, and that is searched.

6. Nothing outside the account's assortment is found or counted.

Six queries at most: tree, attributes, assortment, codes, facets, page; three more where the spelling was corrected.
"""

from dataclasses import replace

from apps.catalogue.errors import CategoryNotFound
from apps.catalogue.models import Attribute, Product, ProductQuerySet
from apps.catalogue.search import facets, filters, pages, spelling, words
from apps.catalogue.search.questions import COUNT_CAP, LARGEST_PAGE, POPULARITY, RELEVANCE, SORTS, Found, Query
from apps.catalogue.selectors.assortments import assortment_of
from apps.catalogue.selectors.categories import Node, category_tree_of
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
    searched = _Search(actor, query, tree, here, known, with_facets)
    found = searched.found()
    if found.total == 0 and query.text and (better := spelling.nearest(query.text)):
        again = _Search(actor, replace(query, text=better), tree, here, known, with_facets).found()
        found = replace(again, corrected=better) if again.total else found
    return found


def _tidy(query: Query) -> Query:
    text = folded(query.text)[: words.LONGEST_TEXT]
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


class _Search:
    """One pass over the catalogue with one wording."""

    def __init__(self, actor: Actor, query: Query, tree, here: Node | None, known: dict, with_facets: bool):
        self.query, self.tree, self.here, self.known, self.with_facets = query, tree, here, known, with_facets
        self.wording = words.wording_of(actor, query.text) if query.text else None
        self.filters = filters.filters_of(actor, query, known)
        self.actor = actor

    def found(self) -> Found:
        in_scope = self._in_scope()
        counted = facets.count(self.actor, in_scope, self.filters, self._wanted())
        rows, next_after, previous_before = pages.page(self._ranked(in_scope, counted.total), self.query)
        return Found(
            products=rows,
            total=min(counted.total, COUNT_CAP),
            more=counted.total > COUNT_CAP,
            facets=facets.facets_of(counted, self.query, self.tree, self.here, self.known) if self.with_facets else (),
            next_after=next_after,
            previous_before=previous_before,
        )

    def _wanted(self) -> facets.Wanted:
        if not self.with_facets:
            return facets.Wanted.TOTAL
        return facets.Wanted.ALL if self.query.text or self.here else facets.Wanted.BUT_ATTRIBUTES

    def _in_scope(self) -> ProductQuerySet:
        products = Product.objects.on_sale().in_assortment(assortment_of(self.actor))
        if self.wording:
            products = products.filter(self.wording.matches)
        if self.here:
            products = products.filter(category__in=[node.id for node in self.here.walk()])
        return products

    def _ranked(self, in_scope: ProductQuerySet, total: int) -> ProductQuerySet:
        """All that is to be paged; of a flood of matches only the most popular are ranked."""
        chosen = in_scope
        for narrowing in self.filters:
            chosen = chosen.filter(narrowing.condition)
        if self.query.sort != RELEVANCE:
            return chosen
        if total > COUNT_CAP:
            chosen = Product.objects.filter(pk__in=chosen.order_by("-popularity", "pk").values("pk")[:COUNT_CAP])
        return chosen.annotate(score=self.wording.score)
