"""A product's picture and its thumbnail, kept under names made of their content."""

import hashlib
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from apps.catalogue.models import Product
from apps.core.events import record
from apps.core.scoping import SYSTEM, Actor


@transaction.atomic
def set_picture(
    product_id: int, picture: bytes, thumbnail: bytes, suffix: str, *, now: datetime, actor: Actor = SYSTEM
) -> bool:
    """Give a product this picture, both sizes encoded as `suffix` says; False where it has it already.

    The old files stay: pages that were sent still name them.
    """
    names = [_kept(folder, data, suffix) for folder, data in (("products", picture), ("thumbnails", thumbnail))]
    product = Product.objects.select_for_update().only("sku", "picture", "thumbnail").get(pk=product_id)
    if [product.picture.name, product.thumbnail.name] == names:
        return False
    Product.objects.filter(pk=product_id).update(picture=names[0], thumbnail=names[1])
    record("product.pictured", f"product:{product.sku}", actor=actor, at=now, sku=product.sku, picture=names[0])
    return True


def _kept(folder: str, data: bytes, suffix: str) -> str:
    name = f"{folder}/{hashlib.sha256(data).hexdigest()[:32]}{suffix}"
    return name if default_storage.exists(name) else default_storage.save(name, ContentFile(data))
