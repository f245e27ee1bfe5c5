"""A product's pictures and documents, kept under names made of their content.

1. A name nobody guesses is what lets a web server hand out pictures by path, a page of 24 at a time: who has the
   address was shown the picture. Documents are kept elsewhere, and who asks for one is asked what they may see.
2. The small picture is kept as WebP and, where this machine writes it, beside it as AVIF; the name of the one says
   that the other is there (`Product.AVIF_MARK`), so that a list need not look.
3. Files that are replaced stay: pages that were sent still name them.
"""

import hashlib
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, default_storage, storages
from django.db import transaction

from apps.catalogue.models import Product, ProductDocument, ProductPicture
from apps.core.events import record
from apps.core.images import Sizes, suffix
from apps.core.scoping import SYSTEM, Actor

_MARK = Product.AVIF_MARK


@transaction.atomic
def set_picture(product_id: int, picture: Sizes, *, now: datetime, actor: Actor = SYSTEM) -> bool:
    """Give a product this picture; False where it has it already."""
    names = [kept(picture.large, "products", suffix()), _kept_small(picture)]
    product = Product.objects.select_for_update().only("sku", "picture", "thumbnail").get(pk=product_id)
    if [product.picture.name, product.thumbnail.name] == names:
        return False
    Product.objects.filter(pk=product_id).update(picture=names[0], thumbnail=names[1])
    _tell("product.pictured", product, names[0], now, actor)
    return True


@transaction.atomic
def set_further_picture(product_id: int, place: int, picture: Sizes, *, now: datetime, actor: Actor = SYSTEM) -> bool:
    """Show this picture of a product at a place after the first; False where it is shown already."""
    name = kept(picture.large, "products", suffix())
    product = Product.objects.select_for_update().only("sku", "name", "picture").get(pk=product_id)
    shown = product.pictures.filter(file=name).exists() or product.picture.name == name
    if shown or product.pictures.filter(position=place).update(file=name):
        return not shown
    ProductPicture.objects.create(product=product, file=name, position=place, caption=product.name[:120])
    _tell("product.pictured", product, name, now, actor)
    return True


@transaction.atomic
def set_document(
    product_id: int, kind: str, title: str, data: bytes, *, language: str, now: datetime, actor: Actor = SYSTEM
) -> bool:
    """Give a product this version of a document (a PDF); False where it has it. Older versions stay readable."""
    name = kept(data, "documents", ".pdf", storages["documents"])
    product = Product.objects.select_for_update().only("sku").get(pk=product_id)
    said = {"kind": kind, "title": title[:120], "language": language}
    if product.documents.filter(file=name, **said).exists():
        return False
    ProductDocument.objects.create(product=product, file=name, issued_on=now.date(), **said)
    _tell("product.documented", product, name, now, actor)
    return True


def kept(data: bytes, folder: str, ending: str, storage: Storage = default_storage) -> str:
    """The name under which this content is kept; the same content once."""
    name = f"{folder}/{hashlib.sha256(data).hexdigest()[:32]}{ending}"
    return name if storage.exists(name) else storage.save(name, ContentFile(data))


def _kept_small(picture: Sizes) -> str:
    if not picture.avif:
        return kept(picture.small, "thumbnails", suffix())
    stem = f"thumbnails/{hashlib.sha256(picture.small).hexdigest()[:32]}{_MARK}"
    for ending, data in ((".avif", picture.avif), (suffix(), picture.small)):
        if not default_storage.exists(stem + ending):
            default_storage.save(stem + ending, ContentFile(data))
    return stem + suffix()


def _tell(event: str, product: Product, file: str, now: datetime, actor: Actor) -> None:
    record(event, f"product:{product.sku}", actor=actor, at=now, sku=product.sku, file=file)
