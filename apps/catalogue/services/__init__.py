"""What happens in the catalogue: loaded in bulk, indexed, changed, numbered by accounts."""

from apps.catalogue.services.categories import ensure_category, move_category
from apps.catalogue.services.facts import make_products
from apps.catalogue.services.filling import (
    drop_empty_categories,
    ensure_attributes,
    ensure_category_path,
    set_classifications,
    set_further_codes,
    set_packaging,
    set_relations,
    set_texts,
    take_back,
)
from apps.catalogue.services.indexing import count_products, reindex, set_popularity
from apps.catalogue.services.loading import Loaded, ProductRow, load_codes, load_products
from apps.catalogue.services.missed_searches import forget_missed_searches, keep_missed_search
from apps.catalogue.services.part_numbers import set_part_number
from apps.catalogue.services.past_searches import forget_searches, remember_search
from apps.catalogue.services.pictures import kept, set_document, set_further_picture, set_picture
from apps.catalogue.services.products import OWN_KINDS, discontinue, naming_changed, product_changed, put_on_sale
from apps.catalogue.services.seen import forget_seen, remember_seen

__all__ = [
    "OWN_KINDS",
    "Loaded",
    "ProductRow",
    "count_products",
    "discontinue",
    "drop_empty_categories",
    "ensure_attributes",
    "ensure_category",
    "ensure_category_path",
    "forget_missed_searches",
    "forget_searches",
    "forget_seen",
    "keep_missed_search",
    "kept",
    "load_codes",
    "load_products",
    "make_products",
    "move_category",
    "naming_changed",
    "product_changed",
    "put_on_sale",
    "reindex",
    "remember_search",
    "remember_seen",
    "set_classifications",
    "set_document",
    "set_further_codes",
    "set_further_picture",
    "set_packaging",
    "set_part_number",
    "set_picture",
    "set_popularity",
    "set_relations",
    "set_texts",
    "take_back",
]
