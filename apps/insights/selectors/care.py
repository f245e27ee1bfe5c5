"""One account as its rep looks after it: class, when it is due, health and its trend, targets."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from apps.accounts.models import Account
from apps.core.money import ZERO
from apps.core.scoping import Actor
from apps.insights.models import HealthScore, RevenueTarget
from apps.insights.rules.cover import Cover, Due, due_of, grade_of, worth_of
from apps.insights.rules.health import Health
from apps.insights.rules.targets import QUARTER, YEAR, Pace, pace_of, period_of
from apps.insights.selectors.territory import A_MONTH, Talked, cover_rules, latest_health, talked_with
from apps.invoicing.selectors.revenue import invoiced_of

TREND = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Care:
    """`trend` is (day, score), the oldest first; `before` the score of a month ago."""

    grade: str
    rule: Cover
    due: Due
    talked: Talked
    health: int | None
    before: int | None
    trend: tuple[tuple[object, int], ...]
    quarter: Pace | None
    year: Pace | None

    @property
    def tone(self) -> str:
        return Health(self.health, ()).tone


def care_of(actor: Actor, account: Account, *, now: datetime) -> Care:
    """Of an account the actor may see. Seven queries at most."""
    on, pk = timezone.localdate(now), account.pk
    rules, score, before = cover_rules(), latest_health([pk], on).get(pk), latest_health([pk], on - A_MONTH).get(pk)
    grade = grade_of(worth_of(score.a_year, score.potential) if score else ZERO, rules)
    talked = talked_with([pk]).get(pk, Talked())
    scores = HealthScore.objects.filter(account=pk, on__gt=on - TREND, on__lte=on, score__isnull=False)
    quarter, year = _paces(account, on)
    return Care(
        grade, rules[grade], due_of(rules[grade], talked.visit_on, talked.contact_on, on), talked,
        score.score if score else None, before.score if before else None,
        tuple(scores.order_by("on").values_list("on", "score")), quarter, year,
    )  # fmt: skip


def _paces(account: Account, on) -> tuple[Pace | None, Pace | None]:
    spans = {kind: period_of(kind, on) for kind in (QUARTER, YEAR)}
    rows = RevenueTarget.objects.filter(account=account, starts_on__in=[span[0] for span in spans.values()])
    amounts = {(row.period, row.starts_on): row.amount for row in rows}
    wanted = {kind: amounts.get((kind, span[0])) for kind, span in spans.items()}
    if not any(wanted.values()):
        return None, None
    done = invoiced_of([account.pk], *spans.values())
    paces = [
        pace_of(wanted[kind], done.of(account.pk, place), *spans[kind], on) if wanted[kind] else None
        for place, kind in enumerate(spans)
    ]
    return paces[0], paces[1]
