"""Holding stock for a demand, and what moves it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from apps.availability.models import IncomingSupply, StockLevel
from apps.availability.rules import Demand, Lot
from apps.core.scoping import SYSTEM, Actor


def reserve(demands: Sequence[Demand], *, on: date) -> dict[str, tuple[Lot, ...]]:
    """Hold what each demand needs, all or nothing, in a number of queries that does not grow with the demands."""


def release(refs: Iterable[str]) -> int:
    """Give back what is still held for these demands; the pieces given back."""


def consume(ref: str, quantity: int, *, warehouse_id: int | None = None) -> None:
    """`quantity` held for a demand leaves (from that warehouse, where told): it is no longer on hand nor reserved."""


def consume_all(quantities: Mapping[tuple[str, int | None], int]) -> None:
    """The same for a whole shipment at once: (demand ref, warehouse id or None) -> quantity."""


def receive(
    supply: IncomingSupply, *, now: datetime, on: date, quantity: int | None = None, actor: Actor = SYSTEM
) -> StockLevel:
    """Incoming supply has arrived: its pieces are on hand, and what was held of it is held of the stock."""


def set_on_hand(stock: StockLevel, on_hand: int, *, now: datetime, reason: str = "", actor: Actor = SYSTEM) -> None:
    """What a count says; refused below what is reserved."""


def load_stock(rows: Iterable[tuple[int, int, int]]) -> int:
    """Set stock on hand: rows of (warehouse_id, product_id, on_hand); how many rows changed."""
