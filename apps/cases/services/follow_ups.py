from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.errors import AccountNotFound
from apps.accounts.models import Account
from apps.accounts.selectors import accounts_visible
from apps.accounts.services import demand
from apps.cases.errors import FollowUpNotFound, TaskRefused
from apps.cases.models import FollowUp
from apps.core.events import record
from apps.core.scoping import SYSTEM, Actor

LONGEST_TITLE, LONGEST_DETAIL = 160, 2000


@transaction.atomic
def propose_follow_up(
    *,
    account_id: int,
    kind: str,
    title: str,
    source_ref: str,
    due_on: date,
    owner_id: int | None = None,
    contact_id: int | None = None,
    detail: str = "",
    now: datetime,
    by: Actor = SYSTEM,
) -> FollowUp:
    """The follow-up that `source_ref` caused: made now, or the one it made before. Records `follow_up.proposed`."""
    follow_up, made = FollowUp.objects.get_or_create(
        source_ref=source_ref,
        defaults={
            "account_id": account_id,
            "contact_id": contact_id,
            "owner_id": owner_id,
            "kind": kind,
            "title": title[:160],
            "detail": detail,
            "due_on": due_on,
            "created_at": now,
        },
    )
    if made:
        _record("follow_up.proposed", follow_up, by, now)
    return follow_up


def set_task(
    actor: Actor, account: Account, *, title: str, detail: str = "", due_on: date | None, key: str, now: datetime
) -> FollowUp:
    """A task of one's own for an account the actor may see, due on a day that is not over; twice with one `key` it is
    the same. `TaskRefused`, with the fields, for what cannot be kept."""
    demand(actor, "case.work")
    if not accounts_visible(actor).filter(pk=account.pk).exists():
        raise AccountNotFound()
    title, wrong = " ".join(title.split()), {}
    if not title:
        wrong["title"] = [_("Say what is to be done.")]
    elif len(title) > LONGEST_TITLE:
        wrong["title"] = [_("Say it in at most %(n)s characters.") % {"n": LONGEST_TITLE}]
    if due_on is None or due_on < timezone.localdate(now):
        wrong["due_on"] = [_("Choose a day to do it by, today or later.")]
    if wrong:
        raise TaskRefused(" ".join(word for words in wrong.values() for word in words), fields=wrong)
    return propose_follow_up(
        account_id=account.pk, kind=FollowUp.Kind.TASK, title=title, detail=detail.strip()[:LONGEST_DETAIL],
        source_ref=f"task:{account.pk}:{key[:40]}", due_on=due_on, owner_id=actor.rep_id, now=now, by=actor,
    )  # fmt: skip


@transaction.atomic
def settle_follow_up(actor: Actor, follow_up: FollowUp, *, done: bool, outcome: str = "", now: datetime) -> FollowUp:
    """Done or dropped, once, with a word on what came of it; a call-back not without one (`TaskRefused`). Records
    `follow_up.settled`."""
    demand(actor, "case.work")
    follow_up = FollowUp.objects.select_for_update().filter(pk=follow_up.pk).first()
    if follow_up is None:
        raise FollowUpNotFound
    if follow_up.kind == FollowUp.Kind.CALL_BACK and not outcome.strip():
        raise TaskRefused(_("Say what came of the call: the next who reads it should know."))
    if follow_up.state == FollowUp.State.OPEN:
        follow_up.state = FollowUp.State.DONE if done else FollowUp.State.DROPPED
        follow_up.outcome, follow_up.settled_at = outcome.strip()[:200], now
        follow_up.save(update_fields=["state", "outcome", "settled_at"])
        _record("follow_up.settled", follow_up, actor, now, state=follow_up.state, outcome=follow_up.outcome)
    return follow_up


@transaction.atomic
def settle_by_itself(follow_ups: Iterable[FollowUp], *, outcome: str, now: datetime) -> int:
    """Settle those that are still open as done: what they were to bring about has come about. How many were.

    Records `follow_up.settled`.
    """
    ids = [follow_up.pk for follow_up in follow_ups]
    waiting = list(FollowUp.objects.select_for_update().filter(pk__in=ids, state=FollowUp.State.OPEN)) if ids else []
    for follow_up in waiting:
        follow_up.state, follow_up.outcome, follow_up.settled_at = FollowUp.State.DONE, outcome[:200], now
        follow_up.save(update_fields=["state", "outcome", "settled_at"])
        _record("follow_up.settled", follow_up, SYSTEM, now, state=follow_up.state, outcome=follow_up.outcome)
    return len(waiting)


def _record(name: str, follow_up: FollowUp, actor: Actor, now: datetime, **facts) -> None:
    facts = {"title": follow_up.title, "kind": follow_up.kind, **facts}
    record(name, f"follow_up:{follow_up.pk}", account_id=follow_up.account_id, actor=actor, at=now, **facts)
