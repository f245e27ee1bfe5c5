from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from apps.accounts.models import Contact
from apps.core.scoping import Actor
from apps.feedback import rules
from apps.feedback.models import Answer, Invitation
from apps.ordering.models import Order

_COUNTS = {
    "promoters": Count("id", filter=Q(score__gte=9)),
    "passives": Count("id", filter=Q(score__gte=7, score__lte=8)),
    "detractors": Count("id", filter=Q(score__lte=6)),
}


def answers_of(
    actor: Actor,
    *,
    account_id: int | None = None,
    since: datetime | None = None,
    band: str = "",
    before: datetime | None = None,
    limit: int = 25,
) -> list[Answer]:
    """Answers, newest first, with account, contact, shipment and order. One query."""
    answers = _seen(actor, since=since).select_related("account", "contact", "invitation__shipment__order")
    if account_id is not None:
        answers = answers.filter(account_id=account_id)
    if before is not None:
        answers = answers.filter(answered_at__lt=before)
    bands = {"promoter": Q(score__gte=9), "passive": Q(score__in=(7, 8)), "detractor": Q(score__lte=6)}
    return list(answers.filter(bands.get(band, Q())).order_by("-answered_at", "-id")[:limit])


def nps_of(actor: Actor, *, since: datetime, until: datetime, account_id: int | None = None) -> rules.Nps:
    """The NPS of a period with its 95% interval, the cluster-robust one where that is wider. One query."""
    answers = _seen(actor, since=since, until=until)
    if account_id is not None:
        answers = answers.filter(account_id=account_id)
    rows = list(_by_account(answers))
    counts = {name: sum(row[name] for row in rows) for name in _COUNTS}
    return rules.summary(**counts, voices=[_voice(row) for row in rows])


def _by_account(answers: QuerySet[Answer]):
    return answers.order_by().values("account_id").annotate(**_COUNTS).values("account_id", *_COUNTS)


def _voice(row: dict, revenue: Decimal = Decimal(0)) -> rules.Voice:
    n = row["promoters"] + row["passives"] + row["detractors"]
    return rules.Voice(n=n, total=row["promoters"] - row["detractors"], revenue=revenue)


@dataclass(frozen=True, slots=True)
class Month:
    """The answers of a calendar month (its first day) with their NPS."""

    starts_on: date
    nps: rules.Nps


def nps_by_month(actor: Actor, *, since: datetime, until: datetime) -> list[Month]:
    """NPS month by month, oldest first; months without an answer are left out. One query."""
    months = _seen(actor, since=since, until=until).annotate(month=TruncMonth("answered_at")).values("month")
    return [
        Month(row.pop("month").date(), rules.summary(**row))
        for row in months.annotate(**_COUNTS).order_by("month").values("month", *_COUNTS)
    ]


@dataclass(frozen=True, slots=True)
class Weighted:
    """NPS by revenue in points, how many equal voices that is worth, and the share of revenue that was heard."""

    score: float | None
    n_eff: float
    coverage: rules.Coverage


def weighted_nps_of(actor: Actor, *, since: datetime, until: datetime) -> Weighted:
    """Each account's answers count by what it ordered in the period; with coverage. Three queries."""
    orders = Order.objects.visible_to(actor).filter(placed_at__gte=since, placed_at__lt=until)
    orders = orders.exclude(status__in=(Order.Status.CANCELLED, Order.Status.DECLINED))
    revenue = dict(orders.order_by().values_list("account_id").annotate(Sum("goods_net")))
    answers = _seen(actor, since=since, until=until)
    voices = {
        row["account_id"]: _voice(row, revenue.get(row["account_id"], Decimal(0))) for row in _by_account(answers)
    }
    weighted = rules.revenue_weighted(voices.values())
    enough = sum(voice.n for voice in voices.values()) >= rules.MINIMUM_ANSWERS
    return Weighted(
        score=100 * weighted[0] if weighted and enough else None,
        n_eff=weighted[1] if weighted else 0.0,
        coverage=_coverage(revenue, voices, answers),
    )


def _coverage(revenue: dict[int, Decimal], voices: dict[int, rules.Voice], answers) -> rules.Coverage:
    heard = [revenue[account_id] for account_id in voices if account_id in revenue]
    roles = answers.order_by().values_list("contact__role", flat=True).distinct()
    return rules.coverage(
        revenue_answered=sum(heard, Decimal(0)),
        revenue=sum(revenue.values(), Decimal(0)),
        accounts_answered=len(heard),
        accounts=len(revenue),
        roles_answered=sum(role is not None for role in roles),
        roles=len(Contact.Role.values),
    )


def not_asked(actor: Actor, *, since: datetime, until: datetime) -> list[tuple[str, int]]:
    """Why deliveries were not asked about: (reason in words, how many), the most frequent first. One query."""
    decided = Invitation.objects.visible_to(actor).filter(decided_at__gte=since, decided_at__lt=until)
    withheld = decided.filter(state__in=(Invitation.State.SUPPRESSED, Invitation.State.CANCELLED)).order_by()
    counts = withheld.values_list("reason").annotate(count=Count("id")).order_by("-count", "reason")
    return [(str(Invitation.Reason(reason).label), count) for reason, count in counts]


def _seen(actor: Actor, *, since: datetime | None = None, until: datetime | None = None) -> QuerySet[Answer]:
    answers = Answer.objects.visible_to(actor)
    if since is not None:
        answers = answers.filter(answered_at__gte=since)
    return answers if until is None else answers.filter(answered_at__lt=until)
