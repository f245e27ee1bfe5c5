"""A family: products that differ in the values of their attributes, and everything that follows from those."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from math import prod

from apps.demo.chance import spread

Values = dict[str, object]


@dataclass(frozen=True)
class Family:
    """A product family of the demo catalogue.

    `axes` maps attribute codes to the values they take, `fixed` to those all members share. `price` (GBP for a base
    unit, before brand) and `weight` (kg) are functions of the values; `picture` is the drawing and what it needs.
    """

    code: str
    path: tuple[str, ...]
    name: str
    axes: dict[str, tuple]
    brands: tuple[str, ...]
    price: Callable[[Values], float]
    weight: Callable[[Values], float]
    picture: Callable[[Values], tuple]
    about: str
    use: str
    fixed: Values = field(default_factory=dict)
    uom: str = "pc"
    multiple: int = 1
    packs: tuple[tuple[str, int], ...] = ()
    content: Callable[[Values], tuple[float, str]] | None = None
    documents: tuple[str, ...] = ("data_sheet",)
    goes_with: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    share: float = 1.0
    lead_days: int = 10
    warranty_months: int | None = None

    @cached_property
    def capacity(self) -> int:
        """How many variants the axes and brands give."""
        return prod(len(values) for values in self.axes.values()) * len(self.brands)

    @cached_property
    def order_codes(self) -> dict[str, dict[object, str]]:
        """For each axis, the part of the SKU that stands for a value; under "" those of the brands."""
        return {axis: codes_for(values) for axis, values in {**self.axes, "": self.brands}.items()}

    def variants(self, count: int) -> Iterator["Variant"]:
        """`count` different members, spread over the axes; with series where the axes do not give as many."""
        series = -(-count // self.capacity)
        for index in spread(self.capacity * series, count):
            number, rest = divmod(index, self.capacity)
            yield Variant(self, *self._values_at(rest), series=number)

    def _values_at(self, index: int) -> tuple[Values, str]:
        """The values and the brand at a place in the order of all combinations; the brand varies fastest."""
        index, brand = divmod(index, len(self.brands))
        values: Values = {}
        for axis, choices in reversed(self.axes.items()):
            index, at = divmod(index, len(choices))
            values[axis] = choices[at]
        return dict(reversed(values.items())), self.brands[brand]


@dataclass(frozen=True)
class Variant:
    """One member of a family before it becomes a product."""

    family: Family
    values: Values
    brand: str
    series: int = 0

    @property
    def sku(self) -> str:
        codes = self.family.order_codes
        parts = [self.family.code, *(codes[axis][value] for axis, value in self.values.items()), codes[""][self.brand]]
        return "-".join(parts) + (f"-{self.series + 1}" if self.series else "")

    @property
    def name(self) -> str:
        series = f" series {self.series + 1}" if self.series else ""
        return self.family.name.format(**self.values) + series


def codes_for(values: tuple) -> dict[object, str]:
    """Codes of values, as short as keeps them apart: `M8`, `40`, `0D75`, `SA2` of "Stainless A2", `S88Z` of "Steel 8.8
    zinc", `KE` of "Kestrel"."""
    for letters in range(1, 12):
        codes = {value: _code(value, letters) for value in values}
        if len(set(codes.values())) == len(codes):
            return codes
    raise ValueError(f"no codes keep these apart: {values}")


def _code(value: object, letters: int) -> str:
    """Words as their first `letters`, one letter more where there is one word alone; numbers whole."""
    if not isinstance(value, str):
        return f"{value:g}".replace(".", "D")
    words = re.findall(r"[A-Za-z]+\d*|\d+(?:[.,/]\d+)*", value)
    parts = [re.sub(r"[.,/]", "", word) for word in words]
    length = letters + (len(parts) == 1)
    return "".join(part if part[-1].isdigit() else part[:length] for part in parts).upper()
