from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import Rep
from apps.accounts.services import demand
from apps.cases.errors import ImprovementNotFound, ImprovementRefused
from apps.cases.models import Case, Improvement
from apps.core.events import record
from apps.core.scoping import Actor

_REQUIRED = ("title", "hypothesis")


@transaction.atomic
def keep_improvement(
    actor: Actor,
    pk: int | None = None,
    *,
    title: str,
    cause: str,
    hypothesis: str,
    owner_id: int | None = None,
    started_on: date | None = None,
    done_on: date | None = None,
    told: str = "",
    is_published: bool = False,
    now: datetime,
) -> Improvement:
    """Write down an improvement, or how far one has come. Records `improvement.kept`.

    Customers read `told` once it is done and published. Raises `ImprovementRefused` field by field.
    """
    demand(actor, "improvement.keep")
    kept = Improvement.objects.select_for_update().filter(pk=pk).first() if pk else Improvement(created_at=now)
    if kept is None:
        raise ImprovementNotFound
    kept.title, kept.hypothesis, kept.told = title.strip()[:160], hypothesis.strip(), told.strip()
    kept.cause, kept.started_on, kept.done_on = cause, started_on, done_on
    kept.owner = Rep.objects.filter(pk=owner_id).first() if owner_id else None
    _refuse(kept, is_published, now.date())
    kept.published_at = (kept.published_at or now) if is_published else None
    kept.save()
    record("improvement.kept", f"improvement:{kept.pk}", actor=actor, at=now, title=kept.title, state=kept.state)
    return kept


def _refuse(kept: Improvement, is_published: bool, today: date) -> None:
    wrong = {name: [_("Write it down.")] for name in _REQUIRED if not getattr(kept, name)}
    if kept.cause not in Case.Cause.values:
        wrong["cause"] = [_("Choose a cause.")]
    if kept.done_on and (kept.started_on is None or kept.done_on < kept.started_on):
        wrong["done_on"] = [_("It begins before it is done: say when it began.")]
    elif kept.done_on and kept.done_on > today:
        wrong["done_on"] = [_("That day lies ahead.")]
    if is_published and not kept.done_on:
        wrong["is_published"] = [_("Customers read of what is done: say when it was.")]
    elif is_published and not kept.told:
        wrong["told"] = [_("Write what customers are to read.")]
    if wrong:
        raise ImprovementRefused(next(iter(wrong.values()))[0], fields=wrong)
