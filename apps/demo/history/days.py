"""Working days and instants as whole numbers: what a million deliveries are reckoned with.

A day is its ordinal (1 January of year 1 is 1). An instant is minutes: its ordinal times 1,440, plus minutes in UTC.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

import numpy as np

from apps.demo.delivery import holidays

DAY = 1440
# Hours ahead of UTC, near enough for when somebody works.
AHEAD = {"GB": 0, "IE": 0, "DE": 1, "TH": 7, "KR": 9, "VN": 7, "AE": 4}
_YEAR_ONE = datetime(1, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=8192)
def iso(day: int) -> str:
    return date.fromordinal(day).isoformat()


_CLOCK = [f" {minute // 60:02d}:{minute % 60:02d}+00" for minute in range(DAY)]


def stamp(instant: int) -> str:
    """An instant as PostgreSQL reads it."""
    day, minute = divmod(instant, DAY)
    return iso(day) + _CLOCK[minute]


def moment(instant: int) -> datetime:
    return _YEAR_ONE + timedelta(days=instant // DAY - 1, minutes=instant % DAY)


def instant_of(at: datetime) -> int:
    return at.date().toordinal() * DAY + at.hour * 60 + at.minute


def local(day: int, hour: int, minute: int, country: str) -> int:
    """An hour of the clock in a country, as an instant."""
    return day * DAY + (hour - AHEAD[country]) * 60 + minute


class WorkingDays:
    """The working days of each country, Monday to Friday less holidays."""

    def __init__(self, first: int, last: int):
        self.first = first
        years = range(date.fromordinal(first).year, date.fromordinal(last).year + 1)
        off: dict[str, set[int]] = {country: set() for country in AHEAD}
        for country, on, _ in (row for year in years for row in holidays(year)):
            off[country].add(on.toordinal())
        self._days: dict[str, list[int]] = {}
        self._index: dict[str, list[int]] = {}
        span = range(first, last + 1)
        for country, free in off.items():
            days = [day for day in span if day % 7 in (1, 2, 3, 4, 5) and day not in free]
            self._days[country] = days
            self._index[country] = np.searchsorted(days, np.arange(first, last + 1)).tolist()

    def on(self, country: str, day: int, plus: int = 0) -> int:
        """The first working day on or after `day`, or the `plus`-th after that."""
        return self._days[country][self._index[country][day - self.first] + plus]
