"""What is missing from each account's range: see `rules`, step 11.

1. Bought is what was ordered in the last year on record. Who ordered nothing in it has no range to speak of.
2. Nobody reads what fewer than `FEWEST` accounts need. Of a category at most `OF_ONE_CATEGORY` are kept, of an account
   `MOST`, the most usual first.
3. What the account buys most of the same category stands beside it.
"""

from django.db import connection, transaction

from apps.recommendations.rules import GAP_SHARE, OF_ONE_CATEGORY

FEWEST, MOST, LOOKED_AT = 3, 24, 400

_RECKONED = f"""
WITH year AS (SELECT max(placed_at) - interval '1 year' AS begun FROM ordering_order),
own AS MATERIALIZED (
    SELECT o.account_id, l.product_id, p.category_id, count(*) AS times
    FROM year, ordering_order o
    JOIN ordering_orderline l ON l.order_id = o.id
    JOIN catalogue_product p ON p.id = l.product_id
    WHERE o.placed_at > year.begun AND o.status NOT IN ('cancelled', 'declined')
    GROUP BY 1, 2, 3
), beside AS (
    SELECT DISTINCT ON (account_id, category_id) account_id, category_id, product_id
    FROM own ORDER BY account_id, category_id, times DESC, product_id
), demanded AS (
    SELECT d.segment, d.product_id, d.accounts, d.of_accounts, p.category_id,
        row_number() OVER (PARTITION BY d.segment ORDER BY d.accounts DESC, d.product_id) AS place
    FROM recommendations_segmentdemand d
    JOIN catalogue_product p ON p.id = d.product_id AND p.status = 'active'
    WHERE d.accounts >= {FEWEST} AND {GAP_SHARE} * d.accounts >= d.of_accounts
), missing AS (
    SELECT a.id AS account_id, d.product_id, d.accounts, d.of_accounts, b.product_id AS beside_id,
        row_number() OVER (PARTITION BY a.id, d.category_id ORDER BY d.accounts DESC, d.product_id) AS of_category
    FROM accounts_account a
    JOIN demanded d ON d.segment = a.segment AND d.place <= {LOOKED_AT}
    LEFT JOIN own ON (own.account_id, own.product_id) = (a.id, d.product_id)
    LEFT JOIN beside b ON (b.account_id, b.category_id) = (a.id, d.category_id)
    WHERE own.product_id IS NULL AND a.segment <> '' AND a.is_active AND NOT a.is_test
        AND a.id IN (SELECT account_id FROM own)
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY account_id ORDER BY accounts DESC, product_id) AS place
    FROM missing WHERE of_category <= {OF_ONE_CATEGORY}
)
INSERT INTO recommendations_rangegap (account_id, product_id, beside_id, accounts, of_accounts, place)
SELECT account_id, product_id, beside_id, accounts, of_accounts, place FROM ranked WHERE place <= {MOST}
"""


@transaction.atomic
def rebuild_range_gaps() -> int:
    """Reckon the gaps of all ranges anew, after the demand of the segments; how many there are."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM recommendations_rangegap")
        cursor.execute(_RECKONED)
        return cursor.rowcount
