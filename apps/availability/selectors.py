"""What is there and what is coming."""

from collections.abc import Iterable
from datetime import date

from apps.availability.models import IncomingSupply, StockLevel
from apps.availability.rules import Ask, Promise


def promises_for(asks: Iterable[Ask], on: date) -> dict[Ask, Promise]:
    """A dated promise for each ask, in one query. Each ask is answered as if it were the only one."""


def stock_by_warehouse(product_id: int) -> list[StockLevel]:
    """Stock of a product in each warehouse, the first to ship from first."""


def incoming_for(product_id: int) -> list[IncomingSupply]:
    """What is under way and not yet received, the next first."""
