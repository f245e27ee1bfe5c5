"""A message of home that its reader has put away."""

from datetime import datetime

from django.db import transaction

from apps.accounts.errors import ContactNotFound
from apps.accounts.services import demand
from apps.core.scoping import Actor
from apps.insights.errors import GreetingNotFound
from apps.insights.models import Greeting, GreetingPutAway

LONGEST_OCCASION = 40


@transaction.atomic
def put_greeting_away(actor: Actor, greeting_id: int, occasion: str, *, now: datetime) -> None:
    """The message is not shown to the contact again for that occasion; twice is once. Nobody does it in their place."""
    demand(actor, "own_data.manage")
    if actor.contact_id is None:
        raise ContactNotFound
    if not occasion or len(occasion) > LONGEST_OCCASION or not Greeting.objects.filter(pk=greeting_id).exists():
        raise GreetingNotFound
    GreetingPutAway.objects.get_or_create(
        greeting_id=greeting_id, contact_id=actor.contact_id, occasion=occasion, defaults={"put_away_at": now}
    )
