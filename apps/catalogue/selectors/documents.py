"""Documents of products: certificates by lot, and who may read a file."""

from django.db.models import F

from apps.catalogue.errors import DocumentNotFound
from apps.catalogue.models import Product, ProductDocument
from apps.catalogue.rules import normal_code
from apps.catalogue.selectors.assortments import assortment_of
from apps.core.scoping import Actor

MOST = 60


def certificates_of(product: Product, lot: str = "", *, limit: int = MOST) -> list[ProductDocument]:
    """Certificates of lots whose number begins with `lot` as it is compared (`rules.normal_code`), the latest first."""
    found = product.documents.exclude(lot_normal="").order_by(F("issued_on").desc(nulls_last=True), "-pk")
    wanted = normal_code(lot)
    return list((found.filter(lot_normal__startswith=wanted) if wanted else found)[:limit])


def document_for(actor: Actor, name: str) -> ProductDocument:
    """The document kept as the file `name`, where the actor sees a product it belongs to: several may share one file.

    `DocumentNotFound` alike where there is none, and where its products are hidden or outside the account's
    assortment. Staff outside an account sees all. Two queries.
    """
    if actor.account_id is None and not actor.is_staff:
        raise DocumentNotFound()
    seen = Product.objects.in_assortment(assortment_of(actor))
    seen = seen if actor.account_id is None else seen.known()
    document = ProductDocument.objects.filter(file=name, product__in=seen).order_by("pk").first()
    if document is None:
        raise DocumentNotFound()
    return document
