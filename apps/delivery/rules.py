"""When goods arrive, and what that costs."""

from dataclasses import dataclass
from datetime import date, datetime, time


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days on which somebody works: ISO weekdays ("12345") less holidays."""

    weekdays: str
    holidays: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Journey:
    """When it leaves and when it is received."""

    dispatch_on: date
    arrives_on: date


def arrival(
    ready_on: date,
    now: datetime,
    *,
    cut_off: time,
    warehouse: Calendar,
    transit_days: int,
    carrier: Calendar,
    receiver: Calendar,
) -> Journey:
    """The journey of goods that are ready on `ready_on`; `now` is the local time of the warehouse."""
