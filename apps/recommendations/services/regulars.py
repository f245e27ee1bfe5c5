"""The rhythm of each account's regular SKUs, from its orders: see `rules`, steps 1 to 4.

Days are days where the account is.
"""

from collections.abc import Iterator

from django.db import connection, transaction
from django.db.models import Count, Max

from apps.accounts.models import Account
from apps.catalogue.services import set_popularity
from apps.ordering.models import Order, OrderLine
from apps.recommendations.rules import LEAST_OCCASIONS

_BATCH = 500

_FOUND = f"""
WITH bought AS (
    SELECT o.account_id, l.product_id, (o.placed_at AT TIME ZONE a.time_zone)::date AS day, sum(l.quantity) AS quantity
    FROM ordering_order o
    JOIN accounts_account a ON a.id = o.account_id
    JOIN ordering_orderline l ON l.order_id = o.id
    WHERE o.account_id = ANY(%(accounts)s) AND o.status NOT IN ('cancelled', 'declined')
    GROUP BY 1, 2, 3
), spaced AS (
    SELECT *, day - lag(day) OVER (PARTITION BY account_id, product_id ORDER BY day) AS gap FROM bought
), found AS (
    SELECT account_id, product_id, count(*) AS times_bought, max(day) AS last_on,
        greatest(floor(percentile_cont(0.5) WITHIN GROUP (ORDER BY gap) + 0.5), 1)::int AS gap_days,
        greatest(floor(percentile_cont(0.5) WITHIN GROUP (ORDER BY quantity) + 0.5), 1)::int AS usual_quantity
    FROM spaced GROUP BY account_id, product_id HAVING count(*) >= {LEAST_OCCASIONS}
)
"""
_REFRESH = f"""
{_FOUND}, gone AS (
    DELETE FROM recommendations_regularsku r WHERE r.account_id = ANY(%(accounts)s)
        AND NOT EXISTS (SELECT FROM found f WHERE (f.account_id, f.product_id) = (r.account_id, r.product_id))
)
INSERT INTO recommendations_regularsku AS r
    (account_id, product_id, times_bought, last_on, gap_days, usual_quantity, due_on)
SELECT account_id, product_id, times_bought, last_on, gap_days, usual_quantity, last_on + gap_days FROM found
ON CONFLICT (account_id, product_id) DO UPDATE SET
    (times_bought, last_on, gap_days, usual_quantity, due_on) =
    (EXCLUDED.times_bought, EXCLUDED.last_on, EXCLUDED.gap_days, EXCLUDED.usual_quantity, EXCLUDED.due_on)
WHERE (r.times_bought, r.last_on, r.gap_days, r.usual_quantity, r.due_on) IS DISTINCT FROM
    (EXCLUDED.times_bought, EXCLUDED.last_on, EXCLUDED.gap_days, EXCLUDED.usual_quantity, EXCLUDED.due_on)
"""


def refresh_regulars(account_id: int) -> int:
    """Reckon the regular SKUs of one account anew; how many rhythms are new or changed. Safe to repeat."""
    return _refresh([account_id])


def rebuild_regulars() -> int:
    """Reckon the regular SKUs of all accounts anew, some hundred accounts at a time."""
    return sum(_refresh(batch) for batch in _batches())


def _batches() -> Iterator[list[int]]:
    last = 0
    while batch := list(Account.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:_BATCH]):
        yield batch
        last = batch[-1]


@transaction.atomic
def _refresh(account_ids: list[int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_REFRESH, {"accounts": account_ids})
        return cursor.rowcount


def rebuild_popularity() -> int:
    """Tell the catalogue in how many orders of the last year on record each product is; how many products changed."""
    latest = Order.objects.aggregate(latest=Max("placed_at"))["latest"]
    if latest is None:
        return 0
    lines = OrderLine.objects.filter(order__placed_at__gt=latest.replace(year=latest.year - 1, day=min(latest.day, 28)))
    lines = lines.exclude(order__status__in=(Order.Status.CANCELLED, Order.Status.DECLINED))
    counts = lines.order_by().values_list("product_id").annotate(orders=Count("order_id", distinct=True))
    return set_popularity(counts.iterator())
