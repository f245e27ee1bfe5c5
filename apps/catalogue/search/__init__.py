"""Finding products: one narrow face, so that the engine behind it can be another one day."""

from apps.catalogue.search.codes import products_nearest, skus_with_code_like
from apps.catalogue.search.finder import find, ids_like
from apps.catalogue.search.questions import SORTS, Facet, FacetValue, Found, Query
from apps.catalogue.search.suggestions import Suggestions, suggestions

__all__ = [
    "SORTS",
    "Facet",
    "FacetValue",
    "Found",
    "Query",
    "Suggestions",
    "find",
    "ids_like",
    "products_nearest",
    "skus_with_code_like",
    "suggestions",
]
