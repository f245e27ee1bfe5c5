"""A customer who got stuck is called before they ask: a standing order that was held, a file that could not be read."""

from datetime import date, datetime, timedelta

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from apps.accounts.models import Account
from apps.cases.models import FollowUp
from apps.cases.rules import WorkingTime
from apps.cases.services.follow_ups import propose_follow_up
from apps.cases.services.owners import rep_of
from apps.core.models import Event
from apps.ordering.models import StandingOrder


def follow_held_standing_order(event: Event, *, now: datetime) -> FollowUp:
    """standing_order.held: the rep calls about it, once for each date it was due on. Safe to repeat."""
    standing = StandingOrder.objects.get(pk=event.subject.partition(":")[2])
    account, due_on = _account(standing.account_id), event.facts["due_on"]
    with translation.override(_language(account)):
        return _call(
            account,
            standing.contact_id,
            title=_("The standing order “%(name)s” was not placed") % {"name": standing.name},
            detail=event.facts["why"],
            source_ref=f"standing_held:{standing.pk}:{due_on}",
            now=now,
        )


def follow_failed_upload(event: Event, *, now: datetime) -> FollowUp:
    """quick_order.upload_failed: the rep helps with the file, once for each file and day. Safe to repeat."""
    account, facts = _account(event.account_ref), event.facts
    with translation.override(_language(account)):
        return _call(
            account,
            facts["contact"],
            title=_("Help with the file “%(file)s”, which could not be read as an order") % {"file": facts["file"]},
            detail=facts["why"] or _unread(facts),
            source_ref=f"upload:{facts['contact']}:{event.occurred_at:%Y%m%d}:{facts['print']}",
            now=now,
        )


def _unread(facts: dict) -> str:
    return _("%(unread)s of its %(lines)s lines have a code that nothing has.") % {
        "unread": facts["unread"],
        "lines": facts["lines"],
    }


def _account(pk: int) -> Account:
    return Account.objects.select_related("rep__user", "rep__deputy__user").get(pk=pk)


def _language(account: Account) -> str:
    return account.rep.user.language if account.rep else "en"


def _call(account: Account, contact_id: int | None, *, title: str, detail: str, source_ref: str, now: datetime):
    return propose_follow_up(
        account_id=account.pk,
        contact_id=contact_id,
        kind=FollowUp.Kind.CALL,
        title=title,
        detail=detail,
        source_ref=source_ref,
        owner_id=rep_of(account, now=now),
        due_on=_next_working_day(account, now),
        now=now,
    )


def _next_working_day(account: Account, now: datetime) -> date:
    working = WorkingTime(zone=account.time_zone, weekdays=account.working_days)
    return working.next_day(timezone.localdate(now) + timedelta(days=1))
