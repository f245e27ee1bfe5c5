"""Delivery options and arrival dates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from apps.availability.rules import Ask, Lot, Promise
from apps.delivery.models import DeliveryOption


@dataclass(frozen=True, slots=True)
class OptionQuote:
    """An option for one delivery. `refused` says in words why it cannot be chosen; dates are None where there is no way.

    `free_gap` is what more goods would have to cost for the charge to fall away; None where it never does or has.
    `pick_up_at` names the branch of a pick-up.
    """

    option: DeliveryOption
    charge: Decimal
    dispatch_on: date | None
    arrives_on: date | None
    free_gap: Decimal | None = None
    refused: str | None = None
    pick_up_at: str = ""


def options_for(
    *, ship_to, lots: Sequence[Lot], weight_kg: Decimal, goods_net: Decimal, currency: str, now: datetime
) -> list[OptionQuote]:
    """Every active option with its price and dates, in two queries. `ship_to` is a ShipTo or
    (country, receiving_days, time_zone).
    """


def arrivals_for(
    ship_to, promises: Mapping[Ask, Promise], now: datetime, *, option: DeliveryOption | None = None
) -> dict[Ask, date | None]:
    """When each promise arrives by `option` (else by the standard one), in one query; None where nothing goes there.

    Ordering asks with the chosen option: what it answers becomes the first promise of each order line.
    """
