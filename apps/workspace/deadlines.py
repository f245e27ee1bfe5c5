"""How much time is left for the next step of a case, in words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from babel.dates import format_timedelta
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from apps.core.formatting import locale_of

SOON = timedelta(hours=8)
STEPS = (
    ("acknowledged_at", "acknowledge_by", gettext_lazy("Acknowledge")),
    ("answered_at", "answer_by", gettext_lazy("Answer")),
    ("resolved_at", "resolve_by", gettext_lazy("Resolve")),
)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A step of a case: by when, when it was taken (None: not yet), what that means in words, and its tone."""

    step: str
    by: datetime
    done_at: datetime | None
    words: str
    tone: str


def deadlines_of(case, now: datetime) -> list[Deadline]:
    """The three steps of a case, in their order."""
    return [_deadline(step, getattr(case, by), getattr(case, done), now) for done, by, step in STEPS]


def next_of(case, now: datetime) -> Deadline | None:
    """The step that is owed next; None once the case is resolved."""
    return next((each for each in deadlines_of(case, now) if each.done_at is None), None) if case.is_open else None


def _deadline(step: str, by: datetime, done_at: datetime | None, now: datetime) -> Deadline:
    if done_at is not None:
        late = done_at > by
        words = _("%(span)s late") % {"span": length(done_at - by)} if late else _("in time")
        return Deadline(step, by, done_at, words, "warn" if late else "ok")
    if now > by:
        return Deadline(step, by, None, _("overdue by %(span)s") % {"span": length(now - by)}, "bad")
    words = _("%(span)s left") % {"span": length(by - now)}
    return Deadline(step, by, None, words, "warn" if by - now < SOON else "info")


def length(span: timedelta) -> str:
    """ "3 hours", "2 days": a span in its largest sensible unit."""
    return format_timedelta(abs(span), locale=locale_of(get_language()))
