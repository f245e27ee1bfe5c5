"""What several products can be compared by."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.catalogue.models import Attribute, PackagingUnit, Product


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
