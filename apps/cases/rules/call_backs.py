"""When a rep can be reached, and which hours a call-back may be asked for.

1. A rep works on weekdays from opening to closing in their own time zone, not on days the house is closed, and not
   while they are away.
2. A call-back falls into an hour of their day that begins half an hour from now at the earliest, today or on the next
   day they work.
3. It is missed where nobody noted a call by the end of its hours; then somebody else is to make it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from apps.cases.rules.deadlines import WorkingTime

HOURS = timedelta(hours=2)  # the length of a window
AHEAD = timedelta(minutes=30)
DAYS = 2  # windows are offered on so many working days
_LOOK_AHEAD = 14  # days
THERE, LATER, AWAY = "there", "later", "away"


@dataclass(frozen=True, slots=True)
class Presence:
    """`state` is "there" (`at`: until when), "later" (`at`: from when) or "away" (`back_on`: the first day back, None
    where nobody knows)."""

    state: str
    at: datetime | None = None
    back_on: date | None = None


def presence(now: datetime, working: WorkingTime, *, away_from: date | None, away_until: date | None) -> Presence:
    """How it stands with a rep at `now`."""
    today = working.local(now).date()
    if away_from is not None and away_from <= today and (away_until is None or today <= away_until):
        back = working.next_day(away_until + timedelta(days=1)) if away_until else None
        return Presence(AWAY, back_on=back)
    opens = working.start(now)
    if opens <= now:
        return Presence(THERE, working.at(today, working.closes))
    return Presence(LATER, opens)


@dataclass(frozen=True, slots=True)
class Window:
    """From when until when a call is to be made; instants in UTC."""

    from_at: datetime
    until_at: datetime

    @property
    def key(self) -> str:
        """How a form says it."""
        return self.from_at.strftime("%Y%m%dT%H%M")


def windows(now: datetime, working: WorkingTime, is_away: Callable[[date], bool]) -> list[Window]:
    """The hours that may be chosen at `now`, the first ahead; none where they are away for long."""
    found: list[Window] = []
    days, first = 0, working.local(now).date()
    for ahead in range(_LOOK_AHEAD):
        day = first + timedelta(days=ahead)
        if is_away(day) or not working.works_on(day):
            continue
        of_day = list(_of_day(day, now, working))
        found += of_day
        days += bool(of_day)
        if days == DAYS:
            break
    return found


def _of_day(day: date, now: datetime, working: WorkingTime):
    begins, closes = working.at(day, working.opens), working.at(day, working.closes)
    while begins < closes:
        ends = min(begins + HOURS, closes)
        if begins >= now + AHEAD and ends - begins >= AHEAD:
            yield Window(begins, ends)
        begins = ends
