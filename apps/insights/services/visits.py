"""A rep's day of visits is kept, and what is to be done on it stands among their tasks."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.accounts.models import Account
from apps.accounts.selectors import accounts_visible
from apps.accounts.services import demand
from apps.cases.models import FollowUp
from apps.cases.services import set_task, settle_follow_up
from apps.core.events import record
from apps.core.scoping import Actor
from apps.insights.errors import VisitDayRefused
from apps.insights.models import VisitDay, VisitStop
from apps.insights.rules.routes import Day, Round, clock_of

FURTHEST = timedelta(days=120)


@transaction.atomic
def save_visit_day(
    actor: Actor, day: date, *, start_name: str, plan: Day, found: Round, about: Mapping[int, str], now: datetime
) -> VisitDay:
    """Keep the round as the actor's own plan of the day, in place of an earlier one.

    Each new stop is a task due on the day; the task of a stop that is no longer there is dropped. Raises
    `VisitDayRefused`. Records `visit_day.planned` for each new stop.
    """
    demand(actor, "case.work")
    today = timezone.localdate(now)
    if actor.rep_id is None:
        raise VisitDayRefused(_("Only a rep has days of visits."))
    if not today <= day <= today + FURTHEST:
        raise VisitDayRefused(_("Choose a day within four months, today or later."))
    if not found.visits:
        raise VisitDayRefused(_("Choose at least one account to visit."))
    ids = [visit.stop.key for visit in found.visits]
    accounts = accounts_visible(actor).in_bulk(ids)
    if len(accounts) != len(ids):
        raise VisitDayRefused(_("Choose among your own accounts."))
    kept, _is_new = VisitDay.objects.update_or_create(
        rep_id=actor.rep_id,
        day=day,
        defaults={
            "start_name": start_name[:120],
            "latitude": Decimal(str(round(plan.start.latitude, 5))),
            "longitude": Decimal(str(round(plan.start.longitude, 5))),
            "leaves_at": clock_of(plan.leaves),
            "kilometres": round(found.kilometres),
            "saved_at": now,
        },
    )
    before = set(kept.stops.values_list("account_id", flat=True))
    kept.stops.all().delete()
    VisitStop.objects.bulk_create(
        VisitStop(
            of=kept, account=accounts[visit.stop.key], position=place, arrives_at=clock_of(visit.arrives),
            leaves_at=clock_of(visit.leaves), kilometres=round(visit.kilometres), about=about.get(visit.stop.key, ""),
        )
        for place, visit in enumerate(found.visits, 1)
    )  # fmt: skip
    for visit in found.visits:
        if visit.stop.key not in before:
            _plan(actor, accounts[visit.stop.key], day, visit.arrives, about.get(visit.stop.key, ""), now)
    _drop(actor, before - set(ids), day, now)
    return kept


def _plan(actor: Actor, account: Account, day: date, arrives: int, about: str, now: datetime) -> None:
    title = _("Visit at %(time)s") % {"time": f"{clock_of(arrives):%H:%M}"}
    key = f"visit:{day}:{int(now.timestamp())}"
    set_task(actor, account, title=title, detail=about, due_on=day, key=key, now=now)
    subject = f"account:{account.number}"
    record("visit_day.planned", subject, at=now, account_id=account.pk, actor=actor, day=date_format(day, "j M Y"))


def visit_tasks(account_id: int, rep_id: int | None):
    """The open tasks that days of visits made for an account and a rep."""
    return FollowUp.objects.filter(
        account=account_id, owner=rep_id, state=FollowUp.State.OPEN, source_ref__startswith=f"task:{account_id}:visit:"
    )


def _drop(actor: Actor, account_ids: set[int], day: date, now: datetime) -> None:
    for account_id in account_ids:
        for task in visit_tasks(account_id, actor.rep_id).filter(due_on=day):
            settle_follow_up(actor, task, done=False, outcome=_("no longer planned"), now=now)
