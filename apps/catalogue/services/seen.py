"""What a contact looked at: kept after the answer is sent, the latest alone."""

from datetime import datetime

from django.db import connection

from apps.catalogue.models import SeenProduct
from apps.core.scoping import Actor

MOST = 50
#: Looking at the same page again within this time writes nothing.
_AGAIN = "10 minutes"
_KEEP = """
WITH kept AS (
    INSERT INTO catalogue_seenproduct AS s (contact_id, product_id, seen_at) VALUES (%(contact)s, %(product)s, %(now)s)
    ON CONFLICT (contact_id, product_id) DO UPDATE SET seen_at = EXCLUDED.seen_at
    WHERE s.seen_at < EXCLUDED.seen_at - %(again)s::interval
    RETURNING (xmax = 0) AS is_new
)
DELETE FROM catalogue_seenproduct WHERE EXISTS (SELECT FROM kept WHERE is_new) AND id IN (
    SELECT id FROM catalogue_seenproduct WHERE contact_id = %(contact)s ORDER BY seen_at DESC, id DESC OFFSET %(most)s
)
"""


def remember_seen(actor: Actor, product_id: int, now: datetime) -> None:
    """Keep that the contact looked at a product, and of older ones `MOST` less one; one statement.

    Who acts for a buyer, or sees what they see, leaves no trace.
    """
    if not actor.is_themselves:
        return
    # The statement does not see what it inserts: of the rows from before one less than `MOST` stay.
    given = {"contact": actor.contact_id, "product": product_id, "now": now, "again": _AGAIN, "most": MOST - 1}
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, given)


def forget_seen(actor: Actor) -> int:
    """Forget what the contact looked at; how many products that were."""
    if not actor.is_themselves:
        return 0
    return SeenProduct.objects.filter(contact=actor.contact_id).delete()[0]
