"""New products from their facts, without a row of them passing through Python.

1. What is to be made stands in a temporary table of SKUs and facts as `selectors.facts` describes them. A product that
   exists already is left alone, and so is one with a code beyond ASCII, whose form to compare only Python knows: both
   are for `load_products`.
2. Brands that are not known yet are made; categories are told by their names, each with its id.
3. One statement makes the products, one the codes that follow from them. What hangs on them (classes, packaging, texts)
   is for the caller to set.
"""

import json
from collections.abc import Mapping

from django.db import connection, transaction

from apps.catalogue.selectors.facts import SCALARS
from apps.catalogue.services.loading import ProductRow, ensure_brands

_TYPES = {
    "minimum_quantity": "int", "order_multiple": "int", "content_quantity": "numeric", "weight_kg": "numeric",
    "volume_l": "numeric", "is_bulky": "boolean", "is_dangerous": "boolean",
    "lead_days": "smallint", "warranty_months": "smallint",
}  # fmt: skip
_OWN_CODES = ("mpn", "gtin")
_ASCII = "~ '^[ -~]*$'"
_FITS = f"s.sku {_ASCII} AND " + " AND ".join(f"coalesce(s.facts->>'{kind}', '') {_ASCII}" for kind in _OWN_CODES)


def _scalar(name: str) -> str:
    """The fact as the column has it; a fact that is not said is what a new product has."""
    default, typed = ProductRow._field_defaults.get(name, ""), _TYPES.get(name, "text")
    said = f"(s.facts->>'{name}')::{typed}"
    return said if default is None else f"coalesce({said}, '{default}')"


_BRANDS = "SELECT DISTINCT facts->>'brand' FROM {said} WHERE facts->>'brand' <> ''"
_MADE = """
DROP TABLE IF EXISTS pg_temp.made_product;
CREATE TEMPORARY TABLE made_product (id bigint, sku varchar) ON COMMIT DROP
"""
_MAKE = f"""
WITH category AS (SELECT key AS name, value::bigint AS id FROM jsonb_each_text(%s)), made AS (
    INSERT INTO catalogue_product
        (sku, {", ".join(SCALARS)}, category_id, brand_id, attributes, picture, thumbnail, popularity)
    SELECT s.sku, {", ".join(map(_scalar, SCALARS))}, c.id, b.id, coalesce(a.attributes, '{{{{}}}}'), '', '', 0
    FROM {{said}} s JOIN category c ON c.name = s.facts->>'category'
    LEFT JOIN catalogue_brand b ON b.name = s.facts->>'brand'
    LEFT JOIN LATERAL (
        SELECT jsonb_object_agg(substr(key, 12), value) AS attributes FROM jsonb_each(s.facts)
        WHERE key LIKE 'attributes.%%'
    ) a ON true
    WHERE {_FITS}
    ON CONFLICT (sku) DO NOTHING RETURNING id, sku
)
INSERT INTO made_product SELECT id, sku FROM made
"""
#: As `rules.normal_code`, of a text in ASCII.
_NORMAL = """
LATERAL (SELECT upper(regexp_replace(code, '[^A-Za-z0-9]', '', 'g')) AS kept) k,
LATERAL (SELECT left(coalesce(nullif(ltrim(kept, '0'), ''), left(kept, 1)), 60) AS normal) n
"""
_MAKE_CODES = f"""
INSERT INTO catalogue_productcode (product_id, kind, code, normal)
SELECT m.id, v.kind, v.code, n.normal FROM made_product m JOIN {{said}} s USING (sku),
LATERAL (VALUES ('sku', s.sku), {", ".join(f"('{kind}', s.facts->>'{kind}')" for kind in _OWN_CODES)}) v (kind, code),
{_NORMAL}
WHERE n.normal <> ''
"""


@transaction.atomic
def make_products(said: str, category_ids: Mapping[str, int]) -> dict[str, int]:
    """Make products of the temporary table `said` (sku, facts); SKU -> id of those that were made.

    `category_ids` has the id for each category's names; a product of another category is left alone.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BRANDS.format(said=said))
        ensure_brands(name for (name,) in cursor.fetchall())
        cursor.execute(_MADE)
        cursor.execute(_MAKE.format(said=said), [json.dumps(category_ids)])
        cursor.execute("ANALYZE made_product")
        cursor.execute(_MAKE_CODES.format(said=said))
        cursor.execute("SELECT sku, id FROM made_product")
        return dict(cursor.fetchall())
