"""What becomes of each line of a quick order.

1. A code that means one product is found; one that means several waits for a choice; one that means none is unknown.
2. What was found by a superseded number, or is no longer sold and has one successor, is replaced: the line goes on
   with what takes its place, and says so. What is no longer sold and has none, or several, waits.
3. A quantity that cannot be read waits for a better one.
4. Lines that come to the same product are added up: the first of them carries the sum, the others say where they went.
5. The sum is raised to the minimum and to the next multiple, and says from what.
6. A line may name a ship-to. No pack is opened: what goes to each is raised to the next multiple for itself, and what
   the minimum then asks for goes where the first of the lines goes. One that is not understood waits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from apps.catalogue.rules import MAX_QUANTITY
from apps.ordering.rules.carts import orderable
from apps.ordering.rules.sheets import read_quantity


class Verdict(StrEnum):
    FOUND = "found"
    REPLACED = "replaced"
    SEVERAL = "several"
    GONE = "gone"
    UNKNOWN = "unknown"
    NO_CODE = "no_code"


@dataclass(frozen=True, slots=True)
class Sold:
    """What the rule has to know of a product."""

    product_id: int
    minimum: int = 1
    multiple: int = 1


@dataclass(frozen=True, slots=True)
class Counted:
    """What a line comes to.

    `quantity` is None where it waits, and where another line carries it (`with_line`, its place from 0). `together` are
    the places of the lines that it carries, where there are several. `unreadable` says that the quantity is. `goes` is
    (ship-to, how many of the quantity), 0 for the main one; empty where all of it goes there.
    """

    quantity: int | None = None
    raised_from: int | None = None
    together: tuple[int, ...] = ()
    with_line: int | None = None
    unreadable: bool = False
    goes: tuple[tuple[int, int], ...] = ()


def counted(lines: Sequence[tuple[Sold | None, str]], ship_tos: Sequence[int | None] = ()) -> list[Counted]:
    """For each (product that the line means, quantity as typed) what it comes to.

    `ship_tos` says for each where it goes: 0 for the main one, None where what was written is none; else all go there.
    """
    ship_tos = ship_tos or [0] * len(lines)
    amounts = [read_quantity(typed) for _sold, typed in lines]
    places: dict[int, list[int]] = {}
    for place, (sold, _typed) in enumerate(lines):
        if sold and amounts[place] is not None and ship_tos[place] is not None:
            places.setdefault(sold.product_id, []).append(place)
    return [_counted(place, sold, amounts, places, ship_tos) for place, (sold, _typed) in enumerate(lines)]


def _counted(
    place: int,
    sold: Sold | None,
    amounts: Sequence[int | None],
    places: dict[int, list[int]],
    ship_tos: Sequence[int | None],
) -> Counted:
    if amounts[place] is None:
        return Counted(unreadable=True)
    if sold is None or ship_tos[place] is None:
        return Counted()
    same = places[sold.product_id]
    goes: dict[int, int] = {}
    for each in same:
        goes[ship_tos[each]] = goes.get(ship_tos[each], 0) + amounts[each]
    goes = {each: -(-wished // sold.multiple) * sold.multiple for each, wished in goes.items()}
    amount = orderable(sum(goes.values()), minimum=sold.minimum, multiple=sold.multiple)
    if amount is None:  # more than MAX_QUANTITY all together
        return Counted(unreadable=True)
    if same[0] != place:
        return Counted(with_line=same[0])
    wished = sum(amounts[each] for each in same)
    goes[ship_tos[place]] += amount.quantity - sum(goes.values())
    return Counted(
        amount.quantity,
        wished if wished != amount.quantity else None,
        tuple(same) if len(same) > 1 else (),
        goes=tuple(sorted(goes.items())) if set(goes) != {0} else (),
    )


def to_par(par: int | None, on_shelf: object) -> int | None:
    """How much is missing of what should be on the shelf; None where either is not known, 0 where nothing is."""
    shelf = 0 if str(on_shelf).strip() == "0" else read_quantity(on_shelf)
    if par is None or shelf is None or shelf > MAX_QUANTITY:
        return None
    return max(par - shelf, 0)
