"""Rows of products and of what hangs on a single one: codes and packaging. Popularity follows from the orders."""

import json
from collections.abc import Iterator

from stdnum import ean

from apps.catalogue.rules import normal_code
from apps.demo.catalogue.family import Variant
from apps.demo.catalogue.services_offered import Offered
from apps.demo.catalogue.shelf import Range, Shelf
from apps.demo.catalogue.tree import Tree
from apps.demo.pictures import Gallery

COLUMNS = (
    "id", "sku", "name", "summary", "description", "category_id", "brand_id", "kind", "status", "mpn", "gtin", "uom",
    "minimum_quantity", "order_multiple", "content_quantity", "content_uom", "weight_kg", "lead_days",
    "warranty_months", "attributes", "picture",
)  # fmt: skip
CODE_COLUMNS = ("product_id", "kind", "code", "normal")
PACKAGING_COLUMNS = ("product_id", "name", "quantity", "gtin", "weight_kg", "dimensions_mm")
IN_STORE = "29"  # GS1 keeps numbers that begin so for use inside a company: they are nobody else's
SCRAMBLE = 7_368_787  # prime: numbers of neighbours look unrelated, and no two are the same


def product_rows(shelf: Shelf, tree: Tree, gallery: Gallery) -> Iterator[tuple]:
    """One row a product, in the order of ids; the base prices of `shelf` are filled on the way."""
    for of in shelf.ranges:
        category = tree.categories[of.family.path]
        for pk, variant in of.products():
            shelf.price_of(pk, variant)
            yield _goods(pk, variant, of, shelf, category, tree.brands[variant.brand], gallery)
    for pk, service in shelf.services():
        shelf.base_price[pk] = round(service.price * 10_000)
        yield _service(pk, service, tree.categories["Services", service.category], gallery)


def _goods(pk: int, variant: Variant, of: Range, shelf: Shelf, category: int, brand: int, gallery: Gallery) -> tuple:
    family = variant.family
    content = family.content(variant.values) if family.content else (None, "")
    return (
        pk, variant.sku, variant.name, family.about.format(**variant.values), describe(variant), category, brand,
        "goods", "discontinued" if shelf.is_sold_off(pk, of) else "active", mpn_of(pk, variant.brand), gtin_of(pk),
        family.uom, family.multiple, family.multiple, content[0], content[1],
        f"{max(float(family.weight(variant.values)), 0.0005):.4f}", family.lead_days + pk % 5, family.warranty_months,
        json.dumps(attributes_of(variant)), gallery.picture(family.picture(variant.values)),
    )  # fmt: skip


def _service(pk: int, service: Offered, category: int, gallery: Gallery) -> tuple:
    about = f"{service.summary} Ordered as a line like goods; the date on the line is the day it is done."
    return (
        pk, service.sku, service.name, service.summary, about, category, None, "service", "active", "", "",
        service.uom, 1, 1, None, "", "0", 3, None, "{}", gallery.picture(("service", service.drawing)),
    )  # fmt: skip


def attributes_of(variant: Variant) -> dict[str, object]:
    series = {"series": variant.series + 1} if variant.series else {}
    return {**variant.values, **variant.family.fixed, **series}


def describe(variant: Variant) -> str:
    """What a product page says at length."""
    family = variant.family
    standard = family.fixed.get("standard")
    lines = [family.about.format(**variant.values), family.use]
    if family.multiple > 1:
        lines.append(f"Sold in multiples of {family.multiple}.")
    if standard:
        lines.append(f"Made by {variant.brand} and inspected to {standard}; each lot can be traced.")
    else:
        lines.append(f"Made by {variant.brand}; each lot can be traced.")
    return "\n\n".join(lines)


def mpn_of(pk: int, brand: str) -> str:
    """The maker's own number, different for each product."""
    return f"{brand[:2].upper()}{pk * SCRAMBLE % 99_999_989:08d}"


def gtin_of(pk: int, *, level: int = 0) -> str:
    """A GTIN-13 with its check digit, for the product (level 0) or for a packaging unit of it."""
    digits = f"{IN_STORE}{(pk * 10 + level) * SCRAMBLE % 9_999_999_967:010d}"
    return digits + ean.calc_check_digit(digits)


def code_rows(shelf: Shelf) -> Iterator[tuple]:
    """Every code a product is known by; a discontinued one's SKU also finds its successor."""
    for of in shelf.ranges:
        left = None
        for pk, variant in of.products():
            codes = [("sku", variant.sku), ("mpn", mpn_of(pk, variant.brand)), ("gtin", gtin_of(pk))]
            if left:
                codes.append(("superseded", left))
            left = variant.sku if shelf.is_sold_off(pk, of) else None
            yield from ((pk, kind, code, normal_code(code)) for kind, code in codes)
    for pk, service in shelf.services():
        yield pk, "sku", service.sku, normal_code(service.sku)


def packaging_rows(shelf: Shelf) -> Iterator[tuple]:
    for of in shelf.ranges:
        for pk, variant in of.products() if of.family.packs else ():
            weight = float(of.family.weight(variant.values))
            for level, (name, quantity) in enumerate(of.family.packs, 1):
                side = round((weight * quantity + 0.05) ** (1 / 3) * 110)
                size = f"{side * 3 // 2} x {side} x {side * 2 // 3}"
                yield pk, name, quantity, gtin_of(pk, level=level), f"{weight * quantity * 1.03:.3f}", size
