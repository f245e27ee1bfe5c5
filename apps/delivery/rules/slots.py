"""Which timed slots can still be had.

1. A slot is on a day on which both the carrier runs and the receiver receives, from the day on which the goods can be
   there.
2. It lies within the receiving hours, and begins later than now by the clock of the receiver; not in an hour which
   that clock skips when summer time begins.
3. It is not full: fewer orders are booked than it serves that day.
4. A priority slot is only for who has the right to one.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from apps.delivery.rules.dates import Calendar, has_struck

AHEAD = timedelta(days=21)


class Window(NamedTuple):
    """A time of day on some weekdays; `left` is what is left on a day where that is not the capacity."""

    id: int
    weekdays: str
    starts_at: time
    ends_at: time
    capacity: int
    left: Mapping[date, int]
    is_priority: bool = False


class SlotOffer(NamedTuple):
    """A slot that can be had: the window, the day, by the clock of the receiver."""

    window_id: int
    day_on: date
    starts_at: time
    ends_at: time
    left: int
    is_priority: bool = False

    @property
    def code(self) -> str:
        """By which a form or a request names it; `slot_named` reads it."""
        return f"{self.window_id}@{self.day_on.isoformat()}"


def slot_named(code: str) -> tuple[int, date] | None:
    """The window and day a code names; None where it is no code."""
    window, _at, day = code.partition("@")
    if not (window.isascii() and window.isdigit() and len(window) < 19):
        return None
    try:
        return int(window), date.fromisoformat(day)
    except ValueError:
        return None


def free_slots(
    windows: Sequence[Window],
    *,
    from_on: date,
    now_there: datetime,
    carrier: Calendar,
    receiver: Calendar,
    hours: tuple[time, time] | None,
    most: int = 12,
) -> tuple[SlotOffer, ...]:
    """The first `most` slots from `from_on`, at most three weeks ahead, in order of time."""
    found: list[SlotOffer] = []
    ordered = sorted(windows, key=lambda window: (window.starts_at, window.ends_at, window.id))
    day = max(from_on, now_there.date())
    last = day + AHEAD
    while day <= last and len(found) < most:
        if carrier.is_open(day) and receiver.is_open(day):
            found += [
                SlotOffer(window.id, day, window.starts_at, window.ends_at, left, window.is_priority)
                for window in ordered
                if str(day.isoweekday()) in window.weekdays
                and (hours is None or (hours[0] <= window.starts_at and window.ends_at <= hours[1]))
                and (day > now_there.date() or not has_struck(window.starts_at, now_there))
                and all(_is_shown(day, clock, now_there.tzinfo) for clock in (window.starts_at, window.ends_at))
                and (left := window.left.get(day, window.capacity)) > 0
            ]
        day += timedelta(days=1)
    return tuple(found[:most])


def _is_shown(day: date, clock: time, zone: tzinfo | None) -> bool:
    """Whether the wall clock shows this time on that day."""
    if zone is None:
        return True
    at = datetime.combine(day, clock, zone)
    return at.astimezone(UTC).astimezone(zone).time() == clock
