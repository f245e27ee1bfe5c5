"""Staff acting for a contact: on the record from the first minute to the last."""

from datetime import datetime

from django.db import transaction

from apps.accounts.models import Contact
from apps.accounts.selectors import contact_for
from apps.accounts.selectors.actors import acting_for
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
    _record("rep.acting_started", actor, contact, now)
    return acting_for(actor, contact)


@transaction.atomic
def stop_acting(actor: Actor, contact: Contact, *, now: datetime) -> None:
    """Staff steps back out of the place of `contact`."""
    _record("rep.acting_stopped", actor, contact, now)


def _record(name: str, actor: Actor, contact: Contact, now: datetime) -> None:
    record(
        name,
        f"account:{contact.account.number}",
        account_id=contact.account_id,
        actor=actor,
        at=now,
        contact=contact.name,
    )
