"""What stands behind a score: how the answers are spread, and what they say it had to do with."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Func, TextField

from apps.core.scoping import Actor
from apps.feedback.models import Answer
from apps.feedback.rules import DRIVERS, nps_band


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
    """Scores and drivers of the answers of a period. Two queries."""
    answers = Answer.objects.nps().visible_to(actor).filter(answered_at__gte=since, answered_at__lt=until).order_by()
    if account_id is not None:
        answers = answers.filter(account_id=account_id)
    scores = dict(answers.values_list("score").annotate(Count("pk")))
    named: Counter[tuple[str, str]] = Counter()
    for score, code, count in answers.values_list("score", _Named("drivers")).annotate(Count("pk")):
        named[code, nps_band(score)] += count
    bands = ("promoter", "passive", "detractor")
    drivers = (Driver(code, *(named[code, band] for band in bands)) for code in DRIVERS)
    return Voices(
        tuple(scores.get(score, 0) for score in range(11)), tuple(sorted(drivers, key=lambda one: -one.named))
    )


class _Named(Func):
    """Each of what an answer names."""

    function, output_field, set_returning = "jsonb_array_elements_text", TextField(), True
