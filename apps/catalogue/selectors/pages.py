"""Everything the catalogue knows about one product."""

from dataclasses import dataclass, field

from apps.catalogue.models import (
    Attribute,
    Category,
    PackagingUnit,
    Product,
    ProductDocument,
    ProductRelation,
    within,
)
from apps.catalogue.selectors.assortments import assortment_of
from apps.catalogue.selectors.categories import breadcrumbs
from apps.catalogue.selectors.codes import part_numbers_of
from apps.catalogue.selectors.texts import in_readers_language
from apps.core.scoping import Actor


@dataclass(frozen=True, slots=True)
class Specification:
    """One attribute of a product: `value` as stored (number, text or bool), `kind` as in `Attribute.Kind`."""

    code: str
    name: str
    kind: str
    value: object
    unit: str


@dataclass(frozen=True, slots=True)
class Related:
    """Another product and what differs."""

    product: Product
    note: str


@dataclass(frozen=True, slots=True)
class ProductPage:
    product: Product
    trail: list[Category]
    specifications: list[Specification]
    packaging: list[PackagingUnit]
    documents: list[ProductDocument]
    part_number: str
    substitutes: list[Related] = field(default_factory=list)
    accessories: list[Related] = field(default_factory=list)
    services: list[Related] = field(default_factory=list)
    successors: list[Related] = field(default_factory=list)


_GROUPS = {
    ProductRelation.Kind.SUBSTITUTE: "substitutes",
    ProductRelation.Kind.ACCESSORY: "accessories",
    ProductRelation.Kind.SERVICE: "services",
    ProductRelation.Kind.SUCCESSOR: "successors",
}


def product_page(actor: Actor, product: Product) -> ProductPage:
    """What stands on the page of `product`, related products on sale, in the assortment and with their brands; at most
    six queries, one for the assortment where nobody has asked yet, and one for the words in another language."""
    in_readers_language([product])
    related: dict[str, list[Related]] = {name: [] for name in _GROUPS.values()}
    seen = within(assortment_of(actor), "other__")
    relations = ProductRelation.objects.filter(seen, product=product, other__status=Product.Status.ACTIVE)
    others = relations.select_related("other__brand").defer("other__description")
    for relation in others.order_by("pk"):
        related[_GROUPS[relation.kind]].append(Related(relation.other, relation.note))
    return ProductPage(
        product=product,
        trail=breadcrumbs(product.category),
        specifications=specifications_of(product),
        packaging=list(product.packaging.all()),
        documents=list(product.documents.order_by("kind", "title")),
        part_number=part_numbers_of(actor, [product.pk]).get(product.pk, ""),
        **related,
    )


def specifications_of(product: Product) -> list[Specification]:
    """The attributes of a product with their names and units, in the catalogue's order; one query."""
    known = Attribute.objects.filter(code__in=product.attributes)
    return [Specification(a.code, a.name, a.kind, product.attributes[a.code], a.unit) for a in known]
