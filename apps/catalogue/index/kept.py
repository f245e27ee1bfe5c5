"""What was reckoned from one commit of the index, kept for whoever asks the same of it.

1. What is kept is of that commit alone. The next one begins with what can be handed on to it.
2. Each thing is weighed by the values it holds. Beyond the bound, what was not asked for the longest time goes first.
3. A key says all that the answer depends on; what depends on who asks, beyond their assortment, is not kept.
"""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Any, Protocol

HEAVIEST = 60_000  # values of all that is kept: some 10 MiB


class Lasting(Protocol):
    """What may be kept."""

    @property
    def weight(self) -> int:
        """How many values it holds."""

    def handed_on(self, before: Any, now: Any, ids: frozenset[int]) -> "Lasting | None":
        """The same as of the commit `now`, where these products were written since `before`; None where nobody knows
        (both are `Opened`)."""


class Kept:
    """A bounded memory that any thread may use."""

    def __init__(self, most: int = HEAVIEST):
        self._most, self._weight, self._lock = most, 0, Lock()
        self._held: OrderedDict[Hashable, Lasting] = OrderedDict()

    def get(self, key: Hashable) -> Any | None:
        """What is kept under that key; None where nothing is."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)

    def put(self, key: Hashable, value: Lasting) -> None:
        """Keep it; what weighs more than a quarter of all may is not kept."""
        if value.weight * 4 > self._most:
            return
        with self._lock:
            self._weight += value.weight - (self._held.pop(key).weight if key in self._held else 0)
            self._held[key] = value
            while self._weight > self._most:
                self._weight -= self._held.popitem(last=False)[1].weight

    def latest(self, most: int) -> list[tuple[Hashable, Lasting]]:
        """What was asked for last with its keys, the latest last."""
        with self._lock:
            return list(self._held.items())[-most:]
