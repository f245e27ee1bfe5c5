"""Codes, quantities and units of what is sold, and what an account may buy of it.

1. A code is compared without case, spaces and punctuation, and without leading zeros.
2. A quantity is asked in the base unit. It must be a whole positive number, at least the minimum order quantity, and
   fall on an order multiple counted from zero; what does not is refused with the rule, or raised to what would do.
3. A quantity is so many of the largest packaging unit that divides it exactly; units of one piece say nothing.
4. An assortment names what is in it and what is out of it, by category, brand or product. Where nothing is named as in,
   the whole catalogue is. What is named as out is out, whatever else names it as in. A category means its subtree.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from apps.core.text import folded

MAX_QUANTITY = 9_999_999
LONGEST_CODE = 60


class Ask(NamedTuple):
    """So much of a product, in its base unit: what price and availability are asked about."""

    product_id: int
    quantity: int


class Pack(NamedTuple):
    """A packaging unit: what it is called, and the base units in it."""

    name: str
    quantity: int


class InPacks(NamedTuple):
    """A quantity as whole packaging units."""

    count: int
    name: str


def in_packs(quantity: int, packs: Iterable[Pack]) -> InPacks | None:
    """The quantity in the largest packaging unit that divides it exactly; None where none does."""
    fitting = [pack for pack in packs if 1 < pack.quantity <= quantity and quantity % pack.quantity == 0]
    largest = max(fitting, key=lambda pack: pack.quantity, default=None)
    return InPacks(quantity // largest.quantity, largest.name) if largest else None


def normal_code(text: str) -> str:
    """A code as it is compared: folded, upper case, only letters and digits, no leading zeros, cut to 60 characters."""
    kept = "".join(ch for ch in folded(text).upper() if ch.isalnum())
    return (kept.lstrip("0") or kept[:1])[:LONGEST_CODE]


def parse_quantity(text: object) -> int | None:
    """A whole quantity as typed in any script's digits, or None where it is no whole number from 1 to MAX_QUANTITY."""
    typed = folded(str(text))
    try:
        number = Decimal("NaN" if "_" in typed else typed)  # Python reads 1_0 as 10; nobody means that
    except InvalidOperation:
        return None
    if not number.is_finite() or not 1 <= number <= MAX_QUANTITY or number != number.to_integral_value():
        return None
    return int(number)


def orderable_quantity(wished: int, *, minimum: int, multiple: int) -> int:
    """The least quantity that is at least `wished` and `minimum` and falls on `multiple`."""
    at_least = max(wished, minimum, 1)
    return -(-at_least // multiple) * multiple


def ids_of_path(path: str) -> tuple[int, ...]:
    """The ids of categories on a path, `/1/12/`, from the top down."""
    return tuple(int(part) for part in path.split("/") if part)


@dataclass(frozen=True, slots=True)
class Scope:
    """A part of the catalogue: all that stands below one of these categories, is of one of these brands, or is named.

    All three are sets of ids; an empty scope holds nothing.
    """

    categories: frozenset[int] = frozenset()
    brands: frozenset[int] = frozenset()
    products: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.categories or self.brands or self.products)

    def holds(self, category_ids_of_path: Collection[int], brand_id: int | None, product_id: int) -> bool:
        """Whether a product is in it; the path runs from the top category down to the product's own."""
        return (
            product_id in self.products
            or brand_id in self.brands
            or not self.categories.isdisjoint(category_ids_of_path)
        )


@dataclass(frozen=True, slots=True)
class Assortment:
    """What an account sees and may buy."""

    includes: Scope = field(default_factory=Scope)
    excludes: Scope = field(default_factory=Scope)

    @property
    def is_everything(self) -> bool:
        """Whether no product is kept from the account: then no statement needs a condition."""
        return not (self.includes or self.excludes)

    def allows(self, category_ids_of_path: Collection[int], brand_id: int | None, product_id: int) -> bool:
        """Whether the account may see a product: in what is included, if anything is, and not in what is excluded."""
        asked = (category_ids_of_path, brand_id, product_id)
        return (not self.includes or self.includes.holds(*asked)) and not self.excludes.holds(*asked)


EVERYTHING = Assortment()
