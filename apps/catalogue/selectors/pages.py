"""Everything the catalogue knows about one product."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Q

from apps.catalogue.models import (
    CARD_FIELDS,
    Attribute,
    Category,
    PackagingUnit,
    Product,
    ProductDocument,
    ProductPicture,
    ProductRelation,
    within,
)
from apps.catalogue.rules.differences import differences
from apps.catalogue.rules.documents import Versions, by_version
from apps.catalogue.rules.measures import Measure, counterpart, triple
from apps.catalogue.selectors.assortments import assortment_of
from apps.catalogue.selectors.belongings import belongings_of
from apps.catalogue.selectors.documents import LOTS_SHOWN, documents_of
from apps.core.scoping import Actor


@dataclass(frozen=True, slots=True)
class Specification:
    """One attribute of a product: `value` as stored (number, text or bool; None where it has none), `kind` as in
    `Attribute.Kind`, `other` the same measure in the other system of units, where there is one."""

    code: str
    name: str
    kind: str
    value: object
    unit: str
    other: Measure | None = None


@dataclass(frozen=True, slots=True)
class Differing:
    """An attribute of another product with the value it has here (`here`) and there."""

    here: Specification
    there: Specification


@dataclass(frozen=True, slots=True)
class Related:
    """Another product, what the catalogue says about it, how many of it, and how it differs."""

    product: Product
    note: str
    quantity: int = 1
    differs: tuple[Differing, ...] = ()


@dataclass(frozen=True, slots=True)
class Packed:
    """A packaging unit with what it weighs and measures in both systems; `sides` are length, width, height."""

    unit: PackagingUnit
    weight: tuple[Measure, Measure] | None
    sides: tuple[tuple[Measure, ...], tuple[Measure, ...]] | None


@dataclass(frozen=True, slots=True)
class ProductPage:
    """`fits` are what the product is a spare part of, `kits` what it is a component of."""

    product: Product
    trail: list[Category]
    specifications: list[Specification]
    weight: tuple[Measure, Measure] | None
    packaging: list[Packed]
    pictures: list[ProductPicture]
    documents: list[Versions]
    certificates: list[ProductDocument]
    part_number: str
    substitutes: list[Related] = field(default_factory=list)
    accessories: list[Related] = field(default_factory=list)
    services: list[Related] = field(default_factory=list)
    successors: list[Related] = field(default_factory=list)
    spare_parts: list[Related] = field(default_factory=list)
    components: list[Related] = field(default_factory=list)
    fits: list[Related] = field(default_factory=list)
    kits: list[Related] = field(default_factory=list)


_KIND = ProductRelation.Kind
_GROUPS = {
    _KIND.SUBSTITUTE: "substitutes",
    _KIND.ACCESSORY: "accessories",
    _KIND.SERVICE: "services",
    _KIND.SUCCESSOR: "successors",
    _KIND.SPARE_PART: "spare_parts",
    _KIND.COMPONENT: "components",
}
_BACKWARDS = {_KIND.SPARE_PART: "fits", _KIND.COMPONENT: "kits"}
MOST_RELATED = 60  # of all kinds together: a washer may be a part of thousands of kits
_LEAN = (
    *("kind", "note", "quantity", "product_id", "other_id"),
    *(f"{end}__{name}" for end in ("product", "other") for name in (*CARD_FIELDS, "attributes", "brand__name")),
)


def product_page(actor: Actor, product: Product) -> ProductPage:
    """What stands on the page of `product`, related products on sale, in the assortment and with their brands; at most
    four queries, and the one for the assortment where nobody has asked yet."""
    relations = _relations_of(actor, product)
    known = {
        attribute.code: attribute
        for attribute in Attribute.objects.filter(code__in=_codes(product, relations.get("substitutes", ())))
    }
    related = {
        group: [_related(product, relation, other, group, known) for relation, other in found]
        for group, found in relations.items()
    }
    documents, certificates = documents_of(product, lots=LOTS_SHOWN)
    around = belongings_of(actor, product)
    return ProductPage(
        product=product,
        trail=around.trail,
        specifications=[_specification(a, product.attributes) for a in known.values() if a.code in product.attributes],
        weight=_both(product.weight_kg, "kg"),
        packaging=[_packed(unit) for unit in around.packaging],
        pictures=around.pictures,
        documents=by_version(documents),
        certificates=certificates,
        part_number=around.part_number,
        **related,
    )


def specifications_of(product: Product) -> list[Specification]:
    """The attributes of a product with their names and units, in the catalogue's order; one query."""
    known = Attribute.objects.filter(code__in=product.attributes)
    return [_specification(attribute, product.attributes) for attribute in known]


def _relations_of(actor: Actor, product: Product) -> dict[str, list[tuple[ProductRelation, Product]]]:
    """Group -> (relation, the other product, on sale and seen by the actor), from and to the product. One query."""
    seen = assortment_of(actor)
    forth = Q(product=product, other__status=Product.Status.ACTIVE) & within(seen, "other__")
    back = Q(other=product, kind__in=_BACKWARDS, product__status=Product.Status.ACTIVE) & within(seen, "product__")
    relations = ProductRelation.objects.filter(forth | back).select_related("product__brand", "other__brand")
    groups: dict[str, list] = {}
    for relation in relations.only(*_LEAN).order_by("pk")[:MOST_RELATED]:
        forwards = relation.product_id == product.pk
        group = (_GROUPS if forwards else _BACKWARDS)[relation.kind]
        groups.setdefault(group, []).append((relation, relation.other if forwards else relation.product))
    return groups


def _codes(product: Product, substitutes) -> set[str]:
    return set(product.attributes).union(*(other.attributes for _relation, other in substitutes))


def _related(product: Product, relation, other: Product, group: str, known: Mapping[str, Attribute]) -> Related:
    differs = _differing(product, other, known) if group == "substitutes" else ()
    return Related(other, relation.note, relation.quantity, differs)


def _differing(product: Product, other: Product, known: Mapping[str, Attribute]) -> tuple[Differing, ...]:
    found = {each.code: each for each in differences(product.attributes, other.attributes)}
    return tuple(
        Differing(_specification(attribute, product.attributes), _specification(attribute, other.attributes))
        for code, attribute in known.items()
        if code in found
    )


def _specification(attribute: Attribute, attributes: Mapping[str, object]) -> Specification:
    value = attributes.get(attribute.code)
    is_measure = attribute.kind == Attribute.Kind.NUMBER and isinstance(value, int | float) and bool(attribute.unit)
    other = counterpart(value, attribute.unit) if is_measure else None
    return Specification(attribute.code, attribute.name, attribute.kind, value, attribute.unit, other)


def _both(figure: Decimal, unit: str) -> tuple[Measure, Measure] | None:
    return (Measure(figure, unit), counterpart(figure, unit)) if figure else None


def _packed(unit: PackagingUnit) -> Packed:
    sides = [_both(side, "mm") for side in triple(unit.dimensions_mm)]
    both = tuple(zip(*sides, strict=True)) if sides else None
    return Packed(unit, _both(unit.weight_kg, "kg"), both)
