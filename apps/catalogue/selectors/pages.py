"""Everything the catalogue knows about one product."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from apps.catalogue.models import (
    CARD_FIELDS,
    Attribute,
    Category,
    PackagingUnit,
    Product,
    ProductDocument,
    ProductPicture,
    ProductRelation,
)
from apps.catalogue.rules.differences import differences
from apps.catalogue.rules.documents import Versions, by_version
from apps.catalogue.rules.measures import Measure, counterpart, triple
from apps.catalogue.selectors.assortments import assortment_of
from apps.catalogue.selectors.belongings import Relation, belongings_of
from apps.catalogue.selectors.texts import in_readers_language
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
LOTS_SHOWN = 4


def product_page(actor: Actor, product: Product) -> ProductPage:
    """What stands on the page of `product`, related products on sale, in the assortment and with their brands; at most
    two queries, the one for the assortment where nobody has asked yet, and one for words in another language."""
    around = belongings_of(actor, product, tuple(_BACKWARDS))
    relations = _relations_of(actor, product, around.relations)
    in_readers_language([product, *(other for found in relations.values() for _relation, other in found)])
    known = {attribute.code: attribute for attribute in around.attributes}
    related = {
        group: [_related(product, relation, other, group, known) for relation, other in found]
        for group, found in relations.items()
    }
    documents = [document for document in around.documents if not document.lot]
    return ProductPage(
        product=product,
        trail=around.trail,
        specifications=[_specification(a, product.attributes) for a in known.values() if a.code in product.attributes],
        weight=_both(product.weight_kg, "kg"),
        packaging=[_packed(unit) for unit in around.packaging],
        pictures=around.pictures,
        documents=by_version(sorted(documents, key=lambda it: (it.kind, it.title, it.language))),
        certificates=[document for document in around.documents if document.lot][:LOTS_SHOWN],
        part_number=around.part_number,
        **related,
    )


def specifications_of(product: Product) -> list[Specification]:
    """The attributes of a product with their names and units, in the catalogue's order; one query."""
    known = Attribute.objects.filter(code__in=product.attributes)
    return [_specification(attribute, product.attributes) for attribute in known]


def _relations_of(
    actor: Actor, product: Product, relations: list[Relation]
) -> dict[str, list[tuple[Relation, Product]]]:
    """Group -> (relation, the other product, on sale and seen by the actor), from and to the product. One query."""
    ends = [(it, it.other_id if it.product_id == product.pk else it.product_id) for it in relations]
    seen = Product.objects.on_sale().in_assortment(assortment_of(actor)).select_related("brand")
    others = seen.only(*CARD_FIELDS, "attributes", "brand__name").in_bulk({pk for _relation, pk in ends})
    groups: dict[str, list] = {}
    for relation, pk in ends:
        if pk in others:
            group = (_GROUPS if relation.product_id == product.pk else _BACKWARDS)[relation.kind]
            groups.setdefault(group, []).append((relation, others[pk]))
    return groups


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
