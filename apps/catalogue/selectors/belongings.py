"""What belongs to one product, fetched together: a page has many small parts and should not ask for each.

1. Categories above, packaging, pictures, documents, relations, attributes (its own and those of its substitutes) and
   the account's own number come in one statement.
2. Of documents those without a lot come first, then the certificates of lots, the latest first; of relations those
   from the product before those to it. Both are cut at sixty: a washer may be a part of thousands of kits.
"""

import json
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db import connection

from apps.catalogue.models import (
    Attribute,
    Category,
    PackagingUnit,
    Product,
    ProductDocument,
    ProductPicture,
    ProductRelation,
)
from apps.core.scoping import Actor

MOST = 60

_SQL = f"""
SELECT
    (SELECT jsonb_agg(jsonb_build_array(name, slug) ORDER BY depth) FROM catalogue_category WHERE id = ANY(%(above)s)),
    (SELECT jsonb_agg(jsonb_build_array(name, quantity, gtin, weight_kg::text, dimensions_mm) ORDER BY quantity)
        FROM catalogue_packagingunit WHERE product_id = %(product)s),
    (SELECT jsonb_agg(jsonb_build_array(file, caption) ORDER BY position, id)
        FROM catalogue_productpicture WHERE product_id = %(product)s),
    (SELECT jsonb_agg(jsonb_build_array(id, kind, title, language, file, version, issued_on, lot))
        FROM (SELECT * FROM catalogue_productdocument WHERE product_id = %(product)s
            ORDER BY lot <> '', issued_on DESC NULLS LAST, id DESC LIMIT {MOST}) document),
    (SELECT jsonb_agg(jsonb_build_array(product_id, other_id, kind, note, quantity))
        FROM (SELECT * FROM catalogue_productrelation
            WHERE product_id = %(product)s OR (other_id = %(product)s AND kind = ANY(%(backwards)s))
            ORDER BY product_id <> %(product)s, id LIMIT {MOST}) relation),
    (SELECT jsonb_agg(jsonb_build_array(code, name, kind, unit) ORDER BY position, name) FROM catalogue_attribute
        WHERE code IN (SELECT jsonb_object_keys(attributes) FROM catalogue_product WHERE id IN
            (SELECT %(product)s UNION ALL
            SELECT other_id FROM catalogue_productrelation WHERE product_id = %(product)s AND kind = %(substitute)s))),
    (SELECT code FROM catalogue_customerpartnumber WHERE account_id = %(account)s AND product_id = %(product)s)
"""


class Relation(NamedTuple):
    """From a product to another, as in `ProductRelation`."""

    product_id: int
    other_id: int
    kind: str
    note: str
    quantity: int


class Belongings(NamedTuple):
    """Categories from the top down, packaging from the smallest up, further pictures, documents as described above,
    relations, attributes in the catalogue's order, the account's own number. The rows are to be read, not saved."""

    trail: list[Category]
    packaging: list[PackagingUnit]
    pictures: list[ProductPicture]
    documents: list[ProductDocument]
    relations: list[Relation]
    attributes: list[Attribute]
    part_number: str


def belongings_of(actor: Actor, product: Product, backwards: tuple[str, ...]) -> Belongings:
    """The small parts of a product's page, with relations of the kinds `backwards` to it as well. One query."""
    above = [int(part) for part in product.category.path.split("/") if part]
    asked = {"product": product.pk, "account": actor.account_id, "above": above, "backwards": list(backwards)}
    asked["substitute"] = ProductRelation.Kind.SUBSTITUTE
    with connection.cursor() as cursor:
        cursor.execute(_SQL, asked)
        *lists, own_number = cursor.fetchone()
    trail, packaging, pictures, documents, relations, attributes = (
        json.loads(found) if found else [] for found in lists
    )
    return Belongings(
        trail=[Category(name=name, slug=slug) for name, slug in trail],
        packaging=[_packaging(*row) for row in packaging],
        pictures=[ProductPicture(file=file, caption=caption) for file, caption in pictures],
        documents=[_document(*row) for row in documents],
        relations=[Relation(*row) for row in relations],
        attributes=[Attribute(code=code, name=name, kind=kind, unit=unit) for code, name, kind, unit in attributes],
        part_number=own_number or "",
    )


def _packaging(name: str, quantity: int, gtin: str, weight_kg: str, dimensions_mm: str) -> PackagingUnit:
    weight = Decimal(weight_kg)
    return PackagingUnit(name=name, quantity=quantity, gtin=gtin, weight_kg=weight, dimensions_mm=dimensions_mm)


def _document(pk, kind, title, language, file, version, issued_on, lot) -> ProductDocument:
    issued = date.fromisoformat(issued_on) if issued_on else None
    return ProductDocument(
        pk=pk, kind=kind, title=title, language=language, file=file, version=version, issued_on=issued, lot=lot
    )
