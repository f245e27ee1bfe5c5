"""How well promises are kept: how fast cases are answered, and which accounts may be lost."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Aggregate, Count, DurationField, F, Max, Q
from django.db.models.functions import Coalesce

from apps.accounts.models import Account
from apps.cases.models import Case
from apps.core.money import ZERO
from apps.core.scoping import Actor
from apps.feedback.models import Answer
from apps.insights.rules import period
from apps.insights.selectors.rolled import heard_in
from apps.insights.selectors.scores import ordered_by_unhappy
from apps.ordering.models import Order
from apps.ordering.selectors import rhythms_of
from apps.ordering.selectors.revenue import Revenue, revenue_of

YEAR = timedelta(days=365)
UNHAPPY = 6


@dataclass(frozen=True, slots=True)
class Response:
    """A step of the cases of a period: how many have taken it or are past its deadline, the share in time, the median
    time it took (None where none has)."""

    step: str
    counted: int
    in_time: float | None
    usual: timedelta | None


_STEPS = (
    ("acknowledge", "acknowledged_at", "acknowledge_by"),
    ("answer", "answered_at", "answer_by"),
    ("resolve", "resolved_at", "resolve_by"),
)


class Median(Aggregate):
    """The middle one; between two the mean of both."""

    function, template = "PERCENTILE_CONT", "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


def responses_of(actor: Actor, *, since: datetime, now: datetime) -> list[Response]:
    """How the cases opened since then were acknowledged, answered and resolved. One query.

    What is still open counts only once its deadline has passed: as not in time.
    """
    opened = Case.objects.visible_to(actor).filter(opened_at__gte=since, opened_at__lt=now, merged_into=None)
    found = opened.aggregate(**{name: figure for step in _STEPS for name, figure in _figures(*step, now)})
    return [_response(step, found) for step, _done, _due in _STEPS]


def _figures(step: str, done: str, due: str, now: datetime) -> Iterator[tuple[str, Aggregate]]:
    taken = Q(**{f"{done}__isnull": False})
    yield f"{step}_counted", Count("id", filter=taken | Q(**{f"{due}__lt": now}))
    yield f"{step}_in_time", Count("id", filter=taken & Q(**{f"{done}__lte": F(due)}))
    yield f"{step}_usual", Median(F(done) - Coalesce("reopened_at", "opened_at"))


def _response(step: str, found: dict) -> Response:
    counted, in_time = found[f"{step}_counted"], found[f"{step}_in_time"]
    return Response(step, counted, in_time / counted if counted else None, found[f"{step}_usual"])


@dataclass(frozen=True, slots=True)
class AtRisk:
    """An account that may be lost. `ordered` is what it ordered in a year, net, in the house's currency (None: nothing
    says what its own is worth); `score` its latest unhappy answer; `days_over` the days beyond its usual gap between
    orders (0: it orders as ever)."""

    account: Account
    ordered: Decimal | None
    score: int | None
    days_over: int
    last_order_at: datetime | None

    @property
    def signs(self) -> int:
        return (self.score is not None) + (self.days_over > 0)


def at_risk(actor: Actor, *, since: datetime, now: datetime, limit: int = 15) -> list[AtRisk]:
    """Accounts that gave an unhappy answer since then, or order less often than is their way. Six queries.

    Both signs come before one; then what it ordered in the last year counts. What cannot be stated in the house's
    currency stands before what can: it may be the largest.
    """
    unhappy = _unhappy(actor, since, now)
    over = _over_rhythm(actor, now)
    ids = list(unhappy.keys() | over.keys())
    orders = Order.objects.filter(account__in=ids, placed_at__gte=now - YEAR)
    revenue = revenue_of(orders)
    bought = orders.exclude(status__in=(Order.Status.CANCELLED, Order.Status.DECLINED)).order_by()
    latest = dict(bought.values_list("account").annotate(Max("placed_at")))
    accounts = Account.objects.select_related("rep__user").in_bulk(ids)
    rows = []
    for account_id in ids:
        net = None if account_id in revenue.unknown else revenue.by_account.get(account_id, ZERO)
        signs = unhappy.get(account_id), over.get(account_id, 0)
        rows.append(AtRisk(accounts[account_id], net, *signs, latest.get(account_id)))
    return sorted(rows, key=_urgency)[:limit]


def unhappy_accounts(actor: Actor, *, now: datetime) -> tuple[list[tuple[Account, Decimal | None]], Revenue]:
    """The accounts with an unhappy answer in the last 90 days, with what they ordered in a year in the house's currency
    (None: nothing says what its own is worth), the most first; and what that comes to. Three queries."""
    revenue = ordered_by_unhappy(heard_in(actor, **period("now", now)._asdict()), now)
    accounts = Account.objects.select_related("rep__user").in_bulk([*revenue.by_account, *revenue.unknown])
    rows = [(account, revenue.by_account.get(pk)) for pk, account in accounts.items()]
    return sorted(rows, key=lambda row: (row[1] is not None, -(row[1] or ZERO), row[0].name)), revenue


def _urgency(row: AtRisk) -> tuple:
    return -row.signs, row.ordered is not None, -(row.ordered or ZERO), row.account.name


def _unhappy(actor: Actor, since: datetime, now: datetime) -> dict[int, int]:
    """Account id -> its latest answer of the period, where that is an unhappy one."""
    said = Answer.objects.nps().visible_to(actor).filter(answered_at__gte=since, answered_at__lt=now)
    latest = said.order_by("account", "-answered_at").distinct("account").values_list("account", "score")
    return {account_id: score for account_id, score in latest if score <= UNHAPPY}


def _over_rhythm(actor: Actor, now: datetime) -> dict[int, int]:
    """Account id -> days beyond its usual gap, for the accounts that have ordered within a year and are over it by
    half of that gap."""
    ordering = Order.objects.visible_to(actor).filter(placed_at__gte=now - YEAR, account__is_active=True)
    ids = ordering.order_by().values_list("account", flat=True).distinct()
    rhythms = rhythms_of(ids, now=now).items()
    over = {account_id: rhythm.days_over(now.date()) for account_id, rhythm in rhythms}
    return {account_id: over[account_id] for account_id, rhythm in rhythms if over[account_id] > rhythm.usual_gap / 2}
