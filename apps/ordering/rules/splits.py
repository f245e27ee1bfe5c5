"""How the lines of a cart are split over several ship-tos.

1. A share of a line is a ship-to with a quantity, or with none: then all of the line that goes nowhere else.
2. Shares are served in the order in which they were said, each with as much as is left of the line; so a smaller line
   takes from the last ones, and nothing is ever sent that was not ordered.
3. What is left then goes to the share without a quantity, else to the main ship-to.
4. A share for the main ship-to joins what is left for it.
5. A pack is not opened: every quantity is a whole multiple of the product's order multiple. The minimum and the price
   are those of the whole line.
6. Ship-tos stand in one order everywhere: the main one first, then by id. A main one that is left with nothing is not
   among them, and the next takes its place.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

MOST_SHIP_TOS = 20  # of one order

NOT_WHOLE, NOT_IN_MULTIPLES, TOO_MUCH = "not_whole", "not_in_multiples", "too_much"


class Share(NamedTuple):
    """So many go to a ship-to; None is all that go nowhere else."""

    ship_to_id: int
    quantity: int | None


def split(quantity: int, shares: Iterable[Share], *, main: int) -> dict[int, int]:
    """Ship-to id -> how many of the line go there; they add up to `quantity`, and nobody gets none."""
    left, rest, given = quantity, main, {}
    for share in shares:
        if share.quantity is None:
            rest = share.ship_to_id
        else:
            taken = min(share.quantity, left)
            given[share.ship_to_id] = given.get(share.ship_to_id, 0) + taken
            left -= taken
    given[rest] = given.get(rest, 0) + left
    return {each: given[each] for each in ordered(given, main=main) if given[each]}


def ordered(ship_to_ids: Iterable[int], *, main: int) -> list[int]:
    """The ship-tos as they stand everywhere, each once."""
    return sorted(set(ship_to_ids), key=lambda each: (each != main, each))


def share_refused(wished: Mapping[int, object], quantity: int, *, multiple: int) -> str:
    """Why these quantities by ship-to cannot be shares of a line of `quantity`: a code of above, or ""."""
    if any(not isinstance(each, int) or each < 0 for each in wished.values()):
        return NOT_WHOLE
    if any(each % multiple for each in wished.values()):
        return NOT_IN_MULTIPLES
    return TOO_MUCH if sum(wished.values()) > quantity else ""


def shares_of(wished: Mapping[int, int], quantity: int, *, main: int) -> Sequence[Share]:
    """What to keep of quantities by ship-to: nothing for the main one, and a ship-to that has all of it has it whatever
    the quantity becomes."""
    kept = [Share(each, wished[each]) for each in sorted(wished) if wished[each] and each != main]
    if len(kept) == 1 and kept[0].quantity == quantity:
        return [Share(kept[0].ship_to_id, None)]
    return kept
