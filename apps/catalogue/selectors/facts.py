"""What the catalogue says of products, in one flat form that what a file says can be compared with.

1. A fact is a name and a plain value (text, whole number, bool, None, list of lists): a `Decimal` is text without
   trailing zeros, a category its names from the top down.
2. `attributes.CODE`, `classifications.SYSTEM` and `texts.LANGUAGE` (name and description) are facts of their own, so
   that a file may say some and leave others.
3. Packaging, relations and further codes are one fact each: who says one says all (of relations: all of a kind).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Func

from apps.catalogue.models import (
    Category,
    PackagingUnit,
    Product,
    ProductClassification,
    ProductCode,
    ProductRelation,
    ProductText,
)

LEVEL = " > "
SCALARS = (
    "name", "summary", "description", "kind", "status", "mpn", "gtin", "uom", "minimum_quantity", "order_multiple",
    "content_quantity", "content_uom", "weight_kg", "volume_l", "is_bulky", "is_dangerous", "tax_class", "lead_days",
    "warranty_months",
)  # fmt: skip
FURTHER_CODES = (ProductCode.Kind.SUPERSEDED, ProductCode.Kind.COMPETITOR)
#: Facts that stand in tables of their own: each costs a query, so who does not ask does not pay.
LISTED = ("classifications", "texts", "packaging", "relations", "codes")


@dataclass(slots=True)
class Known:
    """A product the catalogue has: its id, its facts, and what is kept with it but never said by a file."""

    id: int
    facts: dict[str, object] = field(default_factory=dict)
    picture: str = ""


def plain(value: object) -> object:
    """A value as a fact: decimals as the shortest text."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value


def category_names() -> dict[int, str]:
    """Every category's names from the top down, by its id. One query."""
    rows = {id_: (path, name) for id_, path, name in Category.objects.values_list("id", "path", "name")}
    above = {id_: [int(part) for part in path.split("/") if part] for id_, (path, _name) in rows.items()}
    return {id_: LEVEL.join(rows[up][1] for up in ids if up in rows) for id_, ids in above.items()}


def facts_of(skus: Iterable[str], *, listed: Iterable[str] = LISTED, locked: bool = False) -> dict[str, Known]:
    """What is known of each SKU that the catalogue has; two queries, and one for each of `listed`.

    With `locked` the products are locked in the order of their SKUs until the transaction ends.
    """
    products = Product.objects.filter(sku__in=list(skus)).order_by("sku")
    if locked:
        products = products.select_for_update(of=("self",))
    names, found, by_id = category_names(), {}, {}
    columns = ("id", "sku", "category_id", "brand__name", "attributes", "picture", *SCALARS)
    for id_, sku, category_id, brand, attributes, picture, *scalars in products.values_list(*columns):
        facts = dict(zip(SCALARS, map(plain, scalars), strict=True))
        facts |= {"category": names.get(category_id, ""), "brand": brand or ""}
        facts |= {f"attributes.{code}": value for code, value in attributes.items()}
        found[sku] = by_id[id_] = Known(id_, facts, picture)
    for part in listed if by_id else ():
        _PARTS[part](by_id)
    return found


def _classifications(products: dict[int, Known]) -> None:
    rows = ProductClassification.objects.filter(product__in=products)
    for id_, system, code in rows.values_list("product_id", "system", "code"):
        products[id_].facts[f"classifications.{system}"] = code


def _texts(products: dict[int, Known]) -> None:
    rows = ProductText.objects.filter(product__in=products)
    for id_, language, name, description in rows.values_list("product_id", "language", "name", "description"):
        products[id_].facts[f"texts.{language}"] = [name, description]


def _packaging(products: dict[int, Known]) -> None:
    rows = PackagingUnit.objects.filter(product__in=products).order_by("quantity")
    _gather(products, "packaging", rows.values_list("product_id", "quantity", "name", "gtin"))


def _relations(products: dict[int, Known]) -> None:
    rows = ProductRelation.objects.filter(product__in=products).order_by("kind", "other__sku")
    _gather(products, "relations", rows.values_list("product_id", "kind", "other__sku"))


def _codes(products: dict[int, Known]) -> None:
    rows = ProductCode.objects.filter(product__in=products, kind__in=FURTHER_CODES).order_by("kind", "code")
    _gather(products, "codes", rows.values_list("product_id", "kind", "code"))


def _gather(products: dict[int, Known], name: str, rows) -> None:
    for id_, *values in rows:
        products[id_].facts.setdefault(name, []).append(values)


_PARTS = {
    "classifications": _classifications,
    "texts": _texts,
    "packaging": _packaging,
    "relations": _relations,
    "codes": _codes,
}


def skus_after(last: str, size: int, *, path: str = "", among: Iterable[str] = ()) -> list[str]:
    """The next SKUs in their order, of the subtree of a category's path or of some."""
    return list(_chosen(path, among).filter(sku__gt=last).order_by("sku").values_list("sku", flat=True)[:size])


def fact_names(part: str, *, path: str = "", among: Iterable[str] = ()) -> list[str]:
    """The attribute codes (`attributes`) or systems (`classifications`) that occur among these products. One query."""
    chosen = _chosen(path, among)
    if part == "classifications":
        found = ProductClassification.objects.filter(product__in=chosen)
        return sorted(found.order_by().values_list("system", flat=True).distinct())
    keys = chosen.order_by().annotate(key=Func("attributes", function="jsonb_object_keys"))
    return sorted(set(keys.values_list("key", flat=True).distinct()))


def _chosen(path: str, among: Iterable[str]):
    products = Product.objects.filter(category__path__startswith=path) if path else Product.objects.all()
    return products.filter(sku__in=list(among)) if among else products
