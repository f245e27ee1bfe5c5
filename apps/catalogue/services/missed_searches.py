"""What accounts searched for and did not find, by day, for whoever decides what is sold."""

from datetime import date, timedelta

from django.db import connection

from apps.catalogue.models import MissedSearch
from apps.core.scoping import Actor
from apps.core.text import folded

LONGEST, LEAST = 120, 3
MOST_A_DAY, MOST_TIMES = 40, 1_000  # texts of an account; times of one text
KEPT_FOR = timedelta(days=400)

# Another text than the day's forty is not kept; one of them goes on being counted.
_KEEP = """
INSERT INTO catalogue_missedsearch AS m (account_id, text, day_on, times, category_id)
SELECT %(account)s, %(text)s, %(on)s, 1, %(category)s
 WHERE (SELECT count(*) FROM catalogue_missedsearch
         WHERE account_id = %(account)s AND day_on = %(on)s AND text <> %(text)s) < %(most)s
ON CONFLICT (account_id, day_on, text) DO UPDATE SET times = least(m.times + 1, %(most_times)s)
"""


def keep_missed_search(actor: Actor, text: str, category_id: int | None, *, on: date) -> None:
    """Keep that an account's contact found nothing for `text` on a day; one statement.

    `category_id` is that of the nearest products. Nobody's name is kept, nothing of who acts for a buyer or sees what
    they see, and no text with an address of mail in it: it is about somebody.
    """
    said = folded(text).casefold()[:LONGEST]
    if not actor.is_themselves or len(said) < LEAST or "@" in said:
        return
    told = {"account": actor.account_id, "text": said, "on": on, "category": category_id}
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, {**told, "most": MOST_A_DAY, "most_times": MOST_TIMES})


def forget_missed_searches(*, on: date) -> int:
    """Drop what is older than anybody asks about; how many rows."""
    return MissedSearch.objects.filter(day_on__lt=on - KEPT_FOR).delete()[0]
