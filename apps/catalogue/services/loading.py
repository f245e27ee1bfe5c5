"""The catalogue by the hundred thousand: rows stream in by COPY and are merged in one statement.

1. Rows stream into a temporary table; memory does not grow with their number.
2. Brands that are not known yet are made; a category that is not known is refused, before anything is written.
3. Products are merged by SKU: new ones made, changed ones updated, equal ones left alone. The same rows twice change
   nothing the second time.
4. Codes that follow from the rows (SKU, manufacturer's number, GTIN) are merged likewise.
5. `count_products`, called once after all is loaded, sees to the counts of the category tree. The search index follows
   by itself.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import count, islice
from typing import NamedTuple

from django.db import connection, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from apps.catalogue.errors import LoadRefused
from apps.catalogue.models import Brand
from apps.catalogue.rules import normal_code


class ProductRow(NamedTuple):
    """A product as it is loaded. `category` is a slug, `brand` a name; `attributes` are numbers, texts and bools by
    attribute code."""

    sku: str
    name: str
    category: str
    brand: str = ""
    summary: str = ""
    description: str = ""
    kind: str = "goods"
    status: str = "active"
    mpn: str = ""
    gtin: str = ""
    uom: str = "pc"
    minimum_quantity: int = 1
    order_multiple: int = 1
    content_quantity: Decimal | None = None
    content_uom: str = ""
    weight_kg: Decimal = Decimal(0)
    volume_l: Decimal = Decimal(0)
    is_bulky: bool = False
    is_dangerous: bool = False
    tax_class: str = "standard"
    lead_days: int = 14
    warranty_months: int | None = None
    attributes: Mapping = {}
    picture: str = ""
    popularity: int = 0


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows were read, and of these made, changed and left as they were."""

    read: int
    made: int
    changed: int

    @property
    def unchanged(self) -> int:
        return self.read - self.made - self.changed


_COPIED = [name for name in ProductRow._fields if name not in ("category", "brand")]
_BATCH = 5_000
_OWN_CODES = ("sku", "mpn", "gtin")
_STAGE = f"""
DROP TABLE IF EXISTS staged_product;
CREATE TEMPORARY TABLE staged_product ON COMMIT DROP AS
    SELECT ''::varchar AS category, ''::varchar AS brand, {", ".join(_COPIED)},
        ''::varchar AS sku_normal, ''::varchar AS mpn_normal, ''::varchar AS gtin_normal
    FROM catalogue_product WITH NO DATA
"""
_STAGED = f"staged_product (category, brand, {', '.join(_COPIED)}, sku_normal, mpn_normal, gtin_normal)"
_KEEP_LAST = """
CREATE INDEX ON staged_product (sku);
ANALYZE staged_product;
DELETE FROM staged_product a USING staged_product b WHERE a.sku = b.sku AND a.ctid < b.ctid
"""
_NEW_BRANDS = """
SELECT DISTINCT brand FROM staged_product s
WHERE brand <> '' AND NOT EXISTS (SELECT FROM catalogue_brand b WHERE b.name = s.brand) ORDER BY brand
"""
_UNKNOWN_CATEGORIES = """
SELECT DISTINCT category FROM staged_product s
WHERE NOT EXISTS (SELECT FROM catalogue_category c WHERE c.slug = s.category) ORDER BY category LIMIT 5
"""
_MERGED = [name for name in ("category_id", "brand_id", *_COPIED) if name not in ("sku", "popularity")]
_UPDATE = f"""
DO UPDATE SET {", ".join(f"{name} = EXCLUDED.{name}" for name in _MERGED)},
    thumbnail = CASE WHEN p.picture = EXCLUDED.picture THEN p.thumbnail ELSE '' END
WHERE ({", ".join(f"p.{name}" for name in _MERGED)})
    IS DISTINCT FROM ({", ".join(f"EXCLUDED.{name}" for name in _MERGED)})
"""


def _merge(on_conflict: str) -> str:
    return f"""
WITH merged AS (
    INSERT INTO catalogue_product AS p (category_id, brand_id, {", ".join(_COPIED)})
    SELECT c.id, b.id, {", ".join(f"s.{name}" for name in _COPIED)} FROM staged_product s
    JOIN catalogue_category c ON c.slug = s.category LEFT JOIN catalogue_brand b ON b.name = s.brand
    ON CONFLICT (sku) {on_conflict} RETURNING xmax = 0 AS made
)
SELECT count(*) FILTER (WHERE made), count(*) FILTER (WHERE NOT made) FROM merged
"""


_STAGE_OWN_CODES = f"""
DROP TABLE IF EXISTS staged_code;
CREATE TEMPORARY TABLE staged_code ON COMMIT DROP AS
SELECT p.id AS product_id, k.kind, k.code, k.normal FROM staged_product s JOIN catalogue_product p ON p.sku = s.sku
CROSS JOIN LATERAL (
    VALUES {", ".join(f"('{kind}'::varchar, p.{kind}, s.{kind}_normal)" for kind in _OWN_CODES)}
) k (kind, code, normal)
WHERE k.normal <> ''
"""
_DROP_STALE_CODES = f"""
DELETE FROM catalogue_productcode o USING staged_product s JOIN catalogue_product p ON p.sku = s.sku
WHERE o.product_id = p.id AND o.kind IN ({", ".join(f"'{kind}'" for kind in _OWN_CODES)})
    AND NOT EXISTS (SELECT FROM staged_code k WHERE (k.product_id, k.kind, k.normal) = (p.id, o.kind, o.normal))
"""
_STAGE_CODES = """
DROP TABLE IF EXISTS staged_row, staged_code;
CREATE TEMPORARY TABLE staged_row (sku varchar, kind varchar, code varchar, normal varchar) ON COMMIT DROP
"""
_RESOLVE_CODES = """
CREATE TEMPORARY TABLE staged_code ON COMMIT DROP AS
SELECT DISTINCT ON (p.id, s.kind, s.normal) p.id AS product_id, s.kind, s.code, s.normal
FROM staged_row s JOIN catalogue_product p ON p.sku = s.sku WHERE s.normal <> ''
"""
_MERGE_CODES = """
WITH merged AS (
    INSERT INTO catalogue_productcode AS c (product_id, kind, code, normal)
    SELECT product_id, kind, code, normal FROM staged_code
    ON CONFLICT (product_id, kind, normal) DO UPDATE SET code = EXCLUDED.code WHERE c.code <> EXCLUDED.code
    RETURNING xmax = 0 AS made
)
SELECT count(*) FILTER (WHERE made), count(*) FILTER (WHERE NOT made) FROM merged
"""


@transaction.atomic
def load_products(rows: Iterable[ProductRow], *, only_new: bool = False) -> Loaded:
    """Make or update products by SKU; of several rows with one SKU the last counts.

    `popularity` is taken for new products only; with `only_new`, so is everything else. Raises `LoadRefused` for a
    category that is not known, with nothing written.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STAGE)
        read = _copy(cursor, _STAGED, map(_product_values, rows))
        cursor.execute(_KEEP_LAST)
        _refuse_unknown_categories(cursor)
        cursor.execute(_NEW_BRANDS)
        ensure_brands(name for (name,) in cursor.fetchall())
        cursor.execute(_merge("DO NOTHING" if only_new else _UPDATE))
        made, changed = cursor.fetchone()
        cursor.execute(_STAGE_OWN_CODES)
        cursor.execute(_DROP_STALE_CODES)
        cursor.execute(_MERGE_CODES)
    return Loaded(read, made, changed)


@transaction.atomic
def load_codes(rows: Iterable[tuple[str, str, str]]) -> Loaded:
    """Make further codes of products from rows of SKU, kind (`ProductCode.Kind`) and code.

    A code whose SKU is not known is passed over.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STAGE_CODES)
        staged = ((sku, kind, code, normal_code(code)) for sku, kind, code in rows)
        read = _copy(cursor, "staged_row (sku, kind, code, normal)", staged)
        cursor.execute(_RESOLVE_CODES)
        cursor.execute(_MERGE_CODES)
        made, changed = cursor.fetchone()
    return Loaded(read, made, changed)


def _copy(cursor, target: str, rows: Iterable[Sequence]) -> int:
    """Stream rows in, so many at a time: they are taken between two COPYs, and may come from the same connection."""
    rows, read = iter(rows), 0
    while batch := list(islice(rows, _BATCH)):
        with cursor.copy(f"COPY {target} FROM STDIN") as copy:
            for row in batch:
                copy.write_row(row)
        read += len(batch)
    return read


def _product_values(row: ProductRow) -> tuple:
    fields = row._asdict()
    fields["attributes"] = json.dumps(dict(row.attributes), ensure_ascii=False)
    normals = [normal_code(fields[kind]) if fields[kind] else "" for kind in _OWN_CODES]
    return (row.category, row.brand, *(fields[name] for name in _COPIED), *normals)


def _refuse_unknown_categories(cursor) -> None:
    cursor.execute(_UNKNOWN_CATEGORIES)
    unknown = [slug for (slug,) in cursor.fetchall()]
    if unknown:
        raise LoadRefused(_("There is no category %(slugs)s.") % {"slugs": ", ".join(unknown)})


def ensure_brands(names: Iterable[str]) -> None:
    """Make the brands that are not known yet."""
    names = set(names)
    new = sorted(names - set(Brand.objects.filter(name__in=names).values_list("name", flat=True)))
    taken = set(Brand.objects.values_list("slug", flat=True)) if new else set()
    brands = []
    for name in new:
        stem = slugify(name, allow_unicode=False)[:70] or "brand"
        slug = next(slug for n in count(1) if (slug := stem if n == 1 else f"{stem}-{n}") not in taken)
        taken.add(slug)
        brands.append(Brand(name=name, slug=slug))
    Brand.objects.bulk_create(brands)
