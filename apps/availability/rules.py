"""What can be promised, and by when (available to promise)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from apps.catalogue.rules import Ask

STOCK, INCOMING, SUPPLIER, SOURCED, SERVICE = "stock", "incoming", "supplier", "sourced", "service"


class Lot(NamedTuple):
    """A part of a quantity out of one source. `source_id` is the row it comes from; None where it is to be sourced."""

    quantity: int
    ready_on: date
    source: str
    warehouse_id: int | None
    source_id: int | None


@dataclass(frozen=True, slots=True)
class Promise:
    """A dated promise. `on_hand` is what all warehouses together can promise, `short` what of the ask that leaves."""

    ready_on: date
    lots: tuple[Lot, ...]
    on_hand: int
    short: int


class Source(NamedTuple):
    """Free pieces in one place from a date on."""

    kind: str
    id: int
    warehouse_id: int | None
    free: int
    ready_on: date
    priority: int


@dataclass(frozen=True, slots=True)
class Supply:
    """All sources of one product. `lead_days` is how long it takes to source more."""

    sources: tuple[Source, ...]
    lead_days: int
    home_id: int | None
    is_service: bool = False


class Demand(NamedTuple):
    """A quantity wanted for something with a public number, such as an order line."""

    ref: str
    product_id: int
    quantity: int


def promise(quantity: int, supply: Supply, on: date) -> Promise:
    """When `quantity` is ready to leave, and out of which lots."""


__all__ = ["Ask", "Demand", "Lot", "Promise", "Sequence", "Source", "Supply", "promise"]
