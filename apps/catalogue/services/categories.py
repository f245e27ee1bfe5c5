from django.db import transaction
from django.utils.text import slugify

from apps.catalogue.models import Category


@transaction.atomic
def ensure_category(name: str) -> Category:
    """The top category of that name, made where there is none."""
    found = Category.objects.filter(name=name, parent=None).first()
    if found is not None:
        return found
    slug = slugify(name) or "range"
    taken = Category.objects.filter(slug=slug).exists()
    return Category.objects.create(name=name, slug=f"{slug}-{Category.objects.count() + 1}" if taken else slug)
