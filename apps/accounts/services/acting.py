"""Staff acting for a contact: on the record from the first minute to the last.

1. It begins with a row that says until when at most; the session of whoever acts keeps the same time.
2. It ends when they step back out, or when the time runs out: whichever is first is the end, and is recorded once.
3. Who closes the browser is ended by the sweep, at the time that was set.
"""

from datetime import datetime

from django.db import transaction

from apps.accounts.models import Acting, Contact
from apps.accounts.rules import ACTING_FOR
from apps.accounts.selectors import contact_for
from apps.accounts.selectors.actors import acting_for, looking_as
from apps.accounts.services.permissions import demand
from apps.core.events import record
from apps.core.scoping import Actor


@transaction.atomic
def start_acting(actor: Actor, contact: Contact, *, now: datetime) -> Actor:
    """Staff takes the place of `contact` in its account; returns the actor they are from now on.

    The session keeps the contact's id and hands it to `actor_for`. Raises `PermissionMissing`, or `ContactNotFound`
    for a contact of an account that is not theirs.
    """
    demand(actor, "account.act_for")
    contact = contact_for(actor, contact.pk)
    Acting.objects.create(
        account_id=contact.account_id,
        contact=contact,
        user_id=actor.user_id,
        name=actor.name,
        started_at=now,
        until=now + ACTING_FOR,
    )
    _record("rep.acting_started", actor, contact, now)
    return acting_for(actor, contact)


@transaction.atomic
def stop_acting(actor: Actor, contact: Contact, *, now: datetime) -> None:
    """Staff steps back out of the place of `contact`; nothing happens where the time ran out before."""
    standing = Acting.objects.filter(user=actor.user_id, contact=contact, ended_at=None)
    for acting in standing.select_for_update(of=("self",)).select_related("contact__account"):
        _end(acting, now)


@transaction.atomic
def end_outrun(*, now: datetime, size: int = 200) -> int:
    """End what has run out and nobody has ended; how many. Safe to run at any time, and twice at once."""
    outrun = Acting.objects.filter(ended_at=None, until__lte=now).select_related("contact__account").order_by("until")
    rows = list(outrun.select_for_update(of=("self",), skip_locked=True)[:size])
    for acting in rows:
        _end(acting, now)
    return len(rows)


@transaction.atomic
def start_preview(actor: Actor, contact: Contact, *, now: datetime) -> Actor:
    """Staff looks at the portal as `contact` sees it, and can do nothing there; returns the actor they are from now on.

    Raises `PermissionMissing`, or `ContactNotFound` for a contact of an account that is not theirs.
    """
    demand(actor, "account.act_for")
    contact = contact_for(actor, contact.pk)
    _record("rep.preview_started", actor, contact, now)
    return looking_as(actor, contact)


@transaction.atomic
def stop_preview(actor: Actor, contact: Contact, *, now: datetime) -> None:
    """Staff has looked enough."""
    _record("rep.preview_stopped", actor, contact, now)


def _end(acting: Acting, now: datetime) -> None:
    ran_out = acting.until <= now
    acting.end = Acting.End.RAN_OUT if ran_out else Acting.End.STOPPED
    acting.ended_at = min(acting.until, now)
    acting.save(update_fields=["end", "ended_at"])
    staff = Actor(role="system", user_id=acting.user_id, name=acting.name)
    name = "rep.acting_ran_out" if ran_out else "rep.acting_stopped"
    _record(name, staff, acting.contact, acting.ended_at)


def _record(name: str, actor: Actor, contact: Contact, now: datetime) -> None:
    record(
        name,
        f"account:{contact.account.number}",
        account_id=contact.account_id,
        actor=actor,
        at=now,
        contact=contact.name,
    )
