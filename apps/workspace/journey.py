"""The journey of customers: each touchpoint against its targets, and down to the orders and cases behind a figure."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from io import StringIO

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from apps.accounts.selectors import account_for
from apps.cases.selectors import improvements_under_way
from apps.core.downloads import download
from apps.core.lists import clean, whole
from apps.core.sheets import guarded
from apps.insights.rules.journey import MEASURES, first_of
from apps.insights.selectors import (
    Behind,
    Journey,
    Told,
    accounts_behind,
    behind,
    journey_of,
    name_of_measure,
    owners,
    segments_of,
    window,
)
from apps.workspace.desk import at_desk
from apps.workspace.drawings import trend_of
from apps.workspace.links import link_of

STAGES = {
    "before": gettext_lazy("Before the sale"),
    "during": gettext_lazy("During the sale"),
    "after": gettext_lazy("After the sale"),
}
TOUCHPOINTS = {
    "find": pgettext_lazy("touchpoint", "Find"),
    "price": pgettext_lazy("touchpoint", "Price"),
    "order": pgettext_lazy("touchpoint", "Order"),
    "promise": pgettext_lazy("touchpoint", "Promise"),
    "deliver": pgettext_lazy("touchpoint", "Deliver"),
    "invoice": pgettext_lazy("touchpoint", "Invoice"),
    "help": pgettext_lazy("touchpoint", "Help"),
}
#: What a measure counts, in a sentence.
DEFINITIONS = {
    "met": gettext_lazy("Of what accounts told us they lack, what is in the range now."),
    "questions": gettext_lazy("Of questions about products, those answered by the day that was promised."),
    "quoted": gettext_lazy("Of quotes asked for, those offered by the second working day after."),
    "won": gettext_lazy("Of quotes offered and decided, those accepted."),
    "matched": gettext_lazy("Of price matches decided, those granted."),
    "touchless": gettext_lazy("Of orders placed, those that neither a rep entered nor a quote led to."),
    "approved": gettext_lazy("Of orders that somebody had to agree to, those decided within 24 hours."),
    "changed": gettext_lazy("Of orders placed, those cancelled or with a line called off."),
    "kept": gettext_lazy("Of lines with a promise, those that came on or before the first one."),
    "slipped": gettext_lazy("Of lines ordered with a promise, those whose promise was moved to a later day."),
    "fill": gettext_lazy("Of units ordered, those received by the first promise."),
    "otif": gettext_lazy("Of lines delivered, those on time and in full."),
    "perfect": gettext_lazy("Of orders delivered, those with every line on time, in full, undamaged, papers right."),
    "credited": gettext_lazy("Of invoices, those that a credit note corrects."),
    "disputed": gettext_lazy("Of invoices, those whose order has a case caused by the invoice."),
    "paid": gettext_lazy("Of invoices on account that are settled, those paid by the day they were due."),
    "answered": gettext_lazy("Of cases answered or out of time, those answered by the day that was promised."),
    "reopened": gettext_lazy("Of cases that were resolved, those opened again."),
    "proven": gettext_lazy("Of failures put right, those proven by the next perfect delivery or the next order."),
}
NOUNS = {
    "need": gettext_lazy("Need"),
    "question": gettext_lazy("Question about"),
    "quote": gettext_lazy("Quote"),
    "price_match": gettext_lazy("Price match"),
    "order": gettext_lazy("Order"),
    "delivery": gettext_lazy("Order"),
    "invoice": gettext_lazy("Invoice"),
    "case": gettext_lazy("Case"),
}
#: The cause of cases against which an improvement of a touchpoint is made.
CAUSES = {
    "find": "range", "price": "price", "promise": "delivery", "deliver": "delivery", "invoice": "invoice",
    "help": "people",
}  # fmt: skip
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """Of which accounts the journey is asked for; by the query string, and only what is there to choose from."""

    segment: str
    rep_id: int | None
    segments: list[str]
    reps: list

    @property
    def query(self) -> dict[str, str]:
        found = {"segment": self.segment, "rep": "" if self.rep_id is None else str(self.rep_id)}
        return {name: value for name, value in found.items() if value}

    @property
    def which(self) -> dict:
        return {"segment": self.segment, "rep_id": self.rep_id}


@require_safe
@at_desk()
def journey(request: HttpRequest) -> HttpResponse:
    desk, asked = request.desk, _asked(request)
    found = journey_of(desk.actor, now=desk.now, **asked.which)
    under_way = improvements_under_way()
    points = [
        {
            "code": point.code,
            "name": TOUCHPOINTS[point.code],
            "stage": STAGES[point.stage],
            "point": point,
            "state": _state(point.is_weak, [each.is_met for each in point.measures]),
            "rows": [_row(each, asked) for each in point.measures],
            "improvements": [each for each in under_way if each.cause == CAUSES.get(point.code)],
            "cause": CAUSES.get(point.code, ""),
        }
        for point in found.touchpoints
    ]
    context = {
        "section": "journey",
        "points": points,
        "stages": [
            (words, [each for each in points if each["point"].stage == stage]) for stage, words in STAGES.items()
        ],
        "weakest": next((each for each in points if each["point"] is found.weakest), None),
        "asked": asked,
        "file": _url("workspace:journey_file", **asked.query),
        "everybody": desk.actor.sees_everything,
        "can_keep": desk.may("improvement.keep"),
        "since": found.since,
        "as_of": found.as_of if found.as_of != desk.now else None,
    }
    return render(request, "workspace/journey/page.html", context)


@require_safe
@at_desk()
def journey_rows(request: HttpRequest) -> HttpResponse:
    """What is behind a figure: the accounts, or one by one what counted, of an account or of all."""
    desk, asked, wanted = request.desk, _asked(request), _wanted(request)
    name, place = name_of_measure(wanted.measure), _place(request.GET.get("after", ""))
    context = {
        "section": "journey",
        "trail": [(_("The journey"), _url("workspace:journey", **asked.query)), (name, "")],
        "name": name,
        "definition": DEFINITIONS[wanted.measure],
        "wanted": wanted,
        "noun": "",
        "asked": asked,
        "file": _url("workspace:journey_file", **asked.query, **wanted.query),
        "tabs": _tabs(asked, wanted),
        "good": MEASURES[wanted.measure].direction > 0,
    }
    if wanted.one_by_one:
        found = behind(desk.actor, wanted.measure, **wanted.which, **asked.which, **_before(place), limit=SHOWN + 1)
        context |= {
            "noun": NOUNS[found[0].noun] if found else "",
            "rows": [(row, _opens(row)) for row in found[:SHOWN]],
        }
        last = found[SHOWN - 1] if len(found) > SHOWN else None
        after = f"{last.day.isoformat()}_{last.id}" if last else ""
    else:
        at = (int(place[0]), place[1]) if place and place[0].isdecimal() else None
        period = {"since": wanted.since, "until": wanted.until}
        found = accounts_behind(desk.actor, wanted.measure, **period, **asked.which, after=at, limit=SHOWN + 1)
        context["accounts"] = [
            (row, _url("workspace:journey_rows", **asked.query, **wanted.query | {"account": row.number}))
            for row in found[:SHOWN]
        ]
        after = f"{found[SHOWN - 1].missed}_{found[SHOWN - 1].id}" if len(found) > SHOWN else ""
    context["next_url"] = (
        _url("workspace:journey_rows", **asked.query, **wanted.query, after=after) if after else ""
    )  # fmt: skip
    return render(request, "workspace/journey/rows.html", context)


@require_safe
@at_desk()
def journey_file(request: HttpRequest) -> HttpResponse:
    """The same as csv: the journey itself, or all that is behind a figure. No cell can be taken for a formula."""
    desk, asked = request.desk, _asked(request)
    if "measure" not in request.GET:
        found = journey_of(desk.actor, now=desk.now, **asked.which)
        return sheet_of(_map(found), f"journey-{desk.on}")
    wanted = _wanted(request)
    if wanted.one_by_one:
        rows = behind(desk.actor, wanted.measure, **wanted.which, **asked.which, limit=None)
        told = ([row.account_number, row.account, row.day, row.ref, row.hits, row.total] for row in rows)
        head = (_("Account number"), _("Account"), _("Day"), _("Number"), _("Counted"), _("Of"))
    else:
        period = {"since": wanted.since, "until": wanted.until}
        rows = accounts_behind(desk.actor, wanted.measure, **period, **asked.which, limit=None)
        told = ([row.number, row.name, row.hits, row.total, row.missed] for row in rows)
        head = (_("Account number"), _("Account"), _("Counted"), _("Of"), _("Against it"))
    return sheet_of([head, *told], f"journey-{wanted.measure}-{desk.on}")


def service_of(found: Journey) -> list[dict]:
    """Fill rate, on time and in full, promises kept: the rows of the journey that other pages show too."""
    nobody = Asked("", None, [], [])
    return [_row(found.measures[code], nobody) for code in ("fill", "otif", "kept")]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the journey is looked behind: a measure, from a day until another, an account (a number), only what
    counts against it, one by one."""

    measure: str
    since: date
    until: date
    month: str
    account_id: int | None
    account: str
    account_name: str
    missed: bool
    one_by_one: bool

    @property
    def query(self) -> dict[str, str]:
        found = {
            "measure": self.measure,
            "month": self.month,
            "account": self.account,
            "only": "missed" if self.missed else "",
            "show": "each" if self.one_by_one and not self.account else "",
        }
        return {name: value for name, value in found.items() if value}

    @property
    def which(self) -> dict:
        against = MEASURES[self.measure].direction if self.missed else None
        return {"since": self.since, "until": self.until, "account_id": self.account_id, "against": against}


def _wanted(request: HttpRequest) -> Wanted:
    """404 for a measure there is not, and for an account that is not the reader's."""
    desk, measure = request.desk, request.GET.get("measure", "otif")
    if measure not in MEASURES:
        raise Http404
    number = clean(request.GET.get("account", ""))
    account = account_for(desk.actor, number) if number else None
    since, until = window(desk.now)
    month = request.GET.get("month", "")
    starts = _month(month)
    if starts:
        since, until = starts, first_of(starts, -1)
    missed = request.GET.get("only") == "missed"
    return Wanted(
        measure=measure,
        since=since,
        until=until,
        month=month if starts else "",
        account_id=account.pk if account else None,
        account=account.number if account else "",
        account_name=account.name if account else "",
        missed=missed,
        one_by_one=account is not None or missed or request.GET.get("show") == "each",
    )


def _month(text: str) -> date | None:
    try:
        starts = date.fromisoformat(f"{text}-01")
        first_of(starts, -1)  # a month after which there is none is no month
    except ValueError:
        return None
    return starts


def _asked(request: HttpRequest) -> Asked:
    desk = request.desk
    segments = segments_of(desk.actor)
    segment = clean(request.GET.get("segment", ""))
    reps = owners() if desk.actor.sees_everything else []
    rep_id = whole(request.GET.get("rep", ""))
    return Asked(
        segment if segment in segments else "",
        rep_id if any(rep.pk == rep_id for rep in reps) else None,
        segments,
        reps,
    )


def _row(told: Told, asked: Asked) -> dict:
    rows = {"measure": told.code, **asked.query}
    return {
        "told": told,
        "definition": DEFINITIONS[told.code],
        "url": _url("workspace:journey_rows", **rows),
        "state": _state(told.is_weak, [told.is_met]),
        "points": _points(told),
        "trend": trend_of([month.share for month in told.months], told.target),
        "months": [
            (month, _url("workspace:journey_rows", **rows, month=f"{month.starts_on:%Y-%m}")) for month in told.months
        ],
        "is_up": told.measure.direction > 0,
    }


def _points(told: Told) -> tuple[float, float, float] | None:
    """A change that is shown in percentage points, and the ends of its interval."""
    change = told.change
    return (change.value * 100, change.low * 100, change.high * 100) if change and change.is_shown else None


def _state(is_weak: bool, met: Iterable[bool | None]) -> str:
    """ "weak", "short" of a target, "met", or "" where nothing counted."""
    known = [each for each in met if each is not None]
    if is_weak:
        return "weak"
    return ("met" if all(known) else "short") if known else ""


def _tabs(asked: Asked, wanted: Wanted) -> list[dict]:
    common = {**asked.query, "measure": wanted.measure} | ({"month": wanted.month} if wanted.month else {})
    of = {"account": wanted.account} if wanted.account else {}
    tabs = [
        (_("Accounts"), common, not wanted.one_by_one),
        (_("One by one"), common | (of or {"show": "each"}), wanted.one_by_one and not wanted.missed),
        (_("Only what counts against it"), common | of | {"only": "missed"}, wanted.missed),
    ]
    return [
        {"label": label, "url": _url("workspace:journey_rows", **query), "current": current, "count": None}
        for label, query, current in tabs
    ]


def _opens(row: Behind) -> str:
    if row.noun == "need":
        return reverse("workspace:need", args=[row.opens])
    if row.noun in ("question", "price_match"):
        return reverse(f"workspace:{row.noun}", args=[row.opens])
    noun = row.noun if row.noun in ("quote", "case") else "order"
    return link_of(f"{noun}:{row.opens}" if row.opens else "", row.account_number)


def _map(found: Journey) -> list[Iterable]:
    head = [
        *(_("Touchpoint"), _("Measure"), _("Counted"), _("Of"), _("Share"), _("Target"), _("Three months before")),
        *(_("Change from"), _("Change to"), _("Weak")),
    ]
    months = found.touchpoints[0].measures[0].months
    rows = [
        [
            *(TOUCHPOINTS[point.code], each.name, int(each.now.hits), int(each.now.total), _share(each.now.share)),
            *(_share(each.target), _share(each.before.share)),
            *((_share(each.change.low), _share(each.change.high)) if each.change else ("", "")),
            _("yes") if each.is_weak else _("no"),
            *(_share(month.share) for month in each.months),
        ]
        for point in found.touchpoints
        for each in point.measures
    ]
    return [[*head, *(f"{month.starts_on:%Y-%m}" for month in months)], *rows]


def _share(share: float | None) -> str:
    return "" if share is None else f"{share:.4f}"


def sheet_of(rows: Iterable[Iterable], name: str) -> HttpResponse:
    """Rows as a csv to download; no cell can be taken for a formula."""
    written = StringIO()
    csv.writer(written).writerows([guarded(str(cell)) for cell in row] for row in rows)
    return download(written.getvalue().encode("utf-8-sig"), "csv", name)


def _url(name: str, **asked: str) -> str:
    query = QueryDict(mutable=True)
    query.update(asked)
    return f"{reverse(name)}?{query.urlencode()}" if asked else reverse(name)


def _place(text: str) -> tuple[str, int] | None:
    """What a page goes on after, as it was written into its address; None for anything else."""
    first, _line, pk = clean(text).partition("_")
    row_id = whole(pk)
    return (first, row_id) if first and row_id is not None else None


def _before(place: tuple[str, int] | None) -> dict:
    try:
        return {"before": (date.fromisoformat(place[0]), place[1])} if place else {}
    except ValueError:
        return {}
