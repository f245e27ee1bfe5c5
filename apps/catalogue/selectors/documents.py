"""Certificates of the lots of a product."""

from django.db.models import F

from apps.catalogue.models import Product, ProductDocument
from apps.catalogue.rules import normal_code

MOST = 60


def certificates_of(product: Product, lot: str = "", *, limit: int = MOST) -> list[ProductDocument]:
    """Certificates of lots whose number begins with `lot` as it is compared (`rules.normal_code`), the latest first."""
    found = product.documents.exclude(lot_normal="").order_by(F("issued_on").desc(nulls_last=True), "-pk")
    wanted = normal_code(lot)
    return list((found.filter(lot_normal__startswith=wanted) if wanted else found)[:limit])
