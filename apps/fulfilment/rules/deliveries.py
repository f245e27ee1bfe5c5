"""What a delivery was like, and what a carrier's word may change.

1. A delivery is late where it was received after its first promise, by the date at the place it was received.
2. It is short where less was received than was shipped, and damaged where any of it was.
3. It is on time and in full where it is none of these (OTIF on the first promise; SCOR RL.1.1). An order is where all
   its deliveries are: the verdicts are joined by AND, never multiplied as rates.
4. A shipment goes from planned to shipped to delivered and never back: a message that arrives late is kept, but changes
   nothing that a later one has settled. Only the distributor's own people take a delivery back or correct it.
5. A message about a time that has not come, or before the order was placed, is kept and not believed.
6. An order line kept its first promise where all of it was received by that day. The rate of a product is told from ten
   such lines on; below that the rate of its category stands in, from ten on as well; else none is told.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

PLANNED, SHIPPED, DELIVERED, CANCELLED = "planned", "shipped", "delivered", "cancelled"
RANK = {PLANNED: 0, SHIPPED: 1, DELIVERED: 2, CANCELLED: 3}
STATUS_AFTER = {
    "picked_up": SHIPPED,
    "in_transit": SHIPPED,
    "out_for_delivery": SHIPPED,
    "delivered": DELIVERED,
    "exception": PLANNED,
}
CLOCKS_DIFFER_BY = timedelta(minutes=5)


class Received(NamedTuple):
    """One line of a delivery: what was shipped, what of it was received, what of that was damaged, what was refused
    at the door and went back."""

    shipped: int
    delivered: int
    damaged: int
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a delivery was like. `days_late` counts from the promise; 0 where it was kept or nothing was promised."""

    delivered_on: date
    days_late: int
    is_short: bool
    is_damaged: bool

    @property
    def is_late(self) -> bool:
        return self.days_late > 0

    @property
    def on_time_in_full(self) -> bool:
        return not (self.is_late or self.is_short or self.is_damaged)


def verdict(*, promised_on: date | None, delivered_at: datetime, time_zone: str, lines: Iterable[Received]) -> Verdict:
    """The verdict on a delivery received at an instant, at a place in `time_zone`."""
    lines = tuple(lines)
    delivered_on = delivered_at.astimezone(ZoneInfo(time_zone)).date()
    return Verdict(
        delivered_on=delivered_on,
        days_late=max((delivered_on - promised_on).days, 0) if promised_on else 0,
        is_short=any(line.delivered < line.shipped for line in lines),
        is_damaged=any(line.damaged > 0 for line in lines),
    )


def can_be(line: Received) -> bool:
    """Whether that much can have been received or refused of what was shipped, and be damaged of what was received."""
    return 0 <= line.damaged <= line.delivered and line.refused >= 0 and line.delivered + line.refused <= line.shipped


FAULT_DAYS = 7


def may_report_fault(delivered_on: date, today: date, days: int = FAULT_DAYS) -> bool:
    """Whether a fault can still be reported `days` days after the delivery, by the day at the place of delivery."""
    return today <= delivered_on + timedelta(days=days)


def disbelief(happened_at: datetime, *, placed_at: datetime, now: datetime) -> str:
    """Why an instant is not believed ("future", "before_order"), or ""."""
    if happened_at > now + CLOCKS_DIFFER_BY:
        return "future"
    return "before_order" if happened_at < placed_at - CLOCKS_DIFFER_BY else ""


LEAST_LINES = 10


@dataclass(frozen=True, slots=True)
class PromiseRate:
    """`kept` of `lines` delivered lines kept their first promise; of the whole category where the product has few."""

    lines: int
    kept: int
    of_category: bool

    @property
    def share(self) -> Decimal:
        return Decimal(self.kept) / self.lines


def promise_rate(product: tuple[int, int], category: tuple[int, int]) -> PromiseRate | None:
    """The rate told for a product, of its own (lines, kept) or those of its category; None where both are few."""
    for (lines, kept), of_category in ((product, False), (category, True)):
        if lines >= LEAST_LINES:
            return PromiseRate(lines, kept, of_category)
    return None


def is_overdue(promised_on: date | None, now: datetime, time_zone: str) -> bool:
    """Whether the promised day is over at the place that waits."""
    return promised_on is not None and now.astimezone(ZoneInfo(time_zone)).date() > promised_on
