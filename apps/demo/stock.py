"""What is in the warehouses, what is coming, and what suppliers have."""

from collections.abc import Iterator
from datetime import time

import numpy as np

from apps.availability.models import IncomingSupply, StockLevel, SupplierOffer, Warehouse
from apps.demo.catalogue.shelf import PRICE_SCALE, Shelf
from apps.demo.chance import numbers
from apps.demo.clock import Clock
from apps.demo.load import copy_rows, laid_aside
from apps.demo.sizes import Size

WAREHOUSES = (
    (1, "LDS", "Leeds central warehouse", "Leeds", "GB", "Europe/London", "12345", True, 0),
    (2, "RDG", "Reading branch", "Reading", "GB", "Europe/London", "123456", True, 1),
    (3, "GLA", "Glasgow branch", "Glasgow", "GB", "Europe/London", "12345", True, 2),
    (4, "BRS", "Bristol branch", "Bristol", "GB", "Europe/London", "12345", True, 3),
    (5, "NCL", "Newcastle overflow store", "Newcastle", "GB", "Europe/London", "12345", False, 4),
)
KEPT = (0.90, 0.55, 0.35, 0.30, 0.20)  # share of stocked products a warehouse keeps
SUPPLIERS = ("Castor Wholesale", "Meridian Industrial Supply", "Northline Direct", "Polder Trading", "Tamar Imports")
SENDS_DIRECTLY = "Northline Direct"
NOTHING = 0.16  # of products are not in stock: a third due in, a third at a supplier, the rest to be sourced


def save_warehouses(size: Size) -> None:
    columns = ("id", "code", "name", "city", "country", "time_zone", "working_days", "is_branch", "priority")
    copy_rows(Warehouse, columns, WAREHOUSES[: size.warehouses])
    Warehouse.objects.filter(is_branch=True).update(opens_at=time(7), closes_at=time(17, 30))


def save_stock(size: Size, shelf: Shelf, clock: Clock) -> None:
    chance = numbers("stock")
    state = chance.random(shelf.goods + 1)
    columns = ("warehouse_id", "product_id", "on_hand", "safety_stock")
    with laid_aside(shelf.goods * 2, StockLevel):
        copy_rows(StockLevel, columns, _stock_rows(size, shelf, state))
    columns = ("number", "warehouse_id", "product_id", "quantity", "due_on")
    with laid_aside(shelf.goods // 4, IncomingSupply):
        copy_rows(IncomingSupply, columns, _incoming_rows(size, shelf, state, clock))
    with laid_aside(shelf.goods // 2, SupplierOffer):
        columns = ("product_id", "supplier", "stock", "lead_days", "ships_directly")
        copy_rows(SupplierOffer, columns, (_directly(row) for row in _offer_rows(shelf, state)))


def _stock_rows(size: Size, shelf: Shelf, state: np.ndarray) -> Iterator[tuple]:
    """`state` below NOTHING: none anywhere; a little above it: nearly gone; else what sells in some weeks."""
    chance = numbers("on hand")
    for of in shelf.ranges:
        ids = np.arange(of.start, of.start + of.count)
        usual = _usual(shelf, ids, of.family.multiple)
        for warehouse in range(1, size.warehouses + 1):
            kept = (chance.random(of.count) < KEPT[warehouse - 1]) & (state[ids] > NOTHING)
            level = np.where(state[ids] < 0.26, 0.12, 1.0) * chance.lognormal(0, 0.6, of.count) / warehouse**0.5
            on_hand = np.maximum(np.rint(usual * level / of.family.multiple), 1).astype(np.int64) * of.family.multiple
            safety = np.where(on_hand > 8 * of.family.multiple, on_hand // 12, 0)
            for pk, there, kept_back in zip(
                ids[kept].tolist(), on_hand[kept].tolist(), safety[kept].tolist(), strict=True
            ):
                yield warehouse, pk, there, kept_back


def _usual(shelf: Shelf, ids: np.ndarray, multiple: int) -> np.ndarray:
    """Pieces a warehouse usually has: more of what is cheap, and at least some multiples."""
    value = np.clip(shelf.base_price[ids] / PRICE_SCALE, 0.01, None)
    return np.clip(2400 / value**0.75, 6, 40_000) + 4 * multiple


def _incoming_rows(size: Size, shelf: Shelf, state: np.ndarray, clock: Clock) -> Iterator[tuple]:
    """For a third of what is out of stock, half of what is nearly gone, and some of the rest; a few are overdue."""
    chance, number = numbers("incoming"), 40_000
    for of in shelf.ranges:
        for pk in range(of.start, of.start + of.count):
            due = state[pk] < NOTHING / 3 or NOTHING < state[pk] < 0.21 or state[pk] > 0.95
            if not due:
                continue
            number += 1
            quantity = int(chance.integers(5, 60)) * of.family.multiple
            days = int(chance.integers(-2, 28))
            yield f"PO-{number}", 1 + pk % size.warehouses, pk, quantity, clock.day(days)


def _directly(row: tuple) -> tuple:
    """Whether its supplier sends it straight to the receiver."""
    return *row, row[1] == SENDS_DIRECTLY


def _offer_rows(shelf: Shelf, state: np.ndarray) -> Iterator[tuple]:
    """For the second third of what is out of stock, and for half of everything else."""
    for of in shelf.ranges:
        for pk in range(of.start, of.start + of.count):
            if NOTHING / 3 <= state[pk] < NOTHING * 2 / 3 or (state[pk] > NOTHING and pk % 2):
                yield pk, SUPPLIERS[pk % 5], (pk % 37 + 4) * of.family.multiple, 3 + pk % 9
            if state[pk] > 0.9:
                yield pk, SUPPLIERS[(pk + 2) % 5], (pk % 11) * of.family.multiple, 8 + pk % 12
