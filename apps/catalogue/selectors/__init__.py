"""Products, their codes and pages, and the category tree."""

from apps.catalogue.selectors.assortments import (
    assortment_of,
    assortment_of_account,
    outside_assortment,
    products_seen,
    without_page,
)
from apps.catalogue.selectors.categories import Node, breadcrumbs, category_for, category_tree, category_tree_of
from apps.catalogue.selectors.codes import Match, likeliest, part_numbers_of, products_by_code, successors_of
from apps.catalogue.selectors.comparing import Comparable, comparable, packs_of
from apps.catalogue.selectors.documents import certificates_of, document_for
from apps.catalogue.selectors.facts import Known, category_names, fact_names, facts_of, plain, skus_after
from apps.catalogue.selectors.pages import ProductPage, Related, Specification, product_page
from apps.catalogue.selectors.products import (
    Sold,
    attribute_names,
    attributes_by_code,
    how_sold,
    known_facets,
    product_for,
    product_ids,
    product_that_replaces,
    products_by_id,
    products_by_sku,
    seen_latest,
    sold_by_id,
    substitutes_for,
)
from apps.catalogue.selectors.texts import in_readers_language

__all__ = [
    "Comparable",
    "Known",
    "Match",
    "Node",
    "ProductPage",
    "Related",
    "Sold",
    "Specification",
    "assortment_of",
    "assortment_of_account",
    "attribute_names",
    "attributes_by_code",
    "breadcrumbs",
    "category_for",
    "category_names",
    "category_tree",
    "category_tree_of",
    "certificates_of",
    "comparable",
    "document_for",
    "fact_names",
    "facts_of",
    "how_sold",
    "in_readers_language",
    "known_facets",
    "likeliest",
    "outside_assortment",
    "packs_of",
    "part_numbers_of",
    "plain",
    "product_for",
    "product_ids",
    "product_page",
    "product_that_replaces",
    "products_by_code",
    "products_by_id",
    "products_by_sku",
    "products_seen",
    "seen_latest",
    "skus_after",
    "sold_by_id",
    "substitutes_for",
    "successors_of",
    "without_page",
]
