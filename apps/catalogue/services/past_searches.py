"""What a contact searched for, kept to be offered again, and forgotten when they say so."""

from datetime import datetime

from django.db import connection

from apps.catalogue.models import PastSearch
from apps.core.scoping import Actor
from apps.core.text import folded

LONGEST, LEAST = 120, 3


def remember_search(actor: Actor, text: str, now: datetime) -> None:
    """Keep a search that found something, once for each text; one statement.

    Who acts for a buyer, or sees what they see, leaves no trace.
    """
    said = folded(text).lower()[:LONGEST]
    if not actor.is_themselves or len(said) < LEAST:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO catalogue_pastsearch AS p (contact_id, text, times, searched_at) VALUES (%s, %s, 1, %s)"
            " ON CONFLICT (contact_id, text) DO UPDATE SET times = p.times + 1, searched_at = EXCLUDED.searched_at",
            [actor.contact_id, said, now],
        )


def forget_searches(actor: Actor) -> int:
    """Forget everything the contact ever searched for; how many texts that were."""
    return PastSearch.objects.filter(contact=actor.contact_id).delete()[0] if actor.contact_id else 0
