"""What customers wrote, by what it is about."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Func, TextField

from apps.core.keyset import Page, latest_first
from apps.core.scoping import Actor
from apps.feedback.models import Answer, Theme
from apps.feedback.models.answers import AnswerQuerySet
from apps.feedback.models.vocabulary import language_name
from apps.feedback.rules.comments import most_named
from apps.feedback.selectors.answers import BANDS, COUNTS

__all__ = ["Named", "Wanted", "comments_of", "language_name", "languages_of", "theme_name", "themes_of"]


def theme_name(code: str) -> str:
    """A theme in words."""
    return str(Theme(code).label) if code in Theme.values else code


@dataclass(frozen=True, slots=True)
class Named:
    """How often a theme stands in comments of who praises (9 or 10), who is content (7, 8), who is unhappy (0 to 6)."""

    code: str
    promoters: int
    passives: int
    detractors: int

    @property
    def label(self) -> str:
        return theme_name(self.code)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which comments: those with these words, of this theme, language and band ("" is any), given since `since`."""

    words: str = ""
    theme: str = ""
    language: str = ""
    band: str = ""
    since: datetime | None = None


def comments_of(
    actor: Actor, wanted: Wanted, *, after: str | None = None, before: str | None = None, size: int = 25
) -> Page[Answer]:
    """The answers with words the actor may see, the latest first, with account, contact and delivery. One query."""
    found = _written(actor, wanted.since).select_related("account", "contact", "shipment")
    for word in wanted.words.split():
        found = found.filter(comment__icontains=word)
    if wanted.theme:
        found = found.filter(themes__has_key=wanted.theme)
    if wanted.language:
        found = found.filter(language=wanted.language)
    if wanted.band:
        found = found.nps().filter(BANDS[wanted.band])
    return latest_first(found, "answered_at", after=after, before=before, size=size)


def themes_of(actor: Actor, *, since: datetime) -> list[Named]:
    """How often each theme was written about since then, by the score it came with. One query."""
    themes = Func(F("themes"), function="jsonb_object_keys", output_field=TextField())
    counted = _written(actor, since).nps().order_by().annotate(theme=themes).values_list("theme").annotate(**COUNTS)
    return [Named(theme, *counts) for theme, counts in most_named({theme: tuple(c) for theme, *c in counted})]


def languages_of(actor: Actor, *, since: datetime) -> list[str]:
    """The languages comments were written in since then, the most frequent first. One query."""
    spoken = _written(actor, since).exclude(language="").order_by().values_list("language").annotate(n=Count("score"))
    return [language for language, _n in spoken.order_by("-n", "language")]


def _written(actor: Actor, since: datetime | None) -> AnswerQuerySet:
    written = Answer.objects.visible_to(actor).exclude(comment="")
    return written if since is None else written.filter(answered_at__gte=since)
