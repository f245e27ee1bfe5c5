"""Products in the words of the reader's language, where somebody has translated them."""

from collections.abc import Collection

from django.conf import settings
from django.utils.translation import get_language

from apps.catalogue.models import Product, ProductText


def in_readers_language(products: Collection[Product]) -> Collection[Product]:
    """The same products with name, summary and description as the reader understands them.

    What is not translated stays as it is. No query for the catalogue's own language, nor for products that speak the
    reader's already; one otherwise. They are for showing, not for saving.
    """
    language = get_language() or settings.LANGUAGE_CODE
    untold = [product for product in products if getattr(product, "told_in", settings.LANGUAGE_CODE) != language]
    if not untold:
        return products
    texts = ProductText.objects.filter(product__in=[product.pk for product in untold], language=language)
    said = {text.product_id: text for text in texts}
    for product in untold:
        product.told_in = language
        if text := said.get(product.pk):
            product.name = text.name
            product.summary = text.summary or product.summary
            if text.description:
                product.description = text.description
    return products
