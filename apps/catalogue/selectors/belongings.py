"""What belongs to one product, fetched together: a page has many small parts and should not ask for each."""

from decimal import Decimal
from typing import NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery, TextField
from django.db.models.functions import Cast, JSONObject

from apps.catalogue.models import Category, CustomerPartNumber, PackagingUnit, Product, ProductPicture
from apps.core.scoping import Actor


class Belongings(NamedTuple):
    """Categories from the top down, packaging from the smallest up, further pictures, the account's own number."""

    trail: list[Category]
    packaging: list[PackagingUnit]
    pictures: list[ProductPicture]
    part_number: str


_PACKAGING = JSONObject(
    name="name",
    quantity="quantity",
    gtin="gtin",
    weight_kg=Cast("weight_kg", TextField()),
    dimensions_mm="dimensions_mm",
)


def belongings_of(actor: Actor, product: Product) -> Belongings:
    """The small parts of a product's page, in one query. The rows are to be read, not to be saved."""
    above = [int(part) for part in product.category.path.split("/") if part]
    categories = Category.objects.filter(pk__in=above).order_by("depth")
    mine = PackagingUnit.objects.filter(product=OuterRef("pk")).order_by("quantity")
    pictures = ProductPicture.objects.filter(product=OuterRef("pk")).order_by("position", "id")
    own = CustomerPartNumber.objects.filter(account=actor.account_id, product=OuterRef("pk"))
    trail, packaging, shown, code = Product.objects.filter(pk=product.pk).values_list(
        ArraySubquery(categories.values(row=JSONObject(name="name", slug="slug"))),
        ArraySubquery(mine.values(row=_PACKAGING)),
        ArraySubquery(pictures.values(row=JSONObject(file="file", caption="caption"))),
        Subquery(own.values("code")[:1]),
    )[0]
    return Belongings(
        trail=[Category(**row) for row in trail],
        packaging=[PackagingUnit(**row | {"weight_kg": Decimal(row["weight_kg"])}) for row in packaging],
        pictures=[ProductPicture(**row) for row in shown],
        part_number=code or "",
    )
