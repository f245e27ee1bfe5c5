"""How a contact wants their home page: theirs alone, nobody arranges it in their place."""

from collections.abc import Sequence

from django.db import transaction

from apps.accounts.errors import ContactNotFound
from apps.accounts.models import Contact
from apps.accounts.services.permissions import demand
from apps.core.scoping import Actor


@transaction.atomic
def arrange_home(actor: Actor, *, order: Sequence[str], hidden: Sequence[str]) -> None:
    """Keep the order of the blocks, all of them, and which are hidden."""
    _keep(actor, {"order": list(order), "hidden": sorted(hidden)})


@transaction.atomic
def reset_home(actor: Actor) -> None:
    """Home as their persona's is, also where that changes later."""
    _keep(actor, None)


def _keep(actor: Actor, home: dict | None) -> None:
    demand(actor, "own_data.manage")
    if actor.contact_id is None:
        raise ContactNotFound
    Contact.objects.filter(pk=actor.contact_id).update(home=home)
