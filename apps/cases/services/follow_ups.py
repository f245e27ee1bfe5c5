from datetime import date, datetime

from django.db import transaction

from apps.accounts.services import demand
from apps.cases.errors import FollowUpNotFound
from apps.cases.models import FollowUp
from apps.core.events import record
from apps.core.scoping import SYSTEM, Actor


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
        _record("follow_up.proposed", follow_up, SYSTEM, now)
    return follow_up


@transaction.atomic
def settle_follow_up(actor: Actor, follow_up: FollowUp, *, done: bool, outcome: str = "", now: datetime) -> FollowUp:
    """Done or dropped, once, with a word on what came of it. Records `follow_up.settled`."""
    demand(actor, "case.work")
    follow_up = FollowUp.objects.select_for_update().filter(pk=follow_up.pk).first()
    if follow_up is None:
        raise FollowUpNotFound
    if follow_up.state == FollowUp.State.OPEN:
        follow_up.state = FollowUp.State.DONE if done else FollowUp.State.DROPPED
        follow_up.outcome, follow_up.settled_at = outcome.strip()[:200], now
        follow_up.save(update_fields=["state", "outcome", "settled_at"])
        _record("follow_up.settled", follow_up, actor, now, state=follow_up.state, outcome=follow_up.outcome)
    return follow_up


def _record(name: str, follow_up: FollowUp, actor: Actor, now: datetime, **facts) -> None:
    facts = {"title": follow_up.title, "kind": follow_up.kind, **facts}
    record(name, f"follow_up:{follow_up.pk}", account_id=follow_up.account_id, actor=actor, at=now, **facts)
