"""The story of an account or of one thing, as components/_timeline.html shows it."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import datetime

from apps.insights.selectors import Entry, entry_of
from apps.workspace.links import PAGES, link_of


@dataclass(frozen=True, slots=True)
class Line:
    """See components/_timeline.html."""

    at: datetime
    icon: str
    text: str
    note: str
    tone: str
    who: str
    link: str


def lines_of(entries: Iterable[Entry], *, here: Container[str] = ()) -> list[Line]:
    """Lines with links; none to the account itself, nor to what the page one is on tells of (`here`, noun:number)."""
    return [
        Line(entry.at, entry.icon, entry.text, entry.note, entry.tone, entry.who, _link(entry.subject, here))
        for entry in entries
    ]


def lines_of_events(events: Iterable, *, here: Container[str]) -> list[Line]:
    """The same from what was recorded, the latest first."""
    told = [entry for event in events if (entry := entry_of(event))]
    return lines_of(sorted(told, key=lambda entry: entry.at, reverse=True), here=here)


def _link(subject: str, here: Container[str]) -> str:
    return link_of(subject) if subject not in here and subject.partition(":")[0] in PAGES else ""
