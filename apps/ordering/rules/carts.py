"""What a cart line comes to, and what its buyer must be told.

1. A wished quantity is a whole positive number; it is raised to the minimum order quantity and to the next multiple.
2. A line whose unit price differs from the one last shown is a difference the buyer confirms before ordering.
3. The next quantity break is named with how many more it takes, on a quantity that can be ordered.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from apps.catalogue.rules import orderable_quantity, parse_quantity


@dataclass(frozen=True, slots=True)
class Difference:
    """A unit price that is not the one the buyer last saw."""

    product_id: int
    sku: str
    name: str
    shown: Decimal
    now: Decimal


@dataclass(frozen=True, slots=True)
class Orderable:
    """A quantity that can be ordered; `raised_from` is what was wished where that was less."""

    quantity: int
    raised_from: int | None = None


def orderable(wished: object, *, minimum: int, multiple: int) -> Orderable | None:
    """`wished` as it can be ordered, or None where it is no whole number in range (text, -3, NaN, 1e308, 2.5)."""
    quantity = parse_quantity(wished)
    if quantity is None:
        return None
    raised = orderable_quantity(quantity, minimum=minimum, multiple=multiple)
    if parse_quantity(raised) is None:
        return None
    return Orderable(raised, quantity if raised != quantity else None)


def differences(lines: Iterable[tuple[int, str, str, Decimal | None, Decimal | None]]) -> tuple[Difference, ...]:
    """Of (product id, SKU, name, price shown, price now): those whose price changed. Not shown yet is not changed."""
    return tuple(
        Difference(product_id, sku, name, shown, now)
        for product_id, sku, name, shown, now in lines
        if shown is not None and now is not None and shown != now
    )


def more_for_break(quantity: int, break_from: int | None, *, minimum: int, multiple: int) -> int | None:
    """How many more base units reach the next break, or None where there is none."""
    if break_from is None or break_from <= quantity:
        return None
    return orderable_quantity(break_from, minimum=minimum, multiple=multiple) - quantity
