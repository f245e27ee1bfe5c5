"""Codes, quantities and units of what is sold.

1. A code is compared without case, spaces and punctuation, and without leading zeros.
2. A quantity is asked in the base unit. It must be a whole positive number, at least the minimum order quantity, and
   fall on an order multiple counted from zero; what does not is refused with the rule, or raised to what would do.
"""

from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from apps.core.text import folded

MAX_QUANTITY = 9_999_999
LONGEST_CODE = 60


class Ask(NamedTuple):
    """So much of a product, in its base unit: what price and availability are asked about."""

    product_id: int
    quantity: int


def normal_code(text: str) -> str:
    """A code as it is compared: folded, upper case, only letters and digits, no leading zeros, cut to 60 characters."""
    kept = "".join(ch for ch in folded(text).upper() if ch.isalnum())
    return (kept.lstrip("0") or kept[:1])[:LONGEST_CODE]


def parse_quantity(text: object) -> int | None:
    """A whole quantity as typed in any script's digits, or None where it is no whole number from 1 to MAX_QUANTITY."""
    try:
        number = Decimal(folded(str(text)))
    except InvalidOperation:
        return None
    if not number.is_finite() or not 1 <= number <= MAX_QUANTITY or number != number.to_integral_value():
        return None
    return int(number)


def orderable_quantity(wished: int, *, minimum: int, multiple: int) -> int:
    """The least quantity that is at least `wished` and `minimum` and falls on `multiple`."""
    at_least = max(wished, minimum, 1)
    return -(-at_least // multiple) * multiple
