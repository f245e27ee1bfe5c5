"""Rows that another system of the house sends by the hundred thousand: read strictly, judged, kept account of.

A feed's row is a mapping of texts (from a file) or of JSON values (from a call). What cannot be read is counted with a
sample of what is wrong; the others are applied. A row's version is a whole number that rises, or an instant, which
counts in milliseconds.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core import events
from apps.core.models import Feed
from apps.core.scoping import Actor

SAMPLES, MOST, LATEST_VERSION = 20, 9_999_999, 2**62
_PRICE = re.compile(r"\d{1,9}(\.\d{1,4})?")


class Unreadable(Exception):
    """This row cannot be read; the text says why."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of a feed as a whole: where it comes from, whether it names all there is, and of which version."""

    source: str
    full: bool = False
    version: int = 0


@dataclass
class FeedReport:
    """How many rows were read, and of these applied, unchanged, ignored as older, said again, unknown or unreadable.

    `samples` holds a few of the codes that were not known, and of the rows that could not be read, by verdict.
    `emptied` counts what a full feed did not name.
    """

    read: int = 0
    applied: int = 0
    unchanged: int = 0
    older: int = 0
    repeated: int = 0
    unknown_sku: int = 0
    unknown_place: int = 0
    unreadable: int = 0
    emptied: int = 0
    samples: dict[str, list[str]] = field(default_factory=dict)

    def count(self, read: int, verdicts: Mapping[str, int]) -> None:
        """Add a lot of `read` rows, judged so; rows for one place beyond the first are repetitions."""
        self.read += read
        self.repeated += read - sum(verdicts.values())
        for verdict, number in verdicts.items():
            setattr(self, verdict, getattr(self, verdict) + number)

    def room(self, verdict: str) -> int:
        return SAMPLES - len(self.samples.get(verdict, ()))

    def sample(self, verdict: str, codes: Iterable[str]) -> None:
        """Keep some of these, each once."""
        if codes := list(codes):
            kept = dict.fromkeys([*self.samples.get(verdict, ()), *codes])
            self.samples[verdict] = list(kept)[:SAMPLES]

    def as_facts(self) -> dict:
        """JSON-ready."""
        return asdict(self)


def readable(rows: Iterable[Mapping], reader: Callable[[Mapping], tuple], report: FeedReport) -> Iterator[tuple]:
    """The rows that can be read; the others are counted in `report`."""
    for number, said in enumerate(rows, 1):
        try:
            yield reader(said)
        except Unreadable as wrong:
            report.read += 1
            report.unreadable += 1
            if report.room("unreadable"):
                report.sample("unreadable", [_("row %(row)s: %(why)s") % {"row": number, "why": wrong}])


@transaction.atomic
def keep_account(kind: str, report: FeedReport, told: Told, *, now: datetime, actor: Actor) -> None:
    """What became of a feed, for operations; an event where it changed something."""
    facts = report.as_facts()
    kept = Feed.objects.create(
        kind=kind, source=told.source[:200], is_full=told.full, report=facts, received_at=now, received_from=actor.name
    )
    if report.applied or report.emptied:
        counts = {name: count for name, count in facts.items() if name != "samples"}
        events.record(f"{kind}.fed", f"feed:{kept.pk}", at=now, actor=actor, source=told.source[:200], **counts)


def code_in(said: Mapping, field: str, longest: int) -> str:
    code = said.get(field)
    if not isinstance(code, str) or not 1 <= len(code) <= longest or not code.isprintable():
        raise Unreadable(_("%(field)s is no code of 1 to %(n)s characters") % {"field": field, "n": longest})
    return code


def whole_in(said: Mapping, field: str, least: int, default: int | None = None) -> int:
    value = said.get(field)
    if default is not None and value in (None, ""):
        return default
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not (text.isascii() and text.isdigit() and len(text) < 12) or not least <= int(text) <= MOST:
        raise Unreadable(_("%(field)s is no whole number from %(n)s on") % {"field": field, "n": least})
    return int(text)


def price_in(said: Mapping, field: str) -> Decimal:
    value = said.get(field)
    if not isinstance(value, str) or not _PRICE.fullmatch(value):
        raise Unreadable(_("%(field)s is no price as text with at most four decimals") % {"field": field})
    return Decimal(value)


def date_in(said: Mapping, field: str) -> date | None:
    if said.get(field) in (None, ""):
        return None
    try:
        return date.fromisoformat(str(said[field]))
    except ValueError:
        raise Unreadable(_("%(field)s is no date such as 2026-03-04") % {"field": field}) from None


def version_in(said: Mapping) -> int | None:
    value = said.get("version")
    if value in (None, ""):
        return None
    text = str(value)
    if text.isascii() and text.isdigit() and len(text) < 20 and 0 < int(text) < LATEST_VERSION:
        return int(text)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Unreadable(_("version is neither a whole number nor an instant")) from None
    return round((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1000)
