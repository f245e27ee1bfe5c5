"""The periods that pages tell of: whole days of UTC, the last of them today or as long ago as the first lasts.

What was said in one is kept as sums (`services.counting`); from day to day only the days at its ends are turned over.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

#: Each window: how many days ago its first and its last day are.
WINDOWS = {"now": (89, 0), "before": (179, 90), "year": (364, 0)}
_DAY = timedelta(days=1)


class Period(NamedTuple):
    """From an instant to before another."""

    since: datetime
    until: datetime


class Turn(NamedTuple):
    """Days that come into a window (`sign` 1) or leave it (-1), both ends with it."""

    name: str
    sign: int
    first: date
    last: date


def period(name: str, now: datetime) -> Period:
    """One of `WINDOWS` as of now."""
    first, last = _days(name, now.astimezone(UTC).date())
    return Period(midnight(first), midnight(last + _DAY))


def year_of_months(now: datetime) -> Period:
    """This month, which is not over, and the twelve before it."""
    today = now.astimezone(UTC).date()
    first = date(today.year, today.month, 1)
    return Period(midnight(first.replace(year=first.year - 1)), midnight((first + 31 * _DAY).replace(day=1)))


def named(since: datetime, until: datetime) -> list[tuple[str, date]]:
    """The windows that a period is, each with the day on which it is that."""
    first, after = since.astimezone(UTC), until.astimezone(UTC)
    days = [(name, first.date() + begins * _DAY) for name, (begins, _ends) in WINDOWS.items()]
    return [(name, day) for name, day in days if period(name, midnight(day)) == (first, after)]


def inside(day: date) -> list[Turn]:
    """The windows of a day: what was said on one of their days comes into them."""
    return [Turn(name, 1, *_days(name, day)) for name in WINDOWS]


def turned(before: date, after: date) -> Iterator[Turn]:
    """What windows of a day give and take until they are those of a later day."""
    for name in WINDOWS:
        first, last = _days(name, before)
        begins, ends = _days(name, after)
        yield Turn(name, -1, first, min(begins - _DAY, last))
        yield Turn(name, 1, max(last + _DAY, begins), ends)


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _days(name: str, today: date) -> tuple[date, date]:
    first, last = WINDOWS[name]
    return today - first * _DAY, today - last * _DAY
