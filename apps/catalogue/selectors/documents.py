"""Documents of a product, and the certificates of its lots."""

from django.db.models import Case, F, IntegerField, Value, When

from apps.catalogue.models import Product, ProductDocument
from apps.catalogue.rules import normal_code

LOTS_SHOWN = 4
MOST = 60


def documents_of(product: Product, *, lots: int = LOTS_SHOWN) -> tuple[list[ProductDocument], list[ProductDocument]]:
    """Every version of the documents by kind and title, and the certificates of the latest lots. One query."""
    of_a_lot = Case(When(lot="", then=Value(0)), default=Value(1), output_field=IntegerField())
    found = product.documents.order_by(of_a_lot, F("issued_on").desc(nulls_last=True), "-pk")[:MOST]
    documents = [document for document in found if not document.lot]
    certificates = [document for document in found if document.lot]
    return sorted(documents, key=lambda it: (it.kind, it.title, it.language)), certificates[:lots]


def certificates_of(product: Product, lot: str = "", *, limit: int = MOST) -> list[ProductDocument]:
    """Certificates of lots whose number begins with `lot` as it is compared (`rules.normal_code`), the latest first."""
    found = product.documents.exclude(lot_normal="").order_by(F("issued_on").desc(nulls_last=True), "-pk")
    wanted = normal_code(lot)
    return list((found.filter(lot_normal__startswith=wanted) if wanted else found)[:limit])
