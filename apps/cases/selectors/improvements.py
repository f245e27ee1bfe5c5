"""What the house improves, and what came of it."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, DateField, ExpressionWrapper, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from apps.accounts.models import Rep
from apps.cases.errors import ImprovementNotFound
from apps.cases.models import Case, Improvement
from apps.cases.rules import PERIOD, Measure
from apps.fulfilment.models import DeliveryFact


@dataclass(frozen=True, slots=True)
class Improved:
    """An improvement with what was measured before it began and since it is done; None where that lies ahead."""

    improvement: Improvement
    before: Measure | None
    after: Measure | None


def improvement_for(pk: int) -> Improvement:
    """Raises `ImprovementNotFound`."""
    found = Improvement.objects.select_related("owner__user").filter(pk=pk).first()
    if found is None:
        raise ImprovementNotFound
    return found


def improvements_measured(limit: int = 100) -> list[Improved]:
    """The latest first, with their measures. One query."""
    counted = Improvement.objects.select_related("owner__user").annotate(
        before_from=ExpressionWrapper(F("started_on") - PERIOD, DateField()),
        after_until=ExpressionWrapper(F("done_on") + PERIOD, DateField()),
        **_counts("before", OuterRef("before_from"), OuterRef("started_on")),
        **_counts("after", OuterRef("done_on"), OuterRef("after_until")),
    )
    return [
        Improved(each, _measure(each, "before", each.started_on), _measure(each, "after", each.done_on))
        for each in counted[:limit]
    ]


def improvements_under_way() -> list[Improvement]:
    """Those planned or begun and not done, the latest first. One query."""
    return list(Improvement.objects.filter(done_on=None).order_by("-created_at", "-id")[:100])


def improvements_told(limit: int = 20) -> list[Improvement]:
    """What customers may read, the latest first. One query."""
    return list(Improvement.objects.filter(published_at__isnull=False).order_by("-published_at")[:limit])


def owners_of_improvements() -> list[tuple[int, str]]:
    """(id, name) of everybody who may own one. One query."""
    people = Rep.objects.filter(user__is_active=True).select_related("user").order_by("user__name", "pk")
    return [(rep.pk, rep.user.name) for rep in people]


def _counts(name: str, since: OuterRef, until: OuterRef) -> dict[str, Coalesce]:
    """Cases of the improvement's cause, detractors among them, and deliveries, from a day up to another."""
    days = {"opened_at__date__gte": since, "opened_at__date__lt": until}
    cases = Case.objects.filter(**days, cause=OuterRef("cause"), account__is_test=False)
    came = DeliveryFact.objects.filter(delivered_on__gte=since, delivered_on__lt=until, account__is_test=False)
    return {
        f"{name}_cases": _count(cases),
        f"{name}_detractors": _count(cases.filter(origin=Case.Origin.SURVEY)),
        f"{name}_deliveries": _count(came),
    }


def _count(rows: QuerySet) -> Coalesce:
    one = rows.order_by().annotate(one=Value(1)).values("one")
    return Coalesce(Subquery(one.annotate(count=Count("pk")).values("count")), 0)


def _measure(each: Improvement, name: str, day: date | None) -> Measure | None:
    if day is None:
        return None
    return Measure(*(getattr(each, f"{name}_{what}") for what in ("cases", "detractors", "deliveries")))
