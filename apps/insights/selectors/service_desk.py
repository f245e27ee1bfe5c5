"""How the desk does: what is owed by whom, what was kept, what was proven, how easy it was."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Avg, Count, F, Q, StdDev, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from apps.accounts.models import Rep
from apps.cases.models import Case, WrongPrice
from apps.cases.selectors import NEXT_DEADLINE, open_cases
from apps.core.comparing import wilson
from apps.core.scoping import Actor
from apps.feedback.models import Answer
from apps.feedback.rules.efforts import Effort, effort
from apps.insights.models import FailureCost
from apps.insights.selectors.effects import failure_costs
from apps.insights.selectors.service_level import Median, Response, responses_of

PERIOD = timedelta(days=90)
SHOWN = 12


LEAST_RATED = 10


@dataclass(frozen=True, slots=True)
class PutRight:
    """Of `n` cases of which customers said whether they were put right, the share that was, and the ends of Wilson's
    95% interval; None under ten."""

    n: int
    share: float | None = None
    low: float | None = None
    high: float | None = None


def put_right(right: int, n: int) -> PutRight:
    """The share of `right` among `n` answers."""
    return PutRight(n, right / n, *wilson(right, n)) if n >= LEAST_RATED else PutRight(n)


@dataclass(frozen=True, slots=True)
class Load:
    """What one owner has (None: nobody's): open cases, those due today, those overdue; of the cases of the period the
    share answered in time and the median time to the answer, None where none was due."""

    rep: Rep | None
    open: int
    today: int
    overdue: int
    in_time: float | None
    usual: timedelta | None
    put_right: PutRight


@dataclass(frozen=True, slots=True)
class CauseCount:
    """Cases of the period of one cause: how many, how many came back, how many were a repeated failure."""

    cause: str
    count: int
    reopened: int
    repeated: int


@dataclass(frozen=True, slots=True)
class ServiceDesk:
    """`proven` and `reopened` are of the period; `awaiting` and `open` are now. `too_much` is what was charged too much
    in the period, by currency."""

    cases: list[Case]
    open: int
    overdue: int
    today: int
    awaiting: int
    proven: int
    reopened: int
    repeated: int
    responses: list[Response]
    loads: list[Load]
    effort: Effort
    put_right: PutRight
    causes: list[CauseCount]
    costs: list[FailureCost]
    too_much: list[tuple[str, int, float]]
    away: list[Rep]


def service_desk(actor: Actor, *, now: datetime) -> ServiceDesk:
    """The desk as the actor may see it: all of it, or what concerns their accounts. Ten queries at most."""
    since, seen = now - PERIOD, Case.objects.visible_to(actor).filter(merged_into=None)
    reps = _reps(timezone.localdate(now))
    loads = _loads(seen, reps, since, now)
    return ServiceDesk(
        cases=open_cases(actor, limit=SHOWN),
        **_sums(seen, since, now),
        responses=responses_of(actor, since=since, now=now),
        loads=loads,
        effort=_effort(actor, since, now),
        put_right=_put_right(seen, since),
        causes=_causes(seen, since),
        costs=failure_costs(actor),
        too_much=_too_much(actor, since),
        away=[rep for rep in reps.values() if rep.is_away(timezone.localdate(now))],
    )


def _reps(today: date) -> dict[int, Rep]:
    reps = Rep.objects.select_related("user", "deputy__user").filter(user__is_active=True)
    return {rep.pk: rep for rep in reps.order_by("away_until", "user__name", "pk")}


def _owed(now: datetime) -> dict[str, Count]:
    tomorrow = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    is_open = ~Q(status__in=Case.CLOSED)
    return {
        "open": Count("pk", filter=is_open),
        "overdue": Count("pk", filter=is_open & Q(due__lt=now)),
        "today": Count("pk", filter=is_open & Q(due__gte=now, due__lt=tomorrow)),
    }


def _sums(seen, since: datetime, now: datetime) -> dict[str, int]:
    is_open = ~Q(status__in=Case.CLOSED)
    lately = Q(awaits_proof=True) | Q(verified_at__gte=since) | Q(reopened_at__gte=since) | Q(opened_at__gte=since)
    return (
        seen.filter(is_open | lately)
        .annotate(due=NEXT_DEADLINE)
        .order_by()
        .aggregate(
            **_owed(now),
            awaiting=Count("pk", filter=Q(awaits_proof=True)),
            proven=Count("pk", filter=Q(verified_at__gte=since)),
            reopened=Count("pk", filter=Q(reopened_at__gte=since)),
            repeated=Count("pk", filter=Q(is_repeated=True, opened_at__gte=since)),
        )
    )


def _loads(seen, reps: dict[int, Rep], since: datetime, now: datetime) -> list[Load]:
    """Nobody's first, then who has the most overdue, the most open."""
    of_period = Q(opened_at__gte=since)
    answered = Q(answered_at__isnull=False)
    figures = _owed(now) | {
        "due_answers": Count("pk", filter=of_period & (answered | Q(answer_by__lt=now))),
        "in_time": Count("pk", filter=of_period & answered & Q(answered_at__lte=F("answer_by"))),
        "rated": Count("pk", filter=Q(rated_at__gte=since)),
        "right": Count("pk", filter=Q(rated_at__gte=since, is_right=True)),
        "usual": Median(F("answered_at") - Coalesce("reopened_at", "opened_at"), filter=of_period & answered),
    }
    concerned = seen.filter(~Q(status__in=Case.CLOSED) | of_period | Q(rated_at__gte=since)).annotate(due=NEXT_DEADLINE)
    rows = concerned.order_by().values("owner").annotate(**figures)
    loads = [
        Load(
            rep=reps.get(row["owner"]),
            open=row["open"],
            today=row["today"],
            overdue=row["overdue"],
            in_time=row["in_time"] / row["due_answers"] if row["due_answers"] else None,
            usual=row["usual"],
            put_right=put_right(row["right"], row["rated"]),
        )
        for row in rows
        if row["owner"] in reps or (row["owner"] is None and row["open"])
    ]
    return sorted(loads, key=lambda load: (load.rep is not None, -load.overdue, -load.open, str(load.rep)))


def _put_right(seen, since: datetime) -> PutRight:
    rated = Count("pk", filter=Q(is_right=True))
    found = seen.filter(rated_at__gte=since).order_by().aggregate(n=Count("pk"), right=rated)
    return put_right(found["right"], found["n"])


def _effort(actor: Actor, since: datetime, now: datetime) -> Effort:
    said = Answer.objects.visible_to(actor).filter(kind=Answer.Kind.EFFORT, answered_at__gte=since, answered_at__lt=now)
    found = said.order_by().aggregate(n=Count("pk"), mean=Avg("score"), deviation=StdDev("score", sample=True))
    return effort(found["n"], found["mean"], found["deviation"])


def _causes(seen, since: datetime) -> list[CauseCount]:
    opened = seen.filter(opened_at__gte=since).order_by().values("cause")
    rows = opened.annotate(
        count=Count("pk"),
        reopened=Count("pk", filter=Q(reopened_at__isnull=False)),
        repeated=Count("pk", filter=Q(is_repeated=True)),
    )
    names = dict(Case.Cause.choices)
    return [
        CauseCount(names[row["cause"]], row["count"], row["reopened"], row["repeated"])
        for row in rows.order_by("-count", "cause")
    ]


def _too_much(actor: Actor, since: datetime) -> list[tuple[str, int, float]]:
    """(currency, lines, net) of what was charged too much, the most first."""
    found = WrongPrice.objects.visible_to(actor).filter(found_at__gte=since).order_by()
    rows = found.values_list("line__order__currency").annotate(lines=Count("pk"), much=Sum("too_much"))
    return list(rows.order_by("-much", "line__order__currency"))
