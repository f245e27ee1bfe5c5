"""When goods arrive.

The journey of goods that are ready on a day:

1. They leave at the earliest on the day they are ready, and not before today, by the clock of the warehouse.
2. They leave today only before the cut-off; at the cut-off or later it is tomorrow, also in the hour that the clock of
   the warehouse shows twice.
3. They are dispatched on the first day from there on which the warehouse works: one of its weekdays, no holiday of its
   country, no closure of its own.
4. The transit takes so many working days of the carrier: neither the days it does not run, nor the holidays of where it
   goes, nor its own closures count. No transit days: they are there on the day of dispatch.
5. They are received on the first day from there, and not before today by the clock of the receiver, on which the
   carrier runs and the receiver receives: one of their days, no holiday of their country or zone, none of their closed
   days. Where the two share no weekday it does not go that way.
6. A timed slot is the first from there that the way offers and that is not full (`slots.free_slots`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from apps.availability.rules import Lot

_DAY = timedelta(days=1)
_MONDAY_TO_FRIDAY = "12345"
# Weekends other than Saturday and Sunday (Unicode CLDR 47, supplemental week data).
_WORKING_DAYS = {
    **dict.fromkeys(("BH", "DZ", "EG", "IL", "IQ", "JO", "KW", "LY", "OM", "QA", "SA", "SD", "SY", "YE"), "71234"),
    **dict.fromkeys(("IN", "UG"), "123456"),
    "AF": "67123",
    "IR": "671234",
}


def working_days(country: str) -> str:
    """ISO weekdays on which a country (ISO 3166-1 code) works."""
    return _WORKING_DAYS.get(country, _MONDAY_TO_FRIDAY)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days on which somebody works: ISO weekdays ("12345") less holidays. Without weekdays, Monday to Friday."""

    weekdays: str
    holidays: frozenset[date] = frozenset()

    def is_open(self, day: date) -> bool:
        return str(day.isoweekday()) in (self.weekdays or _MONDAY_TO_FRIDAY) and day not in self.holidays

    def without(self, days: Iterable[date]) -> "Calendar":
        """The same with further days closed."""
        return Calendar(self.weekdays, self.holidays.union(days))

    def next_open(self, day: date) -> date:
        """`day`, or the first open day after it."""
        while not self.is_open(day):
            day += _DAY
        return day

    def meets(self, other: "Calendar") -> bool:
        """Whether there is a weekday on which both work."""
        return bool(set(self.weekdays or _MONDAY_TO_FRIDAY) & set(other.weekdays or _MONDAY_TO_FRIDAY))


def first_shared(day: date, one: Calendar, other: Calendar) -> date | None:
    """`day`, or the first day after it on which both work; None where they share no weekday."""
    if not one.meets(other):
        return None
    while not (one.is_open(day) and other.is_open(day)):
        day += _DAY
    return day


def has_struck(clock: time, now: datetime) -> bool:
    """Whether the wall clock of the place has shown this time today, `now` being local there.

    When summer time ends the clock goes back: what it has shown once has been.
    """
    if now.time() >= clock:
        return True
    return bool(now.fold) and datetime.combine(now.date(), clock, now.tzinfo).timestamp() <= now.timestamp()


@dataclass(frozen=True, slots=True)
class Journey:
    """When it leaves and when it is received."""

    dispatch_on: date
    arrives_on: date


def arrival(
    ready_on: date,
    now: datetime,
    *,
    today_there: date,
    cut_off: time,
    warehouse: Calendar,
    transit_days: int,
    carrier: Calendar,
    receiver: Calendar,
) -> Journey | None:
    """The journey of goods that are ready on `ready_on`; None where the carrier runs on no day of the receiver's.

    `now` is the local time of the warehouse, `today_there` the local date of the receiver.
    """
    today = now.date()
    earliest = max(ready_on, today + _DAY if has_struck(cut_off, now) else today)
    dispatch_on = day = warehouse.next_open(earliest)
    for _ in range(transit_days):
        day = carrier.next_open(day + _DAY)
    arrives_on = first_shared(max(day, today_there), carrier, receiver)
    return arrives_on and Journey(dispatch_on, arrives_on)


def latest(journeys: list[Journey]) -> Journey | None:
    """The journey of a delivery in parts: it has left when the last part has, and arrived when the last part has."""
    if not journeys:
        return None
    return Journey(max(j.dispatch_on for j in journeys), max(j.arrives_on for j in journeys))


class Step(NamedTuple):
    """So many pieces of one source arriving on one day, `total` of all sources by then. `ready_on` is when they leave;
    `arrives_on` is None where nothing goes there."""

    quantity: int
    total: int
    source: str
    ready_on: date
    arrives_on: date | None


def steps_of(lots: Iterable[tuple[Lot, date | None]]) -> list[Step]:
    """Lots with the day each arrives, as steps: the first to arrive first, one for each day and source."""
    found: dict[tuple[date | None, date, str], int] = {}
    for lot, arrives_on in lots:
        key = arrives_on, lot.ready_on, lot.source
        found[key] = found.get(key, 0) + lot.quantity
    steps, total = [], 0
    for key in sorted(found, key=lambda key: (key[0] or date.max, *key[1:])):
        arrives_on, ready_on, source = key
        total += found[key]
        steps.append(Step(found[key], total, source, ready_on, arrives_on))
    return steps
