"""What customers say and how the house does: the pages for reps and for managers."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.conf import settings
from django.db.models import Count, Q

from apps.accounts.models import Rep
from apps.cases.models import Case
from apps.core.scoping import Actor
from apps.feedback import rules as scores
from apps.feedback import selectors as feedback
from apps.feedback.models import Answer
from apps.feedback.selectors import Month, Weighted
from apps.insights.rules import period, year_of_months
from apps.insights.selectors.account_sums import Sums, sums_of
from apps.insights.selectors.added_up import (
    Bought,
    Row,
    Stake,
    all_at_stake,
    all_bought,
    bought_by_rep,
    kept_lately,
    roles_heard,
    said_by_rep,
    said_in,
    together,
    weighted_nps,
)
from apps.insights.selectors.rolled import months_of
from apps.ordering.models import Order
from apps.ordering.selectors.revenue import LeftOut, Revenue, revenue_of

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


class Told(NamedTuple):
    """What accounts say and bought, of all of them and by rep; `stake` of those that are unhappy."""

    now: scores.Nps
    before: scores.Nps
    weighted: Weighted
    said: list[Row]
    bought: list[Bought]
    stake: Stake

    @property
    def change(self) -> float | None:
        return scores.change_shown(self.before, self.now)


def told_of(actor: Actor, sums: Sums, *, now: datetime) -> Told:
    """The last 90 days and the 90 before. Four queries."""
    last, before = (period(name, now)._asdict() for name in ("now", "before"))
    found, bought = said_by_rep(actor, sums, **last), bought_by_rep(actor, sums)
    said = [row for row, _stake in found]
    whole, stake = together(said), all_at_stake(stake for _row, stake in found)
    weighted = weighted_nps(whole, all_bought(bought), roles_heard(actor, **last))
    return Told(whole.nps, said_in(actor, **before).nps, weighted, said, bought, stake)


def feedback_page(actor: Actor, *, now: datetime, band: str = "", limit: int = 25) -> Feedback:
    """The last 90 days and the 90 before, month by month, the latest answers, why others were not asked. 8 queries."""
    return _feedback(actor, told_of(actor, sums_of(actor, now=now), now=now), now, band, limit)


def _feedback(actor: Actor, told: Told, now: datetime, band: str = "", limit: int = 8) -> Feedback:
    return Feedback(
        now=told.now,
        before=told.before,
        change=told.change,
        months=months_of(actor, **year_of_months(now)._asdict()),
        weighted=told.weighted,
        answers=feedback.answers_of(actor, since=now - TREND, band=band, limit=limit),
        not_asked=feedback.not_asked(actor, **period("now", now)._asdict()),
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
    """How the house does. `perfect` is the share of deliveries without any fault (`fulfilment.selectors.kept`);
    `at_risk` what the accounts with an unhappy answer in the period ordered within a year. Sums are in `currency`, that
    of the house; `left_out` are the accounts of the reps' sums whose currency has no exchange rate."""

    feedback: Feedback
    deliveries: int
    perfect: float | None
    late: int
    short: int
    damaged: int
    wrong: int
    open_cases: int
    overdue_cases: int
    causes: list[tuple[str, int]]
    at_risk: Decimal
    at_risk_accounts: int
    reps: list[RepRow]
    currency: str
    left_out: LeftOut


def manager_page(actor: Actor, *, now: datetime) -> Manager:
    """The last 90 days of everything the actor may see. Eleven queries."""
    sums = sums_of(actor, now=now)
    told, cases = told_of(actor, sums, now=now), _cases(actor, period("now", now).since, now)
    kept = kept_lately(actor, sums)
    return Manager(
        feedback=_feedback(actor, told, now),
        deliveries=kept.deliveries,
        perfect=kept.perfect,
        late=kept.late,
        short=kept.short,
        damaged=kept.damaged,
        wrong=kept.wrong,
        open_cases=sum(row.open for row in cases),
        overdue_cases=sum(row.overdue for row in cases),
        causes=_causes(cases),
        at_risk=told.stake.total,
        at_risk_accounts=told.stake.accounts + told.stake.unknown,
        reps=_reps(cases, told),
        currency=settings.HOME_CURRENCY,
        left_out=told.weighted.left_out,
    )


class _Cases(NamedTuple):
    """Cases of one rep's accounts with one cause: opened in the period, open now, open and overdue."""

    rep_id: int | None
    cause: str
    opened: int
    open: int
    overdue: int


def _cases(actor: Actor, since: datetime, now: datetime) -> list[_Cases]:
    """One query."""
    in_period, is_open = Q(opened_at__gte=since), ~Q(status__in=Case.CLOSED)
    cases = Case.objects.visible_to(actor).filter(in_period | is_open).order_by()
    counted = cases.values_list("account__rep_id", "cause").annotate(
        opened=Count("id", filter=in_period),
        open=Count("id", filter=is_open),
        overdue=Count("id", filter=is_open & _overdue(now)),
    )
    return [_Cases(*row) for row in counted]


def _causes(cases: list[_Cases]) -> list[tuple[str, int]]:
    """Cause in words and how many cases of the period had it, the most frequent first."""
    counts: Counter[str] = Counter()
    for row in cases:
        counts[row.cause] += row.opened
    named = [(Case.Cause(cause).label, count) for cause, count in counts.items() if count]
    return sorted(named, key=lambda each: (-each[1], str(each[0])))


def _overdue(now: datetime) -> Q:
    """Cases whose next step is overdue."""
    return (
        Q(acknowledged_at=None, acknowledge_by__lt=now) | Q(answered_at=None, answer_by__lt=now) | Q(resolve_by__lt=now)
    )


def ordered_by_unhappy(heard: Iterable[feedback.Heard], now: datetime) -> Revenue:
    """What the accounts with an unhappy answer among those ordered within a year. One query at most."""
    unhappy, year = [each.account_id for each in heard if each.detractors], period("year", now)
    orders = Order.objects.filter(account__in=unhappy, placed_at__gte=year.since, placed_at__lt=year.until)
    return revenue_of(orders)


def _reps(cases: list[_Cases], told: Told) -> list[RepRow]:
    """One query; what was read already is added up by rep."""
    bought = {row.rep_id: row for row in told.bought if row.rep_id is not None and row.active}
    said = {row.key: row for row in told.said}
    names = Rep.objects.filter(pk__in=bought).values_list("pk", "user__name")
    rows = [
        RepRow(
            name=name,
            accounts=bought[rep_id].active,
            ordered=bought[rep_id].ordered,
            open_cases=sum(row.open for row in cases if row.rep_id == rep_id),
            overdue_cases=sum(row.overdue for row in cases if row.rep_id == rep_id),
            nps=said.get(rep_id, Row(rep_id)).nps,
        )
        for rep_id, name in names
    ]
    return sorted(rows, key=lambda row: (-row.ordered, row.name))
