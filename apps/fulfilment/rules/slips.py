"""Which lines of an order come later than they were first promised.

1. What is loose of an order leaves in departures, and each arrives on a day. A part of a line is late where it arrives
   after the line's first promise. The line's new day is that of its last part, its late quantity that of all of them.
2. A line that would be in time if each part left by itself is there, and waits for the rest of an order that goes
   together.
3. What could leave today is no slip that is only now noticed, nor part of one while the rest is still to come: that
   it was not sent is told by its being overdue.
"""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from apps.fulfilment.rules.allocation import Departures, Place


class Late(NamedTuple):
    """So much of a line (by its id) comes on a later day; `is_news` says that it could not leave today."""

    line_id: int
    quantity: int
    comes_on: date
    waits_for_rest: bool
    is_news: bool


def late_lines(
    promised: Mapping[int, date],
    leaving: Departures,
    alone: Departures,
    arrivals: Mapping[Place, date | None],
    today: date,
) -> dict[int, Late]:
    """Line id -> what of it is late. `promised` are the first promises, `leaving` the departures as they are planned,
    `alone` those of each part by itself; `arrivals` of both."""
    own = _last_days(promised, alone, arrivals)
    parts: dict[int, list[tuple[bool, date, int]]] = {}
    for place, lines in leaving.items():
        day = arrivals.get(place)
        for line_id, quantity in lines.items():
            first = promised.get(line_id)
            if day is not None and first is not None and day > first:
                parts.setdefault(line_id, []).append((place.leaves_on > today, day, quantity))
    return {line_id: _late(line_id, found, own.get(line_id), promised[line_id]) for line_id, found in parts.items()}


def _late(line_id: int, parts: list[tuple[bool, date, int]], own: date | None, first: date) -> Late:
    is_news = any(waits for waits, _day, _quantity in parts)
    quantity = sum(quantity for waits, _day, quantity in parts if waits == is_news)
    return Late(
        line_id, quantity, max(day for _waits, day, _quantity in parts), own is not None and own <= first, is_news
    )


def _last_days(
    promised: Mapping[int, date], departures: Departures, arrivals: Mapping[Place, date | None]
) -> dict[int, date]:
    last: dict[int, date] = {}
    for place, lines in departures.items():
        day = arrivals.get(place)
        for line_id in lines:
            if day is not None and line_id in promised:
                last[line_id] = max(day, last.get(line_id, day))
    return last
