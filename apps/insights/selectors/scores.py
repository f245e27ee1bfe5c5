"""What customers say and how the house does: the pages for reps and for managers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Q, Sum

from apps.accounts.models import Account, Rep
from apps.cases.models import Case
from apps.core.scoping import Actor
from apps.feedback import rules as scores
from apps.feedback import selectors as feedback
from apps.feedback.models import Answer
from apps.feedback.selectors.answers import Month, Weighted
from apps.fulfilment.models import Shipment
from apps.ordering.models import Order

PERIOD = timedelta(days=90)
TREND = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Feedback:
    """What accounts say. `change` in points since the 90 days before, None where chance explains it."""

    now: scores.Nps
    before: scores.Nps
    change: float | None
    months: list[Month]
    weighted: Weighted
    answers: list[Answer]
    not_asked: list[tuple[str, int]]


def feedback_page(actor: Actor, *, now: datetime, band: str = "", limit: int = 25) -> Feedback:
    """The last 90 days and the 90 before, month by month, the latest answers, why others were not asked. 8 queries."""
    period = {"since": now - PERIOD, "until": now}
    current = feedback.nps_of(actor, **period)
    before = feedback.nps_of(actor, since=now - 2 * PERIOD, until=now - PERIOD)
    return Feedback(
        now=current,
        before=before,
        change=scores.change_shown(before, current),
        months=feedback.nps_by_month(actor, since=now - TREND, until=now),
        weighted=feedback.weighted_nps_of(actor, **period),
        answers=feedback.answers_of(actor, since=now - TREND, band=band, limit=limit),
        not_asked=feedback.not_asked(actor, **period),
    )


@dataclass(frozen=True, slots=True)
class RepRow:
    """A rep's accounts: how many, what they ordered in the period, cases open and overdue, what they said."""

    name: str
    accounts: int
    ordered: Decimal
    open_cases: int
    overdue_cases: int
    nps: scores.Nps


@dataclass(frozen=True, slots=True)
class Manager:
    """How the house does. `perfect` is the share of deliveries on time and in full; `at_risk` what the accounts with an
    unhappy answer in the period ordered within a year, in the house's currency of each order added up."""

    feedback: Feedback
    deliveries: int
    perfect: float | None
    late: int
    short: int
    damaged: int
    open_cases: int
    overdue_cases: int
    causes: list[tuple[str, int]]
    at_risk: Decimal
    at_risk_accounts: int
    reps: list[RepRow]


def manager_page(actor: Actor, *, now: datetime) -> Manager:
    """The last 90 days of everything the actor may see. A constant number of queries."""
    since = now - PERIOD
    deliveries = _deliveries(actor, since, now)
    cases = Case.objects.visible_to(actor)
    open_cases = cases.exclude(status=Case.Status.RESOLVED)
    causes = cases.filter(opened_at__gte=since).order_by().values_list("cause").annotate(count=Count("id"))
    at_risk = _at_risk(actor, since, now)
    return Manager(
        feedback=feedback_page(actor, now=now, limit=8),
        **deliveries,
        open_cases=open_cases.count(),
        overdue_cases=open_cases.filter(_overdue(now)).count(),
        causes=[(str(Case.Cause(cause).label), count) for cause, count in causes.order_by("-count")],
        at_risk=at_risk["ordered"] or Decimal(0),
        at_risk_accounts=at_risk["accounts"],
        reps=_reps(actor, since, now),
    )


def _deliveries(actor: Actor, since: datetime, now: datetime) -> dict:
    delivered = Shipment.objects.visible_to(actor).filter(delivered_at__gte=since, delivered_at__lt=now)
    counts = delivered.aggregate(
        deliveries=Count("id"),
        late=Count("id", filter=Q(is_late=True)),
        short=Count("id", filter=Q(is_short=True)),
        damaged=Count("id", filter=Q(is_damaged=True)),
        kept=Count("id", filter=Q(is_late=False, is_short=False, is_damaged=False)),
    )
    kept = counts.pop("kept")
    return {**counts, "perfect": kept / counts["deliveries"] if counts["deliveries"] else None}


def _overdue(now: datetime, prefix: str = "") -> Q:
    """Cases whose next step is overdue."""
    unanswered, unacknowledged = {f"{prefix}answered_at": None}, {f"{prefix}acknowledged_at": None}
    return (
        Q(**unacknowledged, **{f"{prefix}acknowledge_by__lt": now})
        | Q(**unanswered, **{f"{prefix}answer_by__lt": now})
        | Q(**{f"{prefix}resolve_by__lt": now})
    )


def _at_risk(actor: Actor, since: datetime, now: datetime) -> dict:
    unhappy = Answer.objects.visible_to(actor).filter(score__lte=6, answered_at__gte=since, answered_at__lt=now)
    orders = Order.objects.filter(account__in=unhappy.values("account"), placed_at__gte=now - TREND)
    orders = orders.exclude(status__in=(Order.Status.CANCELLED, Order.Status.DECLINED))
    return orders.aggregate(ordered=Sum("goods_net"), accounts=Count("account", distinct=True))


def _reps(actor: Actor, since: datetime, now: datetime) -> list[RepRow]:
    """Four queries, each grouped by rep."""
    accounts = Account.objects.visible_to(actor).filter(is_active=True, rep__isnull=False).order_by()
    per_rep = dict(accounts.values_list("rep").annotate(Count("id")))
    orders = Order.objects.filter(placed_at__gte=since, placed_at__lt=now, account__rep__in=per_rep).order_by()
    orders = orders.exclude(status__in=(Order.Status.CANCELLED, Order.Status.DECLINED))
    ordered = dict(orders.values_list("account__rep").annotate(Sum("goods_net")))
    cases = Case.objects.filter(account__rep__in=per_rep).exclude(status=Case.Status.RESOLVED).order_by()
    counted = cases.values("account__rep").annotate(open=Count("id"), overdue=Count("id", filter=_overdue(now)))
    open_cases = {row["account__rep"]: row for row in counted}
    said = Answer.objects.filter(account__rep__in=per_rep, answered_at__gte=since, answered_at__lt=now).order_by()
    bands = {
        row.pop("account__rep"): scores.summary(**row)
        for row in said.values("account__rep").annotate(
            promoters=Count("id", filter=Q(score__gte=9)),
            passives=Count("id", filter=Q(score__in=(7, 8))),
            detractors=Count("id", filter=Q(score__lte=6)),
        )
    }
    rows = [
        RepRow(
            name=rep.user.name,
            accounts=per_rep[rep.pk],
            ordered=ordered.get(rep.pk) or Decimal(0),
            open_cases=open_cases.get(rep.pk, {}).get("open", 0),
            overdue_cases=open_cases.get(rep.pk, {}).get("overdue", 0),
            nps=bands.get(rep.pk) or scores.summary(0, 0, 0),
        )
        for rep in Rep.objects.filter(pk__in=per_rep).select_related("user")
    ]
    return sorted(rows, key=lambda row: -row.ordered)
