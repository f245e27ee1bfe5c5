"""What stands behind a score: how the answers are spread, and what they say it had to do with."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Count, Func, Sum, TextField

from apps.core.scoping import Actor
from apps.feedback.models import Answer
from apps.feedback.rules import DRIVERS, nps_band
from apps.insights.models import SaidOfDay, SumsStand
from apps.insights.rules import midnight, named
from apps.insights.selectors.account_sums import SAID, rows_of
from apps.insights.selectors.rolled import asked_by, whose

_BANDS = ("promoter", "passive", "detractor")


@dataclass(frozen=True, slots=True)
class Driver:
    """How often something was named by who praises (9 or 10), who is content (7 or 8), who is unhappy (0 to 6)."""

    code: str
    promoters: int
    passives: int
    detractors: int

    @property
    def named(self) -> int:
        return self.promoters + self.passives + self.detractors


@dataclass(frozen=True, slots=True)
class Voices:
    """`scores` has eleven counts, of the answers 0 to 10; `drivers` the most often named first."""

    scores: tuple[int, ...]
    drivers: tuple[Driver, ...]

    @property
    def n(self) -> int:
        return sum(self.scores)


def voices_of(actor: Actor, *, since: datetime, until: datetime, account_id: int | None = None) -> Voices:
    """Scores and drivers of the answers of a period. Four queries at most.

    What the whole house said in whole days is read from the sums of these days, where all that is counted is told by
    day; what some accounts said in the 90 days until today from their sums (`account_sums`); else from the answers.
    """
    whole_days = all(at == midnight(at.astimezone(UTC).date()) for at in (since, until))
    if whole_days and actor.sees_everything and account_id is None and SumsStand.objects.exclude(day=None).exists():
        said = SaidOfDay.objects.filter(day__gte=since.astimezone(UTC).date(), day__lt=until.astimezone(UTC).date())
        counts = Counter(dict(said.order_by().values_list("said").annotate(Sum("n"))))
    else:
        counts = _kept(actor, since, until, account_id) or _counts_of(actor, since, until, account_id)
    drivers = (Driver(code, *(counts[f"{band}:{code}"] for band in _BANDS)) for code in DRIVERS)
    return Voices(
        tuple(counts[f"score:{score}"] for score in range(11)), tuple(sorted(drivers, key=lambda one: -one.named))
    )


def _kept(actor: Actor, since: datetime, until: datetime, account_id: int | None) -> Counter[str] | None:
    """The same from the sums of the accounts; None where those are not of the period. Two queries at most."""
    days = [day for name, day in named(since, until) if name == "now"]
    if not days or not SumsStand.objects.filter(accounts_on=days[0]).exists():
        return None
    columns = ", ".join(f"coalesce(sum(t.said[{place}]), 0)::int" for place in range(1, len(SAID) + 1))
    of = "acc.id = %(account)s" if account_id is not None else "TRUE"
    query = f"""
        SELECT {columns} FROM accounts_account acc JOIN insights_accountsums t ON t.account_id = acc.id
        WHERE {of} AND {whose(actor)}
    """
    (sums,) = rows_of(query, asked_by(actor) | {"account": account_id})
    return Counter(dict(zip(SAID, sums, strict=True)))


def _counts_of(actor: Actor, since: datetime, until: datetime, account_id: int | None) -> Counter[str]:
    """What was said and how often, as `CountedAnswer.said` puts it. Two queries."""
    answers = Answer.objects.nps().visible_to(actor).filter(answered_at__gte=since, answered_at__lt=until).order_by()
    if account_id is not None:
        answers = answers.filter(account_id=account_id)
    counts = Counter({f"score:{score}": n for score, n in answers.values_list("score").annotate(Count("pk"))})
    for score, code, n in answers.values_list("score", _Named("drivers")).annotate(Count("pk")):
        counts[f"{nps_band(score)}:{code}"] += n
    return counts


class _Named(Func):
    """Each of what an answer names."""

    function, output_field, set_returning = "jsonb_array_elements_text", TextField(), True
