"""The score told by whom and by what: a table with what it rests on, its answers, and as a file."""

import csv
from datetime import datetime
from io import StringIO

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from apps.core.downloads import download
from apps.core.lists import clean, whole
from apps.core.sheets import guarded
from apps.insights.rules import period
from apps.insights.selectors import ScoreRow, answers_behind, name_of, scoreboard_of
from apps.workspace.desk import Desk, at_desk
from apps.workspace.feedback import DRIVERS

WAYS = {
    "segment": gettext_lazy("Segment"),
    "tree": gettext_lazy("Account with all below it"),
    "rep": pgettext_lazy("person", "Rep"),
    "role": pgettext_lazy("of a contact", "Role"),
    "persona": pgettext_lazy("of a contact", "Persona"),
    "warehouse": gettext_lazy("Warehouse"),
    "carrier": gettext_lazy("Carrier"),
    "supplier": gettext_lazy("Supplier"),
    "category": gettext_lazy("Category"),
}
SHOWN, ANSWERS = 50, 25


@require_safe
@at_desk()
def scores(request: HttpRequest) -> HttpResponse:
    desk, way = request.desk, _way(request)
    board = scoreboard_of(desk.actor, way, now=desk.now, limit=SHOWN)
    context = {
        "section": "feedback",
        "trail": [_feedback(), (_("Scores"), "")],
        "way": way,
        "way_words": WAYS[way],
        "tabs": _tabs(desk, way),
        "rows": [(row, _query(by=way, of=row.key)) for row in board.rows],
        "more": board.total - len(board.rows),
        "left_out": board.left_out,
        "as_of": board.as_of if board.as_of != desk.now else None,
        "of_accounts": way in ("tree", "segment", "rep"),
    }
    return render(request, "workspace/scores/page.html", context)


@require_safe
@at_desk()
def scores_file(request: HttpRequest) -> HttpResponse:
    """All rows as csv; what is typed by people cannot be taken for a formula."""
    desk, way = request.desk, _way(request)
    written = StringIO()
    sheet = csv.writer(written)
    sheet.writerow([
        guarded(str(words)) for words in (
            WAYS[way], _("Answers"), _("Promoters"), _("Passives"), _("Detractors"), _("NPS"), _("Interval from"),
            _("Interval to"), _("Change to the 90 days before"), _("NPS by revenue"), _("Equal voices"), _("Heard"),
            _("Accounts"),
        )
    ])  # fmt: skip
    sheet.writerows(_cells(row) for row in scoreboard_of(desk.actor, way, now=desk.now).rows)
    return download(written.getvalue().encode("utf-8-sig"), "csv", f"nps-{way}-{desk.on}")


@require_safe
@at_desk()
def scores_answers(request: HttpRequest) -> HttpResponse:
    """The answers behind a row."""
    desk, way, key = request.desk, _way(request), clean(request.GET.get("of", ""))
    before = instant_place(request.GET.get("before", "")) or (desk.now, 0)
    found = answers_behind(desk.actor, way, key, since=period("now", desk.now).since, before=before, limit=ANSWERS + 1)
    shown = found[:ANSWERS]
    name = name_of(way, key) or _("Not known")
    context = {
        "section": "feedback",
        "trail": [_feedback(), (_("Scores"), f"{reverse('workspace:scores')}{_query(by=way)}"), (name, "")],
        "name": name,
        "answers": [(answer, [DRIVERS[code] for code in answer.drivers if code in DRIVERS]) for answer in shown],
        "next_url": _query(by=way, of=key, before=_place_of(shown[-1])) if len(found) > ANSWERS else "",
    }
    return render(request, "workspace/scores/answers.html", context)


def _feedback() -> tuple[str, str]:
    return _("Feedback"), reverse("workspace:feedback")


def _way(request: HttpRequest) -> str:
    """What the score is told by: by segment where nothing else is asked for."""
    way = request.GET.get("by", "")
    return way if way in WAYS else "segment"


def _tabs(desk: Desk, current: str) -> list[dict]:
    return [
        {"label": words, "url": _query(by=way), "current": way == current, "count": None}
        for way, words in WAYS.items()
        if way != "rep" or desk.may("insight.read")
    ]


def _query(**asked: str) -> str:
    query = QueryDict(mutable=True)
    query.update(asked)
    return f"?{query.urlencode()}"


def _cells(row: ScoreRow) -> list[str | int]:
    nps = row.nps
    figures = (nps.score, nps.low, nps.high, row.change, row.weighted)
    return [
        guarded(row.name) or _("Not known"), nps.n, nps.promoters, nps.passives, nps.detractors,
        *("" if figure is None else f"{figure:.1f}" for figure in figures),
        f"{row.n_eff:.1f}" if row.weighted is not None else "", "" if row.heard is None else f"{row.heard:.3f}",
        row.accounts,
    ]  # fmt: skip


def _place_of(answer) -> str:
    return f"{answer.answered_at.isoformat()}_{answer.pk}"


def instant_place(text: str) -> tuple[datetime, int] | None:
    """The instant and id of an answer as `_place_of` writes them; None for anything else."""
    instant, _line, pk = text.partition("_")
    try:
        at = datetime.fromisoformat(instant)
    except ValueError:
        return None
    return (at, whole(pk) or 0) if at.tzinfo else None
