"""The category tree, with how many products are on sale under each node.

Who does not see everything has a tree of their own: what holds nothing they may see is not in it.

1. A category in the assortment counts what stands in it; one outside counts nothing.
2. Products that a rule names, themselves or by their brand, are added where their category alone would leave them out,
   and taken off where it would let them in. Only those are counted anew.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.db.models import Case, Count, F, Q, Value, When

from apps.catalogue.errors import CategoryNotFound
from apps.catalogue.models import Category, Product
from apps.catalogue.rules import Assortment, ids_of_path
from apps.catalogue.selectors.assortments import assortment_of
from apps.core.scoping import Actor


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


def category_tree_of(actor: Actor) -> tuple[Node, ...]:
    """The tree as `actor` may see it; one query more for who does not see everything, two where brands or products
    are named."""
    tree, assortment = category_tree(), assortment_of(actor)
    if assortment.is_everything:
        return tree
    named = _named(assortment)
    return tuple(seen for top in tree if (seen := _seen(top, (), assortment, named)))


def _seen(node: Node, above: tuple[int, ...], assortment: Assortment, named: Counter) -> Node | None:
    """A node with what may be seen below it; None where that is nothing."""
    path = (*above, node.id)
    children = tuple(seen for child in node.children if (seen := _seen(child, path, assortment, named)))
    own = node.count - sum(child.count for child in node.children) if _let_in(assortment, path) else 0
    count = own + named[node.id] + sum(child.count for child in children)
    return replace(node, count=count, children=children) if count > 0 else None


def _let_in(assortment: Assortment, path: tuple[int, ...]) -> bool:
    """Whether a category alone, without regard to brands and products that are named, is in an assortment."""
    outside = assortment.includes and assortment.includes.categories.isdisjoint(path)
    return not outside and assortment.excludes.categories.isdisjoint(path)


def _named(assortment: Assortment) -> Counter:
    """How many more (or less) products each category shows for the brands and products that rules name."""
    brands = assortment.includes.brands | assortment.excludes.brands
    products = assortment.includes.products | assortment.excludes.products
    if not brands and not products:
        return Counter()
    named = Product.objects.on_sale().filter(Q(brand__in=brands) | Q(pk__in=products))
    itself = Case(When(pk__in=products, then=F("pk")), default=0) if products else Value(0)
    rows = named.order_by().values_list("category_id", "category__path", "brand_id", itself).annotate(Count("pk"))
    more = Counter()
    for category_id, path, brand_id, product_id, count in rows:
        ids = ids_of_path(path)
        more[category_id] += count * (assortment.allows(ids, brand_id, product_id) - _let_in(assortment, ids))
    return more


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
