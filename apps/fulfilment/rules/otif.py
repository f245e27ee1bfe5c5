"""Whether orders were perfect: on time, in full, in order, with the right papers (SCOR RL.1.1, perfect order).

1. A line is on time where its last part came on or before the first confirmed promise; without one it is on time.
2. It is in full where all that was ordered was received, less what was reported missing.
3. Its condition is right where nothing was damaged or not what was ordered; its papers, where nobody said otherwise.
4. A line is perfect where all four hold, an order where all its lines are: joined by AND, never a product of rates.
5. A line counts once nothing of it is under way any more, an order once nothing of any of its lines is. A rate is told
   with how many it was reckoned from.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple


class Part(NamedTuple):
    """A part of a line as it was received."""

    delivered_on: date
    delivered: int
    missing: int = 0
    damaged: int = 0
    wrong: int = 0
    papers_right: bool = True


@dataclass(frozen=True, slots=True)
class LineVerdict:
    """What a line was like."""

    on_time: bool
    in_full: bool
    condition_right: bool
    papers_right: bool

    @property
    def is_perfect(self) -> bool:
        return self.on_time and self.in_full and self.condition_right and self.papers_right


def line_verdict(promised_on: date | None, ordered: int, parts: Iterable[Part]) -> LineVerdict:
    """The verdict on a line of which at least one part was received."""
    parts = tuple(parts)
    return LineVerdict(
        on_time=promised_on is None or max(part.delivered_on for part in parts) <= promised_on,
        in_full=sum(part.delivered - part.missing for part in parts) >= ordered,
        condition_right=not any(part.damaged or part.wrong for part in parts),
        papers_right=all(part.papers_right for part in parts),
    )


@dataclass(frozen=True, slots=True)
class Otif:
    """So many lines and orders, and how many of them were on time, in full, perfect."""

    lines: int
    on_time: int
    in_full: int
    perfect: int
    orders: int
    perfect_orders: int

    @property
    def share(self) -> Decimal | None:
        """Perfect lines of all; None without any."""
        return Decimal(self.perfect) / self.lines if self.lines else None

    @property
    def on_time_share(self) -> Decimal | None:
        """Lines that kept their promise of all; None without any."""
        return Decimal(self.on_time) / self.lines if self.lines else None

    @property
    def order_share(self) -> Decimal | None:
        """Perfect orders of all; None without any."""
        return Decimal(self.perfect_orders) / self.orders if self.orders else None
