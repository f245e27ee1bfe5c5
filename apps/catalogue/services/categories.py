"""The category tree: made where a name is missing, and put in order."""

from datetime import datetime

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from apps.catalogue.errors import CategoryNotFound, MoveRefused
from apps.catalogue.models import Category
from apps.catalogue.services.products import naming_changed
from apps.core.events import record
from apps.core.scoping import SYSTEM, Actor


@transaction.atomic
def ensure_category(name: str) -> Category:
    """The top category of that name, made where there is none."""
    found = Category.objects.filter(name=name, parent=None).first()
    if found is not None:
        return found
    slug = slugify(name) or "range"
    taken = Category.objects.filter(slug=slug).exists()
    return Category.objects.create(name=name, slug=f"{slug}-{Category.objects.count() + 1}" if taken else slug)


@transaction.atomic
def move_category(
    category_id: int, *, parent_id: int | None, before_id: int | None = None, now: datetime, actor: Actor = SYSTEM
) -> None:
    """Put a category, with all below it, below `parent_id` (None: at the top), before `before_id` or last.

    Raises `CategoryNotFound`, and `MoveRefused` where it would stand below itself. Doing so twice changes nothing.
    """
    tree = Category.objects.select_for_update().order_by("pk").in_bulk()  # whoever moves another waits
    category, parent = tree.get(category_id), tree.get(parent_id)
    if category is None or (parent_id is not None and parent is None):
        raise CategoryNotFound()
    if parent is not None and parent.path.startswith(category.path):
        raise MoveRefused(_("%(name)s cannot stand below itself.") % {"name": category.name})
    moved = category.parent_id != parent_id
    if moved:
        category.parent = parent
        category.save()
    _put_in_order(tree, category, before_id)
    if moved:
        naming_changed(category=category, now=now, actor=actor)
    where = str(parent) if parent else ""
    record("category.moved", f"category:{category.slug}", at=now, actor=actor, below=where)


def _put_in_order(tree: dict[int, Category], category: Category, before_id: int | None) -> None:
    """Number the categories beside this one anew, with it in its place."""
    beside = [one for one in tree.values() if one.parent_id == category.parent_id and one.pk != category.pk]
    beside.sort(key=lambda one: (one.position, one.name))
    place = next((n for n, one in enumerate(beside) if one.pk == before_id), len(beside))
    beside.insert(place, category)
    for position, one in enumerate(beside):
        one.position = position
    Category.objects.bulk_update(beside, ["position"])
