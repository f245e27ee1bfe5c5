"""A rep's portfolio: their accounts as a table and on a map, sorted and filtered by the address; and as a file."""

import csv
from collections.abc import Callable, Sequence
from io import StringIO
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from apps.core.downloads import download
from apps.core.lists import clean, searched, whole
from apps.core.sheets import guarded
from apps.insights.selectors.territory import Kept, rep_seen, reps_to_choose, territory_of
from apps.workspace.desk import at_desk
from apps.workspace.maps import Spot, map_of
from apps.workspace.saved_views import SAVED, menu_of

_LATE, _EARLY = 10**9, -(10**9)
# column -> label, the value to sort by, whether the greatest stands first at the first press
COLUMNS: dict[str, tuple[object, Callable[[Kept], object], bool]] = {
    "name": (gettext_lazy("Account"), lambda row: row.account.name.casefold(), False),
    "class": (pgettext_lazy("of an account", "Class"), lambda row: row.grade, False),
    "revenue": (gettext_lazy("Revenue this year"), lambda row: row.this_year, True),
    "last": (gettext_lazy("Last year by now"), lambda row: row.last_year, True),
    "health": (gettext_lazy("Health"), lambda row: _LATE if row.health is None else row.health, False),
    "contact": (
        gettext_lazy("Last contact"),
        lambda row: row.talked.contact_on.toordinal() if row.talked.contact_on else _EARLY,
        False,
    ),
    "due": (gettext_lazy("Next visit"), lambda row: row.due.first_on.toordinal() if row.due.first_on else _LATE, False),
    "cases": (gettext_lazy("Open cases"), lambda row: row.open_cases, True),
    "money": (gettext_lazy("Money open"), lambda row: row.owed_most, True),
    "rhythm": (gettext_lazy("Days over rhythm"), lambda row: row.days_over, True),
}
USUAL_SORT = "-revenue"
DUES = (("", gettext_lazy("All")), ("overdue", gettext_lazy("Overdue")), ("soon", gettext_lazy("Due within a week")))
TONES = (
    ("", gettext_lazy("All")),
    ("bad", gettext_lazy("Poor")),
    ("warn", gettext_lazy("Fair")),
    ("ok", gettext_lazy("Good")),
    ("unknown", gettext_lazy("Not known yet")),
)
TABS = (
    ("workspace:portfolio", gettext_lazy("Accounts and map")),
    ("workspace:targets", gettext_lazy("Targets")),
    ("workspace:cover", gettext_lazy("Cover plan")),
    ("workspace:visits", gettext_lazy("Day of visits")),
    ("workspace:hand_overs", gettext_lazy("Hand-overs")),
    ("workspace:price_proposals", gettext_lazy("Price proposals")),
)


def portfolio_tabs(current: str, rep_id: int | None = None) -> list[dict]:
    """The pages of a portfolio, each keeping whose it is: see components/_tabs.html."""
    query = f"?{urlencode({'rep': rep_id})}" if rep_id else ""
    return [{"label": label, "url": reverse(n) + query, "current": n == current, "count": None} for n, label in TABS]


def asked_rep(request: HttpRequest):
    """Whose portfolio the address asks for: see `rep_seen`."""
    return rep_seen(request.desk.actor, whole(request.GET.get("rep")))


@require_safe
@at_desk()
def portfolio(request: HttpRequest) -> HttpResponse:
    desk, rep = request.desk, asked_rep(request)
    everything = territory_of(desk.actor, rep, now=desk.now)
    asked = _asked(request)
    rows = _sorted(_filtered(everything, asked), asked["sort"])
    context = {
        "section": "portfolio",
        "tabs": portfolio_tabs("workspace:portfolio", rep.pk if rep and desk.actor.sees_everything else None),
        "rep": rep,
        "reps": reps_to_choose(desk.actor),
        "rows": rows,
        "total": len(everything),
        "columns": _heads(request, asked["sort"]),
        "asked": asked,
        "dues": DUES,
        "tones": TONES,
        "grades": ("", "A", "B", "C"),
        "segments": sorted({row.account.segment for row in everything if row.account.segment}),
        "countries": sorted({row.account.country for row in everything}),
        "home_currency": settings.HOME_CURRENCY,
        "views": menu_of(request, "portfolio"),
        "file_url": f"{reverse('workspace:portfolio_file')}?{request.GET.urlencode()}",
        **_drawn(rows),
    }
    return render(request, "workspace/portfolio/page.html", context)


@require_safe
@at_desk()
def portfolio_file(request: HttpRequest) -> HttpResponse:
    """The same rows as csv."""
    desk, rep = request.desk, asked_rep(request)
    asked = _asked(request)
    rows = _sorted(_filtered(territory_of(desk.actor, rep, now=desk.now), asked), asked["sort"])
    written = StringIO()
    sheet = csv.writer(written)
    heads = [_("Number"), *(label for label, _key, _down in COLUMNS.values()), _("Currency"), _("Town")]
    sheet.writerow([guarded(str(words)) for words in heads])
    sheet.writerows(_cells(row) for row in rows)
    return download(written.getvalue().encode("utf-8-sig"), "csv", f"portfolio-{desk.on}")


def _cells(row: Kept) -> list:
    currency, owed = row.owed[0] if row.owed else (settings.HOME_CURRENCY, "")
    return [
        guarded(row.account.number), guarded(row.account.name), row.grade, round(row.this_year, 2),
        round(row.last_year, 2), "" if row.health is None else row.health, row.talked.contact_on or "",
        row.due.first_on or "", row.open_cases, owed, row.days_over, currency, guarded(row.city),
    ]  # fmt: skip


def _asked(request: HttpRequest) -> dict[str, str]:
    """What of the address makes sense."""
    given = request.GET
    sort = given.get("sort", "")
    return {
        "q": searched(request),
        "class": given.get("class", "") if given.get("class") in ("A", "B", "C") else "",
        "segment": clean(given.get("segment", "")),
        "country": clean(given.get("country", ""))[:2],
        "due": given.get("due", "") if given.get("due") in dict(DUES) else "",
        "health": given.get("health", "") if given.get("health") in dict(TONES) else "",
        "sort": sort if sort.removeprefix("-") in COLUMNS else USUAL_SORT,
    }


def _filtered(rows: Sequence[Kept], asked: dict[str, str]) -> list[Kept]:
    text = asked["q"].casefold()
    return [
        row for row in rows
        if (not text or text in row.account.name.casefold() or row.account.number.casefold().startswith(text))
        and asked["class"] in ("", row.grade)
        and asked["segment"] in ("", row.account.segment)
        and asked["country"] in ("", row.account.country)
        and asked["due"] in ("", row.due.state)
        and asked["health"] in ("", row.tone or "unknown")
    ]  # fmt: skip


def _sorted(rows: list[Kept], sort: str) -> list[Kept]:
    _label, key, _down = COLUMNS[sort.removeprefix("-")]
    return sorted(rows, key=key, reverse=sort.startswith("-"))


def _heads(request: HttpRequest, sort: str) -> list[dict]:
    """Each column with the address that sorts by it, the other way round where it is sorted by it already."""
    heads = []
    for name, (label, _key, down) in COLUMNS.items():
        current = sort.removeprefix("-") == name
        falls = not sort.startswith("-") if current else down
        query = request.GET.copy()
        query.pop(SAVED, None)
        query["sort"] = f"-{name}" if falls else name
        order = ("descending" if sort.startswith("-") else "ascending") if current else ""
        heads.append({"name": name, "label": label, "url": f"?{query.urlencode()}", "order": order})
    return heads


def _drawn(rows: Sequence[Kept]) -> dict:
    """The same rows on the map, and those of which nobody knows where they are."""
    placed = [row for row in rows if row.place]
    spots = [Spot(row.account.pk, row.place.latitude, row.place.longitude, row.city) for row in placed]
    drawn = map_of(spots)
    points = [(row, *drawn.points[row.account.pk]) for row in placed] if drawn else []
    return {
        "map": drawn,
        "points": points,
        "nowhere": [row for row in rows if not row.place],
        "rough": sum(row.place.is_rough for row in placed),
    }
