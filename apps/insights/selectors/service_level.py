"""How well promises are kept: how fast cases are answered, and which accounts may be lost."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django.db.models import Aggregate, Count, DurationField, F, Q
from django.db.models.functions import Coalesce

from apps.accounts.models import Account
from apps.cases.models import Case
from apps.core.money import ZERO
from apps.core.scoping import Actor
from apps.insights.rules import period
from apps.insights.selectors.account_sums import rows_of, sums_of
from apps.insights.selectors.rolled import asked_by, heard_in, whose
from apps.insights.selectors.scores import ordered_by_unhappy
from apps.ordering.rules.rhythms import GAPS_FOR_A_RHYTHM, LOST_AFTER_DAYS
from apps.ordering.selectors.revenue import Revenue

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


_AT_RISK = """
SELECT id, ordered, score, over, last_order_at FROM (
    SELECT acc.id, acc.name, CASE WHEN cardinality(t.ordered_year_in) = 0 THEN t.ordered_year END AS ordered,
        CASE WHEN t.last_score <= %(unhappy)s THEN t.last_score END AS score,
        CASE WHEN acc.is_active AND t.orders_year > 0 AND t.gaps >= %(gaps)s AND days.since <= %(lost)s
            AND 2 * (days.since - t.usual_gap) > t.usual_gap THEN days.since - t.usual_gap ELSE 0 END AS over,
        t.last_order_at
    FROM accounts_account acc JOIN {rows} t ON t.account_id = acc.id,
        LATERAL (SELECT %(today)s::date - t.last_on AS since) days
    WHERE {whose}
) signs WHERE score IS NOT NULL OR over > 0
ORDER BY (score IS NOT NULL)::int + (over > 0)::int DESC, ordered IS NOT NULL, ordered DESC, name COLLATE "C"
LIMIT %(limit)s
"""


def at_risk(actor: Actor, *, now: datetime, limit: int = 15) -> list[AtRisk]:
    """Accounts whose latest answer of 90 days is an unhappy one, or that ordered within a year and are over their
    rhythm by half of their usual gap. Three queries.

    Both signs come before one; then what it ordered in the last year counts. What cannot be stated in the house's
    currency stands before what can: it may be the largest.
    """
    sums = sums_of(actor, now=now)
    said = {"unhappy": UNHAPPY, "gaps": GAPS_FOR_A_RHYTHM, "lost": LOST_AFTER_DAYS, "limit": limit}
    said |= asked_by(actor) | {"today": now.astimezone(UTC).date()} | sums.said
    rows = rows_of(_AT_RISK.format(rows=sums.rows, whose=whose(actor)), said)
    accounts = Account.objects.select_related("rep__user").in_bulk([row[0] for row in rows])
    return [AtRisk(accounts[account_id], *signs) for account_id, *signs in rows]


def unhappy_accounts(actor: Actor, *, now: datetime) -> tuple[list[tuple[Account, Decimal | None]], Revenue]:
    """The accounts with an unhappy answer in the last 90 days, with what they ordered in a year in the house's currency
    (None: nothing says what its own is worth), the most first; and what that comes to. Three queries."""
    revenue = ordered_by_unhappy(heard_in(actor, **period("now", now)._asdict()), now)
    accounts = Account.objects.select_related("rep__user").in_bulk([*revenue.by_account, *revenue.unknown])
    rows = [(account, revenue.by_account.get(pk)) for pk, account in accounts.items()]
    return sorted(rows, key=lambda row: (row[1] is not None, -(row[1] or ZERO), row[0].name)), revenue
