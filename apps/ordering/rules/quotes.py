"""What moved between two rounds of a quote.

1. A price is set against what the same line cost in the round before; in the first round against the price when asked.
2. It moved down, up, or stayed; where there was none before it is new.
3. An offer meets a counter-offer when no line costs more than was wished for.
"""

from collections.abc import Iterable
from decimal import Decimal

DOWN, UP, SAME, NEW = "down", "up", "same", "new"
MOST_ROUNDS = 30


def moved(before: Decimal | None, price: Decimal) -> str:
    """Where a price went."""
    if before is None:
        return NEW
    return SAME if price == before else DOWN if price < before else UP


def meets(pairs: Iterable[tuple[Decimal, Decimal]]) -> bool:
    """Of (offered, wished): whether everything wished for is granted."""
    return all(offered <= wished for offered, wished in pairs)
