"""When a case must be answered, and when it may be closed.

1. An account works on its own weekdays, in its own time zone, from opening to closing, except on days its country is
   closed. What it was promised (`Level`) says the hours and the times; the usual level where nothing was agreed.
2. Acknowledge within so many of those hours. A case opened outside them starts counting at the next opening.
3. Answer within so many hours of working days, the nights between them included: 48 are two working days later at the
   same local time. An end outside the hours moves to the next opening. Resolve within working days, counted likewise.
4. A case is resolved by an answer to the customer and a named cause, never by a click alone.
5. At half, four fifths and all of the time for the next step, somebody is told: owner, deputy, manager.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from apps.core.dates import zone_of

ESCALATE_AT = (50, 80, 100)  # per cent of the time
_DAY = timedelta(days=1)
_WEEKDAYS = frozenset("1234567")


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """The hours somebody works: IANA zone, ISO weekdays ("12345"), local opening and closing time, closed days."""

    zone: str = "UTC"
    weekdays: str = "12345"
    opens: time = time(9)
    closes: time = time(17)
    closed: frozenset[date] = frozenset()

    def works_on(self, day: date) -> bool:
        """Whether `day` is a working day; where no weekday is named, every one is."""
        if day in self.closed:
            return False
        return str(day.isoweekday()) in self.weekdays or not _WEEKDAYS.intersection(self.weekdays)

    def next_day(self, day: date, count: int = 0) -> date:
        """The first working day on or after `day`, then `count` working days on.

        There is one: after the last of the closed days the weekdays count again.
        """
        while not self.works_on(day):
            day += _DAY
        for _ in range(count):
            day += _DAY
            while not self.works_on(day):
                day += _DAY
        return day

    def at(self, day: date, clock: time) -> datetime:
        """The instant (UTC) of a local clock time; one that a change of the clock skips is moved to after it."""
        return datetime.combine(day, clock, zone_of(self.zone)).astimezone(UTC)

    def local(self, instant: datetime) -> datetime:
        return instant.astimezone(zone_of(self.zone))

    def start(self, instant: datetime) -> datetime:
        """`instant` where it falls into working time, else the next opening (UTC)."""
        here = self.local(instant)
        day = self.next_day(here.date())
        if day == here.date() and here.time() < self.closes:
            return max(instant.astimezone(UTC), self.at(day, self.opens))
        return self.at(day if day > here.date() else self.next_day(day + _DAY), self.opens)


def after_hours(instant: datetime, hours: int, working: WorkingTime) -> datetime:
    """`hours` of working time after `instant`, in UTC. The clocks' changes are counted as the hours they really are."""
    moment, left = working.start(instant), timedelta(hours=hours)
    while True:
        closing = working.at(working.local(moment).date(), working.closes)
        if moment + left <= closing:
            return moment + left
        left -= closing - moment
        moment = working.start(closing)


def after_days(instant: datetime, days: int, working: WorkingTime) -> datetime:
    """The same local time `days` working days after `instant` (or after the opening that follows it), in UTC."""
    begun = working.local(working.start(instant))
    return working.at(working.next_day(begun.date(), days), begun.time())


def after_day_hours(instant: datetime, hours: int, working: WorkingTime) -> datetime:
    """`hours` of working days, their nights included, after `instant` (or after the opening that follows it), in UTC.

    An end outside opening hours moves to the next opening.
    """
    begun = working.local(working.start(instant))
    days, rest = divmod(hours, 24)
    end = datetime.combine(working.next_day(begun.date(), days), begun.time()) + timedelta(hours=rest)
    return working.start(working.at(working.next_day(end.date()), end.time()))


@dataclass(frozen=True, slots=True)
class Level:
    """What an account was promised about its cases: hours to acknowledge (while open) and to answer (of working days),
    working days to resolve, and from when to when it is open."""

    acknowledge_hours: int = 4
    answer_hours: int = 48
    resolve_days: int = 10
    opens: time = time(9)
    closes: time = time(17)


USUAL = Level()


@dataclass(frozen=True, slots=True)
class Deadlines:
    acknowledge_by: datetime
    answer_by: datetime
    resolve_by: datetime


def deadlines(opened_at: datetime, working: WorkingTime, level: Level = USUAL) -> Deadlines:
    """By when a case opened at `opened_at` is acknowledged, answered and resolved; instants in UTC."""
    return Deadlines(
        acknowledge_by=after_hours(opened_at, level.acknowledge_hours, working),
        answer_by=after_day_hours(opened_at, level.answer_hours, working),
        resolve_by=after_days(opened_at, level.resolve_days, working),
    )


def escalation_due(opened_at: datetime, due_at: datetime, now: datetime) -> int:
    """The highest of `ESCALATE_AT` (per cent of the time to `due_at`) that has passed; 0 while none has."""
    whole = (due_at - opened_at).total_seconds()
    gone = (now - opened_at).total_seconds() * 100
    return max((step for step in ESCALATE_AT if gone >= step * whole), default=0)
