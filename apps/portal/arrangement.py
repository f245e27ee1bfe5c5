"""The order of the blocks of home.

1. A persona has blocks of its own in an order; the other blocks that the role may see can be added.
2. Who has arranged home has their order and what they hid. A block made since stands where it stands by default, after
   the nearest block before it that is there; it is shown where the persona has it.
3. What is no more, or what the role may not see, is left out wherever it was kept.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Place(NamedTuple):
    """A block in its place."""

    name: str
    is_shown: bool


def arranged(default: Sequence[str], others: Sequence[str], kept: Mapping | None) -> list[Place]:
    """Every block there is for who looks, in order. `kept` is {"order": [...], "hidden": [...]} or nothing."""
    known = (*default, *others)
    if not kept:
        return [Place(name, name in default) for name in known]
    order = [name for name in dict.fromkeys(kept.get("order", ())) if name in known]
    before, hidden = set(order), set(kept.get("hidden", ()))
    for name in known:
        if name not in before:
            order.insert(_place_of(name, known, order), name)
    return [Place(name, name not in hidden if name in before else name in default) for name in order]


def moved(order: Sequence[str], name: str, by: int) -> list[str]:
    """The order with one block moved by so many places; at an end it stays."""
    names = list(order)
    at = names.index(name)
    names.insert(min(max(at + by, 0), len(names) - 1), names.pop(at))
    return names


def _place_of(name: str, known: Sequence[str], order: Sequence[str]) -> int:
    earlier = known[: known.index(name)]
    return next((order.index(each) + 1 for each in reversed(earlier) if each in order), 0)
