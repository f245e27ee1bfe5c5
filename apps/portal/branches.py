"""Where a category stands in the tree: what is above it, and where one can go from here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from apps.catalogue.selectors import Node


@dataclass(frozen=True, slots=True)
class Branch:
    """A category on the page: name, address, how many products were found in it (None: not
    counted), whether it is the one shown."""

    name: str
    url: str
    count: int | None
    current: bool = False


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """`above` leads back up; `below` is one step down, or the neighbours where there is nothing below."""

    above: tuple[Branch, ...]
    here: Branch | None
    below: tuple[Branch, ...]

    @property
    def shown(self) -> Branch | None:
        """The category shown where it stands among its neighbours."""
        return next((branch for branch in self.below if branch.current), None)


def whereabouts(tree: Sequence[Node], slug: str, counts: Mapping[str, int], text: str = "") -> Whereabouts:
    """The place of the category `slug` in `tree`; the top categories for no category.

    `counts` says for each category below how many products of it were found; a `text` that was searched goes along.
    """
    way = _way_to(tree, slug)
    signs = _Signs(slug, counts, f"?{urlencode({'q': text})}" if text else "")
    if not way:
        return Whereabouts((), None, signs.counted(tree))
    *above, here = way
    if here.children:
        return Whereabouts(signs.branches(above), signs.branch(here), signs.counted(here.children))
    neighbours = above[-1].children if above else tree
    return Whereabouts(signs.branches(above), None, signs.branches(neighbours))


def _way_to(nodes: Sequence[Node], slug: str) -> list[Node]:
    for node in nodes:
        if node.slug == slug:
            return [node]
        if way := _way_to(node.children, slug):
            return [node, *way]
    return []


@dataclass(frozen=True, slots=True)
class _Signs:
    """What the links of one page share."""

    slug: str
    counts: Mapping[str, int]
    query: str

    def counted(self, nodes: Sequence[Node]) -> tuple[Branch, ...]:
        """The categories in which something was found."""
        return self.branches([node for node in nodes if node.slug in self.counts])

    def branches(self, nodes: Sequence[Node]) -> tuple[Branch, ...]:
        return tuple(self.branch(node) for node in nodes)

    def branch(self, node: Node) -> Branch:
        address = reverse("portal:category", args=[node.slug]) + self.query
        return Branch(node.name, address, self.counts.get(node.slug), node.slug == self.slug)
