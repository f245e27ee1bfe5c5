"""Which goods leave together, in how many packs they are counted, and what may be picked.

1. What is held of an order for one ship-to leaves each warehouse on the day it is ready: one departure for a ship-to, a
   warehouse and a day. What suppliers send straight to the receiver leaves each supplier instead.
2. What goes complete leaves every warehouse on the day its last piece is ready; nothing then comes past a warehouse.
3. What needs no stock (services) goes with the last departure.
4. What is being picked already stays as it is; it is taken from what is ready first.
5. A quantity is counted in the largest packs that fit, then in the next smaller ones, and the rest in single units.
6. A code that is scanned stands for so many pieces: the GTIN of a product for one, that of a pack for what is in it,
   and the SKU, as it is printed on the pick list, for all that is still to be picked of its line (told as 0).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class Place(NamedTuple):
    """A departure: from which warehouse (None: nothing has to travel) or straight from which supplier, on which day,
    to which further ship-to of the order (None: where the order itself goes)."""

    warehouse_id: int | None
    leaves_on: date
    supplier: str = ""
    destination_id: int | None = None

    @property
    def by_day(self) -> tuple:
        """The first to leave first."""
        return self.leaves_on, self.warehouse_id or 0, self.supplier, self.destination_id or 0


class Part(NamedTuple):
    """So much of a line (by its id) is held in a warehouse, or with a supplier who sends it straight to the receiver,
    and can leave from a day on."""

    line_id: int
    warehouse_id: int | None
    ready_on: date
    quantity: int
    supplier: str = ""

    @property
    def source(self) -> tuple[int | None, str]:
        return self.warehouse_id, self.supplier


Departures = dict[Place, dict[int, int]]


def departures(
    wanted: Mapping[int, int],
    parts: Iterable[Part],
    *,
    picked: Mapping[tuple[int, tuple[int | None, str]], int],
    together: bool,
    today: date,
) -> Departures:
    """Departure -> line id -> quantity, the first to leave first.

    `wanted` is what of each line is not in a shipment yet, `picked` what of a (line, source) is being picked.
    """
    left, being_picked = dict(wanted), dict(picked)
    found: dict[Place, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for part in sorted(parts, key=lambda part: (part.ready_on, part.warehouse_id or 0, part.supplier, part.line_id)):
        key = part.line_id, part.source
        taken = min(part.quantity, being_picked.get(key, 0))
        being_picked[key] = being_picked.get(key, 0) - taken
        quantity = min(part.quantity - taken, left.get(part.line_id, 0))
        if quantity > 0:
            place = Place(part.warehouse_id, max(part.ready_on, today), part.supplier)
            found[place][part.line_id] += quantity
            left[part.line_id] -= quantity
    if together:
        found = _on_one_day(found)
    unheld = {line_id: quantity for line_id, quantity in left.items() if quantity > 0}
    if unheld:
        last = max(found, key=lambda place: place.leaves_on, default=Place(None, today))
        for line_id, quantity in unheld.items():
            found[last][line_id] += quantity
    return {place: dict(found[place]) for place in sorted(found, key=lambda each: each.by_day)}


def _on_one_day(found: Departures) -> Departures:
    last = max((place.leaves_on for place in found), default=None)
    joined: dict[Place, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for place, lines in found.items():
        for line_id, quantity in lines.items():
            joined[place._replace(leaves_on=last)][line_id] += quantity
    return joined


@dataclass(frozen=True, slots=True)
class Packs:
    """So many of a pack; `name` is "" for single units."""

    count: int
    name: str
    size: int


def in_packs(quantity: int, packs: Iterable[tuple[str, int]]) -> list[Packs]:
    """`quantity` counted in packs of (name, units in it), the largest first; packs of one or less are single units."""
    counted = []
    for name, size in sorted(packs, key=lambda pack: -pack[1]):
        if size > 1 and quantity >= size:
            counted.append(Packs(quantity // size, name, size))
            quantity %= size
    return [*counted, Packs(quantity, "", 1)] if quantity or not counted else counted


def scanned_code(text: str) -> str:
    """A code as it is compared: capitals; a GTIN without the zeros in front of it, which scanners add or leave out."""
    code = text.strip().upper()
    return code.lstrip("0") if code.isascii() and code.isdigit() and 8 <= len(code) <= 14 else code


def codes_of(sku: str, gtin: str, packs: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Scanned code -> the pieces it stands for; `packs` are (GTIN, units in it). What has no code is left out."""
    codes = {scanned_code(code): size for code, size in packs if code}
    if gtin:
        codes[scanned_code(gtin)] = 1
    return codes | {scanned_code(sku): 0}
