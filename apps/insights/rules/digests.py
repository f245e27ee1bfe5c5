"""When somebody is told how things stand, and of which days.

1. All by the reader's own clock and calendar, from the hour they chose on. Daily: each Monday to Friday, of the day
   before, on Monday of the three days before. Weekly: on Monday, of the week before. Monthly: on the first, of the
   month before.
2. A day later it may still go out, should nothing have run in time; then it is left out: old news.
3. A digest is known by its kind and the day its days end with, so that each goes out once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

KINDS = ("daily", "weekly", "monthly")
_MONDAY, _FRIDAY = 1, 5


@dataclass(frozen=True, slots=True)
class Due:
    """A digest that is due: its kind, the first and the last of its days, and the instants they begin and end at."""

    kind: str
    first_on: date
    last_on: date
    since: datetime
    until: datetime


def due(kinds: Iterable[str], *, zone: str, hour: int, now: datetime) -> list[Due]:
    """What is due at `now` for a reader in `zone` who wants these kinds from that hour on."""
    there = ZoneInfo(zone)
    local = now.astimezone(there)
    found = []
    for kind in kinds:
        for back in (0, 1):
            day = local.date() - timedelta(days=back)
            days = _days(kind, day)
            if days and local >= datetime.combine(day, time(hour), there):
                first, last = days
                since, until = (datetime.combine(at, time(), there) for at in (first, last + timedelta(days=1)))
                found.append(Due(kind, first, last, since, until))
                break
    return found


def _days(kind: str, day: date) -> tuple[date, date] | None:
    """The days that a digest of this day tells of; None where none goes out on it."""
    before, weekday = day - timedelta(days=1), day.isoweekday()
    if kind == "daily" and weekday <= _FRIDAY:
        return day - timedelta(days=3 if weekday == _MONDAY else 1), before
    if kind == "weekly" and weekday == _MONDAY:
        return day - timedelta(days=7), before
    if kind == "monthly" and day.day == 1:
        return before.replace(day=1), before
    return None
