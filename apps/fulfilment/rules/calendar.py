"""A delivery as an entry of a calendar (iCalendar, RFC 5545).

1. With hours it is an event from the first to the last of them, as instants; without, an event of the whole day.
2. It is known by its own number, so that a later file moves the entry instead of making a second.
3. Text is escaped, and lines are folded at 75 octets, never inside a character.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Visit:
    """Goods come to a place on a day, between two local hours where they are known."""

    uid: str
    on: date
    title: str
    place: str
    note: str
    url: str
    hours: tuple[time, time] | None
    time_zone: str


def calendar_file(visit: Visit, *, now: datetime) -> str:
    """The file, with the line ends that calendars want."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Tradewell//Deliveries//EN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{_escaped(visit.uid)}",
        f"DTSTAMP:{_instant(now)}",
        f"SEQUENCE:{max(int(now.timestamp()) // 60 - 28_000_000, 0)}",
        *_when(visit),
        f"SUMMARY:{_escaped(visit.title)}",
        f"LOCATION:{_escaped(visit.place)}",
        f"DESCRIPTION:{_escaped(visit.note)}",
        f"URL:{visit.url}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _when(visit: Visit) -> tuple[str, str]:
    if visit.hours is None:
        return f"DTSTART;VALUE=DATE:{visit.on:%Y%m%d}", f"DTEND;VALUE=DATE:{visit.on + timedelta(days=1):%Y%m%d}"
    zone = ZoneInfo(visit.time_zone)
    start, end = (datetime.combine(visit.on, hour, tzinfo=zone) for hour in visit.hours)
    return f"DTSTART:{_instant(start)}", f"DTEND:{_instant(end)}"


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(plain.splitlines())


def _folded(line: str) -> Iterator[str]:
    part = ""
    for character in line:
        if len((part + character).encode()) > 75:
            yield part
            part = " "
        part += character
    yield part
