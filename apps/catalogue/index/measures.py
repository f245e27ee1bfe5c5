"""Sizes as people write them, brought to one unit: 1/2 in, ½" and 12.7 mm are one size.

1. A size is a number and a unit right after it, with or without a space. The number is whole, decimal, a fraction or
   a whole number with a fraction.
2. It is reckoned into the base unit of its kind and written to six significant digits.
3. What the table of units (edited by operations) says comes before what is known here.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

_KNOWN = {
    "mm": {
        "mm millimetre millimetres millimeter millimeters": 1,
        "um µm micron microns": 0.001,
        "cm centimetre centimetres centimeter centimeters": 10,
        "m metre metres meter meters": 1000,
        'in inch inches " ″ ′′ ”': 25.4,
        "ft foot feet": 304.8,
    },
    "g": {
        "g gram grams gramme grammes": 1,
        "mg": 0.001,
        "kg kilo kilos kilogram kilograms": 1000,
        "t tonne tonnes": 1_000_000,
        "lb lbs pound pounds": 453.59237,
        "oz ounce ounces": 28.349523,
    },
    "ml": {"ml millilitre millilitres": 1, "cl": 10, "l ltr litre litres liter liters": 1000},
    "mm2": {"mm2 sqmm": 1, "m2 sqm": 1_000_000},
    "V": {"v volt volts": 1, "kv": 1000},
    "A": {"a amp amps ampere amperes": 1, "ma": 0.001},
    "W": {"w watt watts": 1, "kw kilowatt kilowatts": 1000},
    "bar": {"bar": 1, "psi": 0.0689476, "mpa": 10},
    "Nm": {"nm": 1},
}
_NUMBER = r"(?:(?P<whole>\d+)[ -])?(?P<over>\d+)[/⁄](?P<under>\d+)|(?P<plain>\d+(?:[.,]\d+)?)"


class Unit(NamedTuple):
    base: str
    factor: float


class Measured(NamedTuple):
    """A size in a text: where it stands, and how it is written in the base unit."""

    start: int
    end: int
    token: str


@dataclass(frozen=True)
class Units:
    """Units by the words they are written in, in lower case."""

    known: Mapping[str, Unit]

    @cached_property
    def _pattern(self) -> re.Pattern:
        written = "|".join(map(re.escape, sorted(self.known, key=len, reverse=True)))
        return re.compile(rf"(?<![\w.,/⁄])(?:{_NUMBER}) ?(?P<unit>{written})(?![\w²])", re.IGNORECASE)

    def measures(self, text: str) -> list[Measured]:
        """The sizes in `text`, from left to right."""
        found = []
        for match in self._pattern.finditer(text):
            token = self.token(_value(match), match["unit"])
            if token:
                found.append(Measured(match.start(), match.end(), token))
        return found

    def token(self, value: float | None, unit: str) -> str:
        """How a size is written in the base unit; "" where the unit is not known."""
        known = self.known.get(unit.lower())
        return "" if known is None or value is None else f"{value * known.factor:.6g}{known.base}"


def _value(match: re.Match) -> float | None:
    if match["plain"]:
        return float(match["plain"].replace(",", "."))
    under = int(match["under"])
    return int(match["whole"] or 0) + int(match["over"]) / under if under else None


def units_of(rows: Iterable[tuple[Iterable[str], str, float]] = ()) -> Units:
    """The units known here, and those of rows of words, base unit and factor."""
    known = {
        word: Unit(base, factor)
        for base, units in _KNOWN.items()
        for words, factor in units.items()
        for word in words.split()
    }
    for words, base, factor in rows:
        known |= {word.lower(): Unit(base, float(factor)) for word in words}
    return Units(known)
