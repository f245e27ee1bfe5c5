"""The journey as a page tells it: seven touchpoints, each measure against its target, a year month by month.

1. The figure of a measure is of this month and the two before it, its change is against the three before those.
2. Who sees everything reads what `services.keep_house_figures` keeps, where reckoning it takes long.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.core.cache import cache
from django.db import connection

from apps.core.scoping import Actor
from apps.feedback import rules as scores
from apps.insights.models import JourneyTarget, MeasureCode
from apps.insights.rules import period
from apps.insights.rules.journey import (
    MEASURES,
    MONTHS,
    TOUCHPOINTS,
    WINDOW,
    Change,
    Measure,
    Sums,
    change_of,
    first_of,
    is_met,
    is_weak,
)
from apps.insights.selectors.behind import chosen
from apps.insights.selectors.house import KEPT_FOR
from apps.insights.selectors.voices import voices_of

JOURNEY_KEPT_AS = "insights.journey"
_MONTHS = """
SELECT j.measure, j.month, sum(j.hits)::bigint, sum(j.total)::bigint
FROM insights_journeymonth j WHERE j.month >= %(first)s AND j.month <= %(last)s AND {which} GROUP BY 1, 2
"""
_WINDOWS = """
SELECT a.measure, a.is_now, count(*), sum(a.h), sum(a.t), sum(a.h * a.h), sum(a.h * a.t), sum(a.t * a.t)
FROM (
    SELECT j.account_id, j.measure, j.month >= %(now)s AS is_now, sum(j.hits)::float AS h, sum(j.total)::float AS t
    FROM insights_journeymonth j WHERE j.month >= %(before)s AND j.month <= %(last)s AND {which} GROUP BY 1, 2, 3
) a GROUP BY 1, 2
"""
_ACCOUNTS = """
SELECT acc.id, acc.number, acc.name, sum(j.hits)::bigint, sum(j.total)::bigint, {missed}::bigint AS missed
FROM insights_journeymonth j JOIN accounts_account acc ON acc.id = j.account_id
WHERE j.measure = %(measure)s AND j.month >= %(since)s AND j.month < %(until)s AND {which}
GROUP BY acc.id HAVING {place} ORDER BY missed DESC, acc.id {limit}
"""


class Month(NamedTuple):
    """A month of a measure; `share` is None where nothing counted in it."""

    starts_on: date
    hits: int
    total: int

    @property
    def share(self) -> float | None:
        return self.hits / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class Told:
    """A measure: `now` and `before` of three months each, `target` from 0 to 1, the change where it can be told, and
    the twelve months, oldest first."""

    measure: Measure
    target: float
    now: Sums
    before: Sums
    change: Change | None
    months: tuple[Month, ...]

    @property
    def code(self) -> str:
        return self.measure.code

    @property
    def name(self) -> str:
        return name_of_measure(self.code)

    @property
    def is_met(self) -> bool | None:
        """Whether it reaches its target; None where nothing counted."""
        return None if self.now.share is None else is_met(self.measure, self.now.share, self.target)

    @property
    def is_weak(self) -> bool:
        return is_weak(self.measure, self.now.share, self.target, self.change)

    @property
    def short(self) -> float:
        """How far it is from its target, in shares; 0 where it reaches it or nothing counted."""
        return 0.0 if self.is_met in (True, None) else abs(self.now.share - self.target)


@dataclass(frozen=True, slots=True)
class Touchpoint:
    """`stage` is before, during or after the sale; `nps` the score of the answers of 90 days that name it."""

    code: str
    stage: str
    measures: tuple[Told, ...]
    nps: scores.Nps

    @property
    def is_weak(self) -> bool:
        return any(each.is_weak for each in self.measures)

    @property
    def weakest(self) -> Told:
        """The measure furthest from its target, weak ones first."""
        return max(self.measures, key=lambda each: (each.is_weak, each.short))


@dataclass(frozen=True, slots=True)
class Journey:
    """All seven touchpoints, in the order of a sale; the first day of the window, and the day after its end."""

    touchpoints: tuple[Touchpoint, ...]
    since: date
    until: date
    as_of: datetime

    @property
    def weakest(self) -> Touchpoint | None:
        """The weak touchpoint furthest from a target; None where none is weak."""
        weak = [each for each in self.touchpoints if each.is_weak]
        return max(weak, key=lambda each: each.weakest.short, default=None)

    @property
    def measures(self) -> dict[str, Told]:
        return {each.code: each for point in self.touchpoints for each in point.measures}


class AccountRow(NamedTuple):
    """What a measure counted of one account; `missed` is what counts against it."""

    id: int
    number: str
    name: str
    hits: int
    total: int
    missed: int

    @property
    def share(self) -> float:
        return self.hits / self.total


def journey_of(actor: Actor, *, now: datetime, segment: str = "", rep_id: int | None = None) -> Journey:
    """What the actor may see, of a segment, of a rep's accounts; at most ten minutes old.

    Nothing but the cache where kept, else five queries.
    """
    whole = actor.sees_everything and not segment and rep_id is None
    kept = cache.get(JOURNEY_KEPT_AS) if whole else None
    if kept and now - kept.as_of < KEPT_FOR:
        return kept
    return journey_reckoned(actor, now=now, segment=segment, rep_id=rep_id)


def journey_reckoned(actor: Actor, *, now: datetime, segment: str = "", rep_id: int | None = None) -> Journey:
    """The same as of `now`."""
    since, until = window(now)
    which, said = chosen(actor, "j.account_id", segment=segment, rep_id=rep_id)
    first = first_of(now.date(), MONTHS - 1)
    said |= {"first": first, "last": first_of(now.date()), "now": since, "before": first_of(now.date(), 2 * WINDOW - 1)}
    with connection.cursor() as cursor:
        cursor.execute(_MONTHS.format(which=which), said)
        months = {(measure, month): counted for measure, month, *counted in cursor.fetchall()}
        cursor.execute(_WINDOWS.format(which=which), said)
        sums = {(measure, is_now): Sums(*counted) for measure, is_now, *counted in cursor.fetchall()}
    targets = dict(JourneyTarget.objects.values_list("measure", "percent"))
    starts = [first_of(now.date(), back) for back in reversed(range(MONTHS))]
    told = {code: _told(measure, targets, sums, months, starts) for code, measure in MEASURES.items()}
    named = _named(actor, now)
    points = (
        Touchpoint(code, stage, tuple(each for each in told.values() if each.measure.touchpoint == code), named[driver])
        for code, (stage, driver) in TOUCHPOINTS.items()
    )
    return Journey(tuple(points), since, until, now)


def name_of_measure(code: str) -> str:
    """In the reader's language."""
    return str(MeasureCode(code).label)


def window(now: datetime) -> tuple[date, date]:
    """The first day of what a figure is of, and the first after it."""
    return first_of(now.date(), WINDOW - 1), first_of(now.date(), -1)


def accounts_behind(
    actor: Actor,
    measure: str,
    *,
    since: date,
    until: date,
    segment: str = "",
    rep_id: int | None = None,
    after: tuple[int, int] | None = None,
    limit: int | None = 50,
) -> list[AccountRow]:
    """The accounts behind a figure, those first that miss most; those after (missed, id). One query."""
    which, said = chosen(actor, "j.account_id", segment=segment, rep_id=rep_id)
    missed = "sum(j.total - j.hits)" if MEASURES[measure].direction > 0 else "sum(j.hits)"
    place = f"(-{missed}, acc.id) > (-%(missed)s, %(id)s)" if after else "TRUE"
    query = _ACCOUNTS.format(which=which, missed=missed, place=place, limit="LIMIT %(limit)s" if limit else "")
    at = dict(zip(("missed", "id"), after or (None, None), strict=True))
    with connection.cursor() as cursor:
        cursor.execute(query, said | at | {"measure": measure, "since": since, "until": until, "limit": limit})
        return [AccountRow(*row) for row in cursor.fetchall()]


def _told(measure: Measure, targets: Mapping[str, object], sums: Mapping, months: Mapping, starts: list[date]) -> Told:
    now, before = (sums.get((measure.code, is_now), Sums()) for is_now in (True, False))
    return Told(
        measure=measure,
        target=float(targets.get(measure.code, measure.target)) / 100,
        now=now,
        before=before,
        change=change_of(before, now),
        months=tuple(Month(start, *months.get((measure.code, start), (0, 0))) for start in starts),
    )


def _named(actor: Actor, now: datetime) -> dict[str, scores.Nps]:
    """By driver the score of the answers that name it, over the last 90 days."""
    drivers = voices_of(actor, **period("now", now)._asdict()).drivers
    return {each.code: scores.summary(each.promoters, each.passives, each.detractors) for each in drivers}
