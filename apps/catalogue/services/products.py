"""A product changed by hand: its codes and the counts follow at once, the search index within seconds."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from apps.catalogue.models import Brand, Category, Product, ProductCode
from apps.catalogue.rules import normal_code
from apps.catalogue.services.indexing import count_products
from apps.core.events import record
from apps.core.scoping import SYSTEM, Actor

OWN_KINDS = (ProductCode.Kind.SKU, ProductCode.Kind.MPN, ProductCode.Kind.GTIN)


@transaction.atomic
def product_changed(product: Product, *, now: datetime, actor: Actor = SYSTEM, fields: Iterable[str] = ()) -> None:
    """To be called after a product was saved: `fields` are the names of what changed, for its history."""
    fields = sorted(fields)
    if "picture" in fields:  # the small one was of the picture before
        Product.objects.filter(pk=product.pk).update(thumbnail="")
    write_codes(product)
    count_products()
    record("product.changed", f"product:{product.sku}", actor=actor, at=now, sku=product.sku, fields=fields)


def write_codes(product: Product) -> None:
    """Keep the codes that follow from the product itself: SKU, manufacturer's number, GTIN."""
    texts = dict(zip(OWN_KINDS, (product.sku, product.mpn, product.gtin), strict=True))
    wanted = {(kind, normal_code(text)): text for kind, text in texts.items() if text}
    for code in product.codes.filter(kind__in=OWN_KINDS):
        if wanted.get((code.kind, code.normal)) == code.code:
            del wanted[code.kind, code.normal]
        else:
            code.delete()
    ProductCode.objects.bulk_create(
        ProductCode(product=product, kind=kind, code=text, normal=normal) for (kind, normal), text in wanted.items()
    )


@transaction.atomic
def naming_changed(
    *, category: Category | None = None, brand: Brand | None = None, now: datetime, actor: Actor = SYSTEM
) -> int:
    """To be called after a category or a brand got another name or place; how many products stand under it."""
    below = Product.objects.filter(category__path__startswith=category.path) if category else None
    changed = (Product.objects.filter(brand=brand) if below is None else below).count()
    count_products()
    subject = f"category:{category.slug}" if category else f"brand:{brand.slug}"
    record("naming.changed", subject, actor=actor, at=now, name_now=str(category or brand), products=changed)
    return changed


def discontinue(products: Iterable[Product], *, now: datetime, actor: Actor = SYSTEM) -> int:
    """Sell these no more; their pages stay and name a successor. Returns how many were on sale before."""
    return _set_status(products, Product.Status.DISCONTINUED, "product.discontinued", now, actor)


def put_on_sale(products: Iterable[Product], *, now: datetime, actor: Actor = SYSTEM) -> int:
    """Sell these (again). Returns how many were not on sale before."""
    return _set_status(products, Product.Status.ACTIVE, "product.put_on_sale", now, actor)


@transaction.atomic
def _set_status(products: Iterable[Product], status: str, event: str, now: datetime, actor: Actor) -> int:
    chosen = Product.objects.filter(pk__in=[product.pk for product in products]).exclude(status=status)
    skus = list(chosen.select_for_update(of=("self",)).order_by("sku").values_list("sku", flat=True))
    Product.objects.filter(sku__in=skus).update(status=status)
    count_products()
    for sku in skus:
        record(event, f"product:{sku}", actor=actor, at=now, sku=sku)
    return len(skus)
