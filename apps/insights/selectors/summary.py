"""The house on one page: what customers say, what was earned, what may be lost, what to fix first.

Kept as the manager's figures are: where reckoning takes longer than a reader should wait, for ten minutes.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.cache import cache

from apps.core.scoping import Actor
from apps.feedback import rules as scores
from apps.feedback import selectors as feedback
from apps.insights.models import FailureCost
from apps.insights.rules import year_of_months
from apps.insights.selectors.account_sums import sums_of
from apps.insights.selectors.added_up import Stake, kept_lately
from apps.insights.selectors.effects import failure_costs
from apps.insights.selectors.growth import Grown, growth_of
from apps.insights.selectors.house import KEPT_FOR
from apps.insights.selectors.rolled import months_of
from apps.insights.selectors.scores import told_of

SUMMARY_KEPT_AS = "insights.summary"


@dataclass(frozen=True, slots=True)
class Summary:
    """`now`, `before`, `change`, `months` and `weighted` as in `Feedback`; `deliveries` and `perfect` as in `Manager`;
    `at_risk` what unhappy accounts ordered within a year. Sums are in `currency`, that of the house."""

    now: scores.Nps
    before: scores.Nps
    change: float | None
    months: list[feedback.Month]
    weighted: feedback.Weighted
    deliveries: int
    perfect: float | None
    at_risk: Stake
    grown: Grown
    costs: list[FailureCost]
    currency: str
    as_of: datetime


def summary_of(actor: Actor, *, now: datetime) -> Summary:
    """What the actor may see, at most ten minutes old. Nothing but the cache where kept, else ten queries."""
    kept = cache.get(SUMMARY_KEPT_AS) if actor.sees_everything else None
    return kept if kept and now - kept.as_of < KEPT_FOR else summary_reckoned(actor, now=now)


def summary_reckoned(actor: Actor, *, now: datetime) -> Summary:
    """The same as of `now`."""
    sums = sums_of(actor, now=now)
    told, kept = told_of(actor, sums, now=now), kept_lately(actor, sums)
    return Summary(
        now=told.now,
        before=told.before,
        change=told.change,
        months=months_of(actor, **year_of_months(now)._asdict()),
        weighted=told.weighted,
        deliveries=kept.deliveries,
        perfect=kept.perfect,
        at_risk=told.stake,
        grown=growth_of(actor, sums, now=now),
        costs=failure_costs(actor),
        currency=settings.HOME_CURRENCY,
        as_of=now,
    )
