"""What if: a day of visits, from a place, proposed and changed by hand, kept as the day's plan."""

import re
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.places import place_of_postal_code
from apps.core.dates import read_day
from apps.core.lists import clean, whole
from apps.insights.errors import RepNotFound, VisitDayRefused
from apps.insights.rules.routes import MOST_STOPS, Day, Round, Spot, Visit, clock_of, proposed, visiting_all
from apps.insights.selectors.territory import rep_seen, reps_to_choose
from apps.insights.selectors.visits import (
    Candidate,
    candidates_for,
    minutes,
    usual_start,
    visit_day_of,
    visit_days_of,
)
from apps.insights.services.visits import save_visit_day
from apps.workspace.desk import Desk, at_desk
from apps.workspace.maps import Map, map_of
from apps.workspace.maps import Spot as MapSpot
from apps.workspace.portfolio import asked_rep, portfolio_tabs
from apps.workspace.reasons import why_of

USUAL_LEAVES, USUAL_BACK = time(8), time(17)
MOST_SHOWN = 40
_COORDINATES = re.compile(r"\s*(-?\d{1,2}(?:\.\d+)?)\s*[,;]\s*(-?\d{1,3}(?:\.\d+)?)\s*")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for. `stops` are account ids chosen by hand, None where the house is to propose."""

    day: date
    start_name: str
    plan: Day | None
    stops: tuple[int, ...] | None
    leaves: time
    back: time


@dataclass(frozen=True, slots=True)
class Shown:
    """A stop of the round as the page shows it."""

    visit: Visit
    one: Candidate
    reasons: list
    arrives_at: time
    leaves_at: time


def _shown(visit: Visit, one: Candidate) -> Shown:
    return Shown(visit, one, _why(one), clock_of(visit.arrives), clock_of(visit.leaves))


@require_safe
@at_desk()
def visits(request: HttpRequest) -> HttpResponse:
    desk, rep = request.desk, asked_rep(request)
    asked = _asked(desk, rep, request.GET)
    candidates = candidates_for(desk.actor, rep, asked.day, now=desk.now)
    found = _round(asked, candidates)
    by_key = {one.row.account.pk: one for one in candidates}
    stops = [_shown(visit, by_key[visit.stop.key]) for visit in found.visits]
    on_round = {visit.stop.key for visit in found.visits}
    others = [(one, _why(one)) for one in candidates if one.row.account.pk not in on_round]
    drawn, numbered, line = _drawn(asked, [stop.one for stop in stops])
    context = {
        "section": "portfolio",
        "tabs": portfolio_tabs("workspace:visits", rep.pk if rep and desk.actor.sees_everything else None),
        "rep": rep,
        "reps": reps_to_choose(desk.actor),
        "asked": asked,
        "round": found,
        "stops": stops,
        "others": others[:MOST_SHOWN],
        "more": max(len(others) - MOST_SHOWN, 0),
        "at_stake": sum((stop.one.at_stake for stop in stops), Decimal(0)),
        "planned": visit_days_of(rep, desk.on) if rep else [],
        "on": desk.on,
        "home_currency": settings.HOME_CURRENCY,
        "driving_words": _long(found.driving),
        "back_at": clock_of(found.back_at or minutes(asked.leaves)),
        "map": drawn,
        "points": numbered,
        "line": line,
        "may_save": rep is not None and rep.pk == desk.actor.rep_id and desk.may("case.work"),
        "is_full": len(stops) >= MOST_STOPS,
    }
    return render(request, "workspace/visits/page.html", context)


@require_POST
@at_desk("case.work")
def save_visits(request: HttpRequest) -> HttpResponse:
    """Keep the chosen stops as the day's plan; the round is reckoned anew from what was chosen."""
    desk = request.desk
    if desk.actor.rep_id is None:
        raise VisitDayRefused(_("Only a rep has days of visits."))
    rep = rep_seen(desk.actor, desk.actor.rep_id)
    asked = _asked(desk, rep, request.POST)
    if asked.plan is None:
        raise VisitDayRefused(_("Say where you set out from: a postal code, or latitude and longitude."))
    candidates = candidates_for(desk.actor, rep, asked.day, now=desk.now)
    about = {one.row.account.pk: "\n".join(reason.text for reason in one.reasons) for one in candidates}
    save_visit_day(
        desk.actor, asked.day, start_name=asked.start_name, plan=asked.plan, found=_round(asked, candidates),
        about=about, now=desk.now,
    )  # fmt: skip
    messages.success(request, _("The day is planned; each visit stands among your tasks."))
    return redirect("workspace:visit_plan", day=asked.day.isoformat())


@require_safe
@at_desk()
def visit_plan(request: HttpRequest, day: str) -> HttpResponse:
    """A planned day, to print or to take along."""
    desk, rep = request.desk, asked_rep(request)
    if rep is None:
        raise RepNotFound
    plan = visit_day_of(rep, read_day(day) or desk.on)
    context = {
        "section": "portfolio",
        "rep": rep,
        "plan": plan,
        "stops": plan.stops.all(),
        "trail": [(_("Day of visits"), reverse("workspace:visits")), (plan.day.isoformat(), "")],
    }
    return render(request, "workspace/visits/plan.html", context)


def _asked(desk: Desk, rep, said) -> Asked:
    day = read_day(said.get("day", ""))
    day = day if day and day >= desk.on else desk.on
    usual, country = usual_start(rep) if rep else ("", "")
    name = clean(said.get("from", ""))[:120] or usual
    leaves, back = _clock(said.get("leaves", "")) or USUAL_LEAVES, _clock(said.get("back", "")) or USUAL_BACK
    spot = _spot(name, country or "GB")
    chosen = tuple(pk for text in said.getlist("stop") if (pk := whole(text))) if said.get("chosen") else None
    plan = Day(spot, minutes(leaves), minutes(back)) if spot else None
    return Asked(day, name, plan, chosen, leaves, back)


def _spot(text: str, country: str) -> Spot | None:
    """A place as it was written: latitude and longitude, or a postal code."""
    match = _COORDINATES.fullmatch(text)
    if match:
        latitude, longitude = float(match[1]), float(match[2])
        return Spot(latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None
    place = place_of_postal_code(country, text)
    return Spot(place.latitude, place.longitude) if place else None


def _long(minutes_long: int) -> str:
    hours, rest = divmod(minutes_long, 60)
    return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": rest}


def _clock(text: str) -> time | None:
    try:
        return time.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None


def _round(asked: Asked, candidates: list[Candidate]) -> Round:
    """Proposed among those that are open and have a reason; by hand, whatever was chosen."""
    if asked.plan is None:
        return Round()
    if asked.stops is None:
        worth = [one.stop for one in candidates if one.stop and one.worth > 0 and not one.is_closed]
        return proposed(asked.plan, worth[:MOST_SHOWN])
    chosen = [one.stop for one in candidates if one.stop and one.row.account.pk in asked.stops]
    return visiting_all(asked.plan, chosen[:MOST_STOPS])


def _why(one: Candidate) -> list:
    return [why_of(reason, one.row.account.number) for reason in one.reasons]


def _drawn(asked: Asked, stops: list[Candidate]) -> tuple[Map | None, list, str]:
    """The round on the map: the map, its numbered points, and the line through them."""
    if asked.plan is None or not stops:
        return None, [], ""
    start = asked.plan.start
    spots = [MapSpot("start", start.latitude, start.longitude)]
    spots += [
        MapSpot(one.row.account.pk, one.stop.spot.latitude, one.stop.spot.longitude, one.row.city) for one in stops
    ]
    drawn = map_of(spots)
    places = [drawn.points["start"], *(drawn.points[one.row.account.pk] for one in stops), drawn.points["start"]]
    numbered = [(number, one, *drawn.points[one.row.account.pk]) for number, one in enumerate(stops, 1)]
    return drawn, numbered, " ".join(f"{x},{y}" for x, y in places)
