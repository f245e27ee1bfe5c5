"""The rhythm in which accounts order."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection

from apps.ordering.rules.rhythms import Rhythm

_LOOK_BACK = timedelta(days=540)

_RHYTHMS = """
WITH days AS (
    SELECT account_id, (placed_at AT TIME ZONE 'UTC')::date AS placed_on
    FROM ordering_order
    WHERE account_id = ANY(%(accounts)s) AND placed_at > %(since)s AND placed_at <= %(now)s
        AND status NOT IN ('cancelled', 'declined')
    GROUP BY 1, 2
), gaps AS (
    SELECT account_id, placed_on, placed_on - lag(placed_on) OVER (PARTITION BY account_id ORDER BY placed_on) AS gap
    FROM days
)
SELECT account_id, max(placed_on), coalesce(percentile_disc(0.8) WITHIN GROUP (ORDER BY gap), 0), count(gap)
FROM gaps GROUP BY account_id
"""


def rhythms_of(account_ids: Iterable[int], *, now: datetime) -> dict[int, Rhythm]:
    """How each of the accounts orders, from the last year and a half. One query (and the one for the ids)."""
    with connection.cursor() as cursor:
        cursor.execute(_RHYTHMS, {"accounts": list(account_ids), "since": now - _LOOK_BACK, "now": now})
        return {account_id: Rhythm(*facts) for account_id, *facts in cursor.fetchall()}
