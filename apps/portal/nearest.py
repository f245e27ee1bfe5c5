"""Where to look when nothing is found: the categories whose names are nearest to what was searched.

1. A word of the search is compared with each word of a category's name; a common beginning counts like a likeness.
2. Where no name is like it, the categories around the one that was searched in, else the largest ones.
"""

from collections.abc import Sequence
from difflib import SequenceMatcher

from apps.catalogue.selectors import Node
from apps.core.text import folded

SHOWN = 6
LIKE = 0.75
LEAST_LETTERS = 3


def nearest_categories(tree: Sequence[Node], text: str, slug: str = "") -> list[Node]:
    """Up to `SHOWN` categories to look in, the likeliest first."""
    words = _words(text)
    scored = [(_likeness(words, node), node) for top in tree for node in top.walk()]
    like = sorted((pair for pair in scored if pair[0] >= LIKE), key=lambda pair: (-pair[0], -pair[1].count))
    found = [node for _score, node in like] or _around(tree, slug) or sorted(tree, key=lambda node: -node.count)
    return found[:SHOWN]


def _words(text: str) -> list[str]:
    parts = "".join(ch if ch.isalnum() else " " for ch in folded(text).lower()).split()
    return [part for part in parts if len(part) >= LEAST_LETTERS][:8]


def _likeness(words: list[str], node: Node) -> float:
    return max((_alike(word, other) for word in words for other in _words(node.name)), default=0.0)


def _alike(one: str, other: str) -> float:
    """How alike two words are, from 0 to 1; "glove" and "gloves" are the same."""
    short, long = sorted((one, other), key=len)
    if long.startswith(short) and len(long) - len(short) <= 2:
        return 1.0
    return SequenceMatcher(None, one, other).ratio()


def _around(nodes: Sequence[Node], slug: str) -> list[Node]:
    """The category that was searched in, and its neighbours."""
    for node in nodes:
        if node.slug == slug:
            return [node, *(other for other in nodes if other.slug != slug)]
        if found := _around(node.children, slug):
            return found
    return []
