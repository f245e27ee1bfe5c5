"""Products by SKU and by id."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from apps.catalogue.errors import ProductNotFound
from apps.catalogue.models import Attribute, Brand, Product, ProductRelation, SeenProduct
from apps.catalogue.rules import normal_code
from apps.catalogue.selectors.assortments import assortment_of
from apps.core.scoping import Actor


def product_for(actor: Actor, sku: str) -> Product:
    """The product of that SKU with category and brand; `ProductNotFound` where it is absent, hidden, or outside the
    account's assortment. Two queries.

    A discontinued one is found: its page names the successor.
    """
    seen = Product.objects.known().in_assortment(assortment_of(actor))
    try:
        return seen.select_related("category", "brand").get(sku=sku)
    except Product.DoesNotExist:
        raise ProductNotFound(sku=sku) from None


def product_that_replaces(actor: Actor, sku: str) -> Product | None:
    """The only product the actor sees on sale that bears `sku` as a superseded number; None where none or several do.

    One query, and the one for the assortment.
    """
    seen = Product.objects.on_sale().in_assortment(assortment_of(actor))
    bearing = seen.filter(codes__kind="superseded", codes__normal=normal_code(sku))
    found = list(bearing.only("sku").distinct()[:2])
    return found[0] if len(found) == 1 else None


def products_by_id(ids: Iterable[int]) -> dict[int, Product]:
    """The products with their brands by id, hidden ones included: what was ordered has to be shown. One query."""
    return Product.objects.defer("description").select_related("brand").in_bulk(set(ids))


def products_by_sku(skus: Iterable[str]) -> dict[str, Product]:
    """The products with their brands by exact SKU, hidden ones included; what is absent is not in it. One query."""
    return Product.objects.defer("description").select_related("brand").in_bulk(set(skus), field_name="sku")


def substitutes_for(actor: Actor, product_ids: Iterable[int]) -> dict[int, list[tuple[Product, str]]]:
    """Product id -> what does the same, on sale and seen by the actor, each with what differs. Two queries, and the one
    for the assortment."""
    kind = ProductRelation.Kind.SUBSTITUTE
    found = ProductRelation.objects.filter(product__in=set(product_ids), kind=kind).order_by("id")
    ends = list(found.values_list("product_id", "other_id", "note"))
    seen = Product.objects.on_sale().in_assortment(assortment_of(actor)).for_cards()
    others = seen.in_bulk({other_id for _id, other_id, _note in ends}) if ends else {}
    substitutes: dict[int, list[tuple[Product, str]]] = {}
    for product_id, other_id, note in ends:
        if other_id in others:
            substitutes.setdefault(product_id, []).append((others[other_id], note))
    return substitutes


def known_facets(brands: Iterable[str], codes: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Those of these slugs of brands and codes of attributes that there are. Two queries at most."""
    brands, codes = set(brands), set(codes)
    there = Brand.objects.filter(slug__in=brands).values_list("slug", flat=True) if brands else ()
    kept = Attribute.objects.filter(code__in=codes).values_list("code", flat=True) if codes else ()
    return frozenset(there), frozenset(kept)


def seen_latest(actor: Actor, limit: int = 50) -> list[Product]:
    """What the contact looked at last and may still see, the latest first, for cards. One query, and the one for the
    assortment; none for who leaves no trace."""
    if actor.contact_id is None or actor.acting_for is not None:
        return []
    looked_at = SeenProduct.objects.filter(contact=actor.contact_id).order_by("-seen_at", "-id")[:limit]
    order = list(looked_at.values_list("product_id", flat=True))
    found = Product.objects.known().in_assortment(assortment_of(actor)).for_cards().in_bulk(order) if order else {}
    return [found[pk] for pk in order if pk in found]


class Sold(NamedTuple):
    """How a product is sold: the least quantity and the multiple of an order, and what is in one unit of it."""

    minimum: int
    multiple: int
    uom: str
    content: Decimal | None
    content_uom: str

    @property
    def compared_in(self) -> str:
        """The unit its price is compared in."""
        return self.content_uom if self.content else self.uom


def how_sold(ids: Iterable[int]) -> dict[int, Sold]:
    """How each of these products is sold. One query."""
    columns = ("minimum_quantity", "order_multiple", "uom", "content_quantity", "content_uom")
    rows = Product.objects.filter(pk__in=list(ids)).values_list("pk", *columns)
    return {pk: Sold(*how) for pk, *how in rows}


def attributes_by_code() -> dict[str, tuple[str, str]]:
    """Every attribute's kind and unit, by its code. One query."""
    return {code: (kind, unit) for code, kind, unit in Attribute.objects.values_list("code", "kind", "unit")}


def attribute_names() -> dict[str, tuple[str, str]]:
    """Every attribute's name and unit, by its code. One query."""
    return {code: (name, unit) for code, name, unit in Attribute.objects.values_list("code", "name", "unit")}


def product_ids(skus: Iterable[str]) -> dict[str, int]:
    """The ids of products by exact SKU, hidden ones included. One query."""
    return dict(Product.objects.filter(sku__in=list(skus)).values_list("sku", "id"))


def sold_by_id(actor: Actor, ids: Iterable[int]) -> dict[int, Product]:
    """Those of these products that are on sale to the actor, with their brands, by id. One query, none for none."""
    ids = set(ids)
    if not ids:
        return {}
    sold = Product.objects.on_sale().in_assortment(assortment_of(actor))
    return sold.defer("description").select_related("brand").in_bulk(ids)
