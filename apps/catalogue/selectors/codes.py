"""One resolver for any code a buyer may type.

1. A code is compared in its normal form (`rules.normal_code`): case, spaces, hyphens and leading zeros do not matter.
2. It is looked up among the account's own part numbers, and among each product's SKU, GTIN, manufacturer's number,
   superseded and competitors' numbers.
3. Several products may carry one code: all are kept, the likeliest kind first, each product once.
4. A code that is exactly a SKU means that SKU; else the likeliest kind that anything has it as decides.
5. What is no longer sold is followed by what has taken its place: what bears its number as a superseded one, and its
   successors.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Q

from apps.catalogue.models import CustomerPartNumber, Product, ProductCode, ProductRelation
from apps.catalogue.rules import normal_code
from apps.catalogue.selectors.assortments import assortment_of
from apps.catalogue.selectors.products import sold_by_id
from apps.core.scoping import Actor

OWN = "own"
_LEAST_FRAGMENT, _MOST_OWN = 4, 200
_LIKELIEST = (OWN, "sku", "gtin", "mpn", "superseded", "competitor")


class Match(NamedTuple):
    """A product a code may mean; `kind` is own, sku, gtin, mpn, superseded or competitor."""

    product: Product
    kind: str


def products_by_code(actor: Actor, codes: Iterable[str]) -> dict[str, list[Match]]:
    """For each code as typed the products it may mean, likeliest first; an unknown code has an empty list.

    At most four queries for any number of codes. Discontinued products are found; hidden ones, and those outside the
    account's assortment, are not.
    """
    normal_of = {code: normal_code(code) for code in codes}
    found = _product_ids(actor, {normal for normal in normal_of.values() if normal})
    ids = {product_id for hits in found.values() for product_id in hits}
    products = _known_products(actor, ids) if ids else {}
    return {
        code: [Match(products[id_], kind) for id_, kind in found.get(normal, {}).items() if id_ in products]
        for code, normal in normal_of.items()
    }


def likeliest(code: str, matches: list[Match]) -> list[Match]:
    """Of what a code may mean, what it means; more than one where nothing tells them apart."""
    exact = [match for match in matches if match.product.sku == code]
    return exact or [match for match in matches if match.kind == matches[0].kind]


def successors_of(actor: Actor, product_ids: Iterable[int]) -> dict[int, list[Product]]:
    """What has taken the place of products, by their ids, as far as it is on sale to the actor; two queries."""
    ids = set(product_ids)
    if not ids:
        return {}
    relations = ProductRelation.objects.filter(product__in=ids, kind=ProductRelation.Kind.SUCCESSOR)
    pairs = list(relations.order_by("pk").values_list("product_id", "other_id"))
    products = sold_by_id(actor, (other for _product, other in pairs))
    found: dict[int, list[Product]] = {}
    for product_id, other in pairs:
        if other in products:
            found.setdefault(product_id, []).append(products[other])
    return found


def _known_products(actor: Actor, ids: set[int]) -> dict[int, Product]:
    known = Product.objects.known().in_assortment(assortment_of(actor))
    return known.defer("description").select_related("brand").in_bulk(ids)


def _product_ids(actor: Actor, normals: set[str]) -> dict[str, dict[int, str]]:
    """Normal form -> product id -> the likeliest kind it is known by under it, likeliest first."""
    if not normals:
        return {}
    rows = list(ProductCode.objects.filter(normal__in=normals).values_list("normal", "product_id", "kind"))
    if actor.account_id is not None:
        own = CustomerPartNumber.objects.filter(account=actor.account_id, normal__in=normals)
        rows += [(normal, product_id, OWN) for normal, product_id in own.values_list("normal", "product_id")]
    found: dict[str, dict[int, str]] = {}
    for normal, product_id, kind in sorted(rows, key=lambda row: (_LIKELIEST.index(row[2]), row[1])):
        found.setdefault(normal, {}).setdefault(product_id, kind)
    return found


def part_numbers_of(actor: Actor, product_ids: Iterable[int]) -> dict[int, str]:
    """The account's own part numbers by product id, for those that have one. One query."""
    if actor.account_id is None:
        return {}
    own = CustomerPartNumber.objects.filter(account=actor.account_id, product__in=set(product_ids))
    return dict(own.values_list("product_id", "code"))


def own_numbers_like(actor: Actor, text: str) -> tuple[frozenset[int], frozenset[int]]:
    """Ids of the products that the account knows by the number `text`, and by one that has it in it. One query."""
    normal = normal_code(text)
    if actor.account_id is None or len(normal) < 2:
        return frozenset(), frozenset()
    partly = len(normal) >= _LEAST_FRAGMENT or (len(normal) > 2 and any(ch.isdigit() for ch in normal))
    alike = Q(normal__contains=normal) if partly else Q(normal=normal)
    rows = CustomerPartNumber.objects.filter(alike, account=actor.account_id).values_list("product_id", "normal")
    hits = list(rows[:_MOST_OWN])
    whole = frozenset(product_id for product_id, number in hits if number == normal)
    return whole, frozenset(product_id for product_id, _number in hits) - whole
