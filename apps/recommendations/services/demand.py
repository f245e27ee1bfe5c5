"""What accounts of a segment buy, for whoever is like them.

Counted are accounts, not pieces or orders: one that orders daily speaks once. What fewer than `FEWEST` accounts bought
is left out, so that nobody reads what a single competitor needs; of each segment the `MOST` best-selling are kept.
"""

from django.db import connection, transaction

FEWEST, MOST = 2, 5_000

_RECKONED = f"""
WITH year AS (SELECT max(placed_at) - interval '1 year' AS begun FROM ordering_order),
bought AS (
    SELECT a.segment, l.product_id, count(DISTINCT o.account_id) AS accounts
    FROM year, ordering_order o
    JOIN accounts_account a ON a.id = o.account_id
    JOIN ordering_orderline l ON l.order_id = o.id
    WHERE o.placed_at > year.begun AND o.status NOT IN ('cancelled', 'declined') AND a.segment <> '' AND NOT a.is_test
    GROUP BY 1, 2 HAVING count(DISTINCT o.account_id) >= {FEWEST}
), buying AS (
    SELECT a.segment, count(*) AS accounts FROM accounts_account a
    WHERE a.segment <> '' AND NOT a.is_test AND EXISTS (
        SELECT FROM year, ordering_order o
        WHERE o.account_id = a.id AND o.placed_at > year.begun AND o.status NOT IN ('cancelled', 'declined')
    )
    GROUP BY 1
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY segment ORDER BY accounts DESC, product_id) AS place FROM bought
)
INSERT INTO recommendations_segmentdemand (segment, product_id, accounts, of_accounts)
SELECT segment, product_id, ranked.accounts, buying.accounts
FROM ranked JOIN buying USING (segment) WHERE place <= {MOST}
"""


@transaction.atomic
def rebuild_segment_demand() -> int:
    """Reckon the demand of all segments anew, from the last year on record; how many rows there are."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM recommendations_segmentdemand")
        cursor.execute(_RECKONED)
        return cursor.rowcount
