"""Finding products: one narrow face, so that the engine behind it can be another one day."""

from apps.catalogue.search.codes import products_nearest, skus_with_code_like
from apps.catalogue.search.finder import best_ids, find, ids_like
from apps.catalogue.search.questions import MOST_ARRANGED, SORTS, Arrange, Facet, FacetValue, Found, Query
from apps.catalogue.search.suggestions import Suggestions, suggestions

__all__ = [
    "MOST_ARRANGED",
    "SORTS",
    "Arrange",
    "Facet",
    "FacetValue",
    "Found",
    "Query",
    "Suggestions",
    "best_ids",
    "find",
    "ids_like",
    "products_nearest",
    "skus_with_code_like",
    "suggestions",
]
