"""The answer of PostgreSQL while the index of this machine is missing: slower and plainer, but right about the range.

Every word must stand in the name, the summary or the brand, or the whole text in a code. The most popular stand first,
or the list goes by name. There are no facets, and the spelling is not corrected.
"""

from django.db.models import Q

from apps.catalogue.models import Attribute, Product, ProductCode, ProductQuerySet
from apps.catalogue.rules import normal_code
from apps.catalogue.search import pages
from apps.catalogue.search.filters import filters_of
from apps.catalogue.search.questions import MOST_ARRANGED, NAME, Arrange, Found, Query
from apps.catalogue.selectors.assortments import assortment_of
from apps.catalogue.selectors.categories import Node
from apps.catalogue.selectors.codes import own_numbers_like
from apps.core.scoping import Actor

COUNT_CAP = 1_000
_PLACE = "p"


def find(
    actor: Actor, query: Query, here: Node | None, known: dict[str, Attribute], arrange: Arrange | None = None
) -> Found:
    """As `finder.find`, without facets; five queries at most."""
    products = _narrowed(actor, query, here, known)
    total = products.order_by()[: COUNT_CAP + 1].count()
    return _arranged(products, query, total, arrange) if arrange else _page(products, query, total)


def best_ids(
    actor: Actor, query: Query, here: Node | None, known: dict[str, Attribute], most: int
) -> tuple[list[int], int]:
    """As `finder.best_ids`; five queries at most, and the number is told up to a thousand."""
    products = _narrowed(actor, query, here, known)
    return _best(products, most), products.order_by()[: COUNT_CAP + 1].count()


def _narrowed(actor: Actor, query: Query, here: Node | None, known: dict[str, Attribute]) -> ProductQuerySet:
    products = Product.objects.on_sale().in_assortment(assortment_of(actor))
    if query.text:
        products = products.filter(named(query.text) | _own(actor, query.text))
    if here:
        products = products.filter(category__in=[node.id for node in here.walk()])
    for ids in query.among.values():
        products = products.filter(pk__in=ids)
    for narrowing in filters_of(actor, query, known):
        products = products.filter(narrowing.condition)
    return products


def _best(products: ProductQuerySet, most: int) -> list[int]:
    return list(products.order_by("-popularity", "pk").values_list("pk", flat=True)[:most])


def named(text: str) -> Q:
    """The condition on products that the words of `text` put, or that the text is a code."""
    words = Q()
    for word in text.split()[:8]:
        words &= Q(name__icontains=word) | Q(summary__icontains=word) | Q(brand__name__icontains=word)
    normal = normal_code(text)
    if len(normal) < 2:
        return words
    coded = ProductCode.objects.filter(normal__startswith=normal).order_by().values("product_id")
    return words | Q(pk__in=coded)


def _own(actor: Actor, text: str) -> Q:
    whole, partly = own_numbers_like(actor, text)
    return Q(pk__in=whole | partly)


def _arranged(products: ProductQuerySet, query: Query, total: int, arrange: Arrange) -> Found:
    page = pages.arranged(_best(products, MOST_ARRANGED), query, arrange)
    return Found(total=min(total, COUNT_CAP), more=total > COUNT_CAP, **page._asdict())


def _page(products: ProductQuerySet, query: Query, total: int) -> Found:
    order = ("name", "pk") if query.sort == NAME else ("-popularity", "pk")
    after, before = _place(query.after), _place(query.before)
    start = after if after is not None else max((before or 0) - query.size, 0)
    rows = list(products.for_cards().order_by(*order)[start : start + query.size + 1])
    return Found(
        products=rows[: query.size],
        total=min(total, COUNT_CAP),
        more=total > COUNT_CAP,
        next_after=f"{_PLACE}{start + query.size}" if len(rows) > query.size else None,
        previous_before=f"{_PLACE}{start}" if start else None,
    )


def _place(token: str | None) -> int | None:
    digits = (token or "").removeprefix(_PLACE)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 8 else None
