"""What is asked of the search, and what it answers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from apps.catalogue.models import Product

RELEVANCE, NAME, POPULARITY = "relevance", "name", "popularity"
SORTS = (RELEVANCE, NAME, POPULARITY)
LARGEST_PAGE = 200
MOST_ARRANGED = 1_000  # hits that whoever asks puts in an order of their own
IN_STOCK, BOUGHT_BEFORE, BRAND = "in_stock", "bought_before", "brand"

# From the ids of the best hits to the same ids in an order of one's own: by price, by day of arrival.
Arrange = Callable[[Sequence[int]], Sequence[int]]


@dataclass(frozen=True, slots=True)
class Query:
    """What a buyer looks for.

    `text` as typed; `category` a slug; `brands` slugs; `attributes` code -> values, as the facets hand them out
    (a text, "true"/"false", a number, or "10..25" for a range, either end open). Values of one facet widen, facets
    narrow. `among` are sets of ids of products by a name each, which whoever asks knows of: on contract, here in time;
    what is found stands in all of them. `after` and `before` are tokens of a `Found`; `sort` is one of `SORTS`.
    """

    text: str = ""
    category: str | None = None
    brands: tuple[str, ...] = ()
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    in_stock: bool = False
    bought_before: bool = False
    among: Mapping[str, frozenset[int]] = field(default_factory=dict)
    sort: str = RELEVANCE
    after: str | None = None
    before: str | None = None
    size: int = 24


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a facet, how many products it would show, and whether it is chosen now."""

    value: str
    label: str
    count: int
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Facet:
    """A way to narrow what was found. `code` is category, brand, in_stock, bought_before, or an attribute's code;
    `kind` is category, brand, flag or attribute."""

    code: str
    name: str
    unit: str
    values: tuple[FacetValue, ...]
    kind: str = "attribute"


@dataclass(frozen=True, slots=True)
class Found:
    """A page of products, how many there are in all, and what would narrow them.

    `more` says that there are more than `total`, where counting had to stop. `corrected` is the text that was searched
    instead where the words typed find nothing; `nearest` says that nothing has all the words, and these have most.
    `arranged` is how many of the hits the order of whoever asked was made of; None where that was not asked for.
    """

    products: list[Product]
    total: int
    facets: tuple[Facet, ...] = ()
    next_after: str | None = None
    previous_before: str | None = None
    corrected: str | None = None
    more: bool = False
    nearest: bool = False
    arranged: int | None = None
