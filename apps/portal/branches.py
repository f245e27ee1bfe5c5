"""Where a category stands in the tree: what is above it, and where one can go from here."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from apps.catalogue.selectors import Node


@dataclass(frozen=True, slots=True)
class Branch:
    """A category on the page: name, address, how many products, whether it is the one shown."""

    name: str
    url: str
    count: int
    current: bool = False


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """`above` leads back up; `below` is one step down, or the neighbours where there is nothing below."""

    above: tuple[Branch, ...]
    here: Branch | None
    below: tuple[Branch, ...]


def whereabouts(tree: Sequence[Node], slug: str) -> Whereabouts:
    """The place of the category `slug` in `tree`; the top categories for no category."""
    way = _way_to(tree, slug)
    if not way:
        return Whereabouts((), None, _branches(tree))
    *above, here = way
    if here.children:
        return Whereabouts(_branches(above), _branch(here, slug), _branches(here.children))
    neighbours = above[-1].children if above else tree
    return Whereabouts(_branches(above), None, _branches(neighbours, slug))


def _way_to(nodes: Sequence[Node], slug: str) -> list[Node]:
    for node in nodes:
        if node.slug == slug:
            return [node]
        if way := _way_to(node.children, slug):
            return [node, *way]
    return []


def _branches(nodes: Sequence[Node], slug: str = "") -> tuple[Branch, ...]:
    return tuple(_branch(node, slug) for node in nodes)


def _branch(node: Node, slug: str) -> Branch:
    return Branch(node.name, reverse("portal:category", args=[node.slug]), node.count, node.slug == slug)
