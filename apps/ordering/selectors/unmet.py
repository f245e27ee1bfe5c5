"""A wished day that a way of delivery does not meet: why, and what would."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from apps.delivery.selectors import OptionQuote
from apps.ordering.selectors.checkout import OptionTotals
from apps.ordering.selectors.further import FurtherWay
from apps.ordering.selectors.parts import Part, PartLine

Way = OptionTotals | FurtherWay | OptionQuote


@dataclass(frozen=True, slots=True)
class Unmet:
    """A wished day that cannot be: the lines that are late, how many are not, and the ways by which all would be in
    time."""

    wished_on: date
    arrives_on: date
    late: tuple[PartLine, ...]
    in_time: int
    ways: tuple[Way, ...]


def unmet_of(options: Iterable[Way], parts: Sequence[Part], wished: date | None, last_on: date | None) -> Unmet | None:
    """What of `parts` comes after the wished day, where the last of them does; None where it is met. No query."""
    if wished is None or last_on is None or last_on <= wished:
        return None
    lines = [line for part in parts for line in part.lines]
    late = tuple(line for line in lines if line.own_day > wished)
    ways = (way for way in options if not way.refused and way.arrives_on and way.arrives_on <= wished)
    return Unmet(wished, last_on, late, len(lines) - len(late), tuple(ways))
