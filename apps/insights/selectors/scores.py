"""What customers say and how the house does: the pages for reps and for managers."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.conf import settings
from django.db.models import Count, Q

from apps.accounts.models import Account
from apps.cases.models import Case
from apps.core.money import ZERO
from apps.core.scoping import Actor
from apps.feedback import rules as scores
from apps.feedback import selectors as feedback
from apps.feedback.models import Answer
from apps.feedback.selectors import Month, Weighted
from apps.fulfilment.selectors.kept import kept_in
from apps.insights.rules import period, year_of_months
from apps.insights.selectors.rolled import heard_in, months_of
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
    heard: list[feedback.Heard]
    bought: Revenue


def feedback_page(actor: Actor, *, now: datetime, band: str = "", limit: int = 25) -> Feedback:
    """The last 90 days and the 90 before, month by month, the latest answers, why others were not asked. 6 queries."""
    last = period("now", now)._asdict()
    heard, bought = heard_in(actor, **last), feedback.bought_by(actor, **last)
    current = feedback.nps_in(heard)
    before = feedback.nps_in(heard_in(actor, **period("before", now)._asdict()))
    return Feedback(
        now=current,
        before=before,
        change=scores.change_shown(before, current),
        months=months_of(actor, **year_of_months(now)._asdict()),
        weighted=feedback.weighted_nps_in(heard, bought),
        answers=feedback.answers_of(actor, since=now - TREND, band=band, limit=limit),
        not_asked=feedback.not_asked(actor, **last),
        heard=heard,
        bought=bought,
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
    """The last 90 days of everything the actor may see. Ten queries."""
    since, until = period("now", now)
    said, cases = feedback_page(actor, now=now, limit=8), _cases(actor, since, now)
    at_risk, kept = ordered_by_unhappy(said.heard, now), kept_in(actor, since=since, until=until)
    return Manager(
        feedback=said,
        deliveries=kept.deliveries,
        perfect=kept.perfect,
        late=kept.late,
        short=kept.short,
        damaged=kept.damaged,
        wrong=kept.wrong,
        open_cases=sum(row.open for row in cases),
        overdue_cases=sum(row.overdue for row in cases),
        causes=_causes(cases),
        at_risk=at_risk.total,
        at_risk_accounts=len(at_risk.by_account) + len(at_risk.unknown),
        reps=_reps(actor, cases, said),
        currency=settings.HOME_CURRENCY,
        left_out=said.bought.left_out,
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
    unhappy = [each.account_id for each in heard if each.detractors]
    return revenue_of(Order.objects.filter(account__in=unhappy, placed_at__gte=now - TREND))


def _reps(actor: Actor, cases: list[_Cases], said: Feedback) -> list[RepRow]:
    """One query; what was read already is added up by rep."""
    looked_after = Account.objects.visible_to(actor).filter(rep__isnull=False).order_by()
    names, accounts, ordered = {}, Counter(), Counter()
    for account_id, rep_id, name, is_active in looked_after.values_list("pk", "rep_id", "rep__user__name", "is_active"):
        names[rep_id] = name
        accounts[rep_id] += is_active
        ordered[rep_id] += said.bought.by_account.get(account_id, ZERO)
    rows = [
        RepRow(
            name=name,
            accounts=accounts[rep_id],
            ordered=ordered[rep_id],
            open_cases=sum(row.open for row in cases if row.rep_id == rep_id),
            overdue_cases=sum(row.overdue for row in cases if row.rep_id == rep_id),
            nps=feedback.nps_in([each for each in said.heard if each.rep_id == rep_id]),
        )
        for rep_id, name in names.items()
        if accounts[rep_id]
    ]
    return sorted(rows, key=lambda row: (-row.ordered, row.name))
