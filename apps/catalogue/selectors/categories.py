"""The category tree, with how many products are on sale under each node."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from apps.catalogue.errors import CategoryNotFound
from apps.catalogue.models import Category


@dataclass(frozen=True, slots=True)
class Node:
    """A category with what stands below it. `count` is of the whole subtree, as of the last counting."""

    id: int
    name: str
    slug: str
    depth: int
    count: int
    children: tuple["Node", ...]

    def walk(self) -> Iterator["Node"]:
        """This node and all below it, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()


def category_tree(*, empty: bool = False) -> tuple[Node, ...]:
    """The top categories with their subtrees, in one query; those without a product only with `empty`."""
    rows = Category.objects.order_by("position", "name").values_list(
        "id", "parent_id", "name", "slug", "depth", "product_count"
    )
    below = defaultdict(list)
    for row in rows:
        if empty or row[5]:
            below[row[1]].append(row)
    return _nodes(below, None)


def _nodes(below: dict, parent_id: int | None) -> tuple[Node, ...]:
    return tuple(
        Node(id_, name, slug, depth, count, _nodes(below, id_))
        for id_, _parent, name, slug, depth, count in below.get(parent_id, ())
    )


def category_for(slug: str) -> Category:
    """The category of that slug; `CategoryNotFound` where there is none."""
    category = Category.objects.filter(slug=slug).first()
    if category is None:
        raise CategoryNotFound(slug=slug)
    return category


def breadcrumbs(category: Category) -> list[Category]:
    """The categories from the top down to `category`, in one query."""
    known = Category.objects.in_bulk(category.ids_of_path)
    return [known[id_] for id_ in category.ids_of_path if id_ in known]
