"""What several products can be compared by."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from apps.catalogue.models import Attribute, PackagingUnit, Product
from apps.catalogue.rules import Pack


@dataclass(frozen=True, slots=True)
class Comparable:
    """The attributes that any of some products carries, in the catalogue's order, and the packaging of each by id."""

    attributes: tuple[Attribute, ...]
    packaging: dict[int, tuple[PackagingUnit, ...]]


def comparable(products: Sequence[Product]) -> Comparable:
    """What the products (read with their attributes) can be compared by; two queries."""
    codes = {code for product in products for code in product.attributes}
    units = PackagingUnit.objects.filter(product__in=[product.pk for product in products])
    packaging: dict[int, list[PackagingUnit]] = {product.pk: [] for product in products}
    for unit in units.order_by("quantity", "pk"):
        packaging[unit.product_id].append(unit)
    return Comparable(
        attributes=tuple(Attribute.objects.filter(code__in=codes)),
        packaging={product_id: tuple(units) for product_id, units in packaging.items()},
    )


def packs_of(product_ids: Iterable[int]) -> dict[int, list[Pack]]:
    """The packaging units of products, the smallest first; one query."""
    packs: dict[int, list[Pack]] = {product_id: [] for product_id in product_ids}
    units = PackagingUnit.objects.filter(product__in=packs).order_by("quantity")
    for product_id, name, quantity in units.values_list("product_id", "name", "quantity"):
        packs[product_id].append(Pack(name, quantity))
    return packs
