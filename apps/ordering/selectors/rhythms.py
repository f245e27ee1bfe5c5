"""The rhythm in which accounts order."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.db import connection

from apps.ordering.rules.rhythms import HALF_LIFE_DAYS, Rhythm

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
SELECT account_id, max(placed_on), coalesce(percentile_disc(0.8) WITHIN GROUP (ORDER BY gap), 0), count(gap),
    coalesce(sum(gap), 0)::int,
    coalesce(sum(0.5::float8 ^ ((%(today)s - placed_on) / %(half_life)s::float8)) FILTER (WHERE gap IS NOT NULL), 0),
    coalesce(sum(gap * 0.5::float8 ^ ((%(today)s - placed_on) / %(half_life)s::float8)), 0)
FROM gaps GROUP BY account_id
"""


def rhythms_of(account_ids: Iterable[int], *, now: datetime) -> dict[int, Rhythm]:
    """How each of the accounts orders, from the last year and a half. One query (and the one for the ids)."""
    as_of = {"since": now - _LOOK_BACK, "now": now, "today": now.astimezone(UTC).date()}
    with connection.cursor() as cursor:
        cursor.execute(_RHYTHMS, {"accounts": list(account_ids), "half_life": float(HALF_LIFE_DAYS), **as_of})
        return {account_id: Rhythm(*facts) for account_id, *facts in cursor.fetchall()}
