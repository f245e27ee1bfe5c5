"""What customers wrote: searched by words, theme, language and score, each beside what told its theme."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from apps.core.lists import clean, page_urls, paging
from apps.feedback.rules.comments import LANGUAGES, THEMES, marked
from apps.feedback.selectors import Wanted, comments_of, language_name, languages_of, theme_name, themes_of
from apps.workspace.desk import at_desk
from apps.workspace.feedback import TABS

PERIODS = (
    (90, gettext_lazy("Last 90 days")),
    (365, gettext_lazy("Last year")),
    (0, gettext_lazy("All the time")),
)


@require_safe
@at_desk()
def comments(request: HttpRequest) -> HttpResponse:
    desk, asked = request.desk, request.GET
    days = next((days for days, _label in PERIODS if str(days) == asked.get("days")), 365)
    since = desk.now - timedelta(days=days) if days else None
    wanted = Wanted(
        words=clean(asked.get("words", "")),
        theme=_one_of(asked.get("theme"), THEMES),
        language=_one_of(asked.get("language"), LANGUAGES),
        band=_one_of(asked.get("band"), [band for band, _label in TABS]),
        since=since,
    )
    page = comments_of(desk.actor, wanted, **paging(request))
    context = {
        "section": "feedback",
        "wanted": wanted,
        "days": days,
        "page": page,
        "rows": [(answer, _pieces(answer, wanted), _named(answer)) for answer in page],
        "themes": [(named, _with(asked, theme=named.code)) for named in themes_of(desk.actor, since=since)],
        "any_theme": _with(asked, theme=""),
        "bands": TABS,
        "periods": PERIODS,
        "languages": [(code, language_name(code)) for code in languages_of(desk.actor, since=since)],
        **page_urls(request, page),
    }
    return render(request, "workspace/feedback/comments.html", context)


def _one_of(text: str | None, allowed) -> str:
    return text if text in allowed else ""


def _pieces(answer, wanted: Wanted) -> list[tuple[str, bool]]:
    """The comment, with the words marked that were looked for or that tell its themes."""
    return marked(answer.comment, [*wanted.words.split(), *answer.themes.values()])


def _named(answer) -> list[tuple[str, str]]:
    return [(theme_name(theme), word) for theme, word in answer.themes.items()]


def _with(asked: QueryDict, **changed: str) -> str:
    """The same question with another value; it begins at the first page again."""
    other = asked.copy()
    for name in (*changed, "after", "before"):
        other.pop(name, None)
    other.update({name: value for name, value in changed.items() if value})
    return f"?{other.urlencode()}"
