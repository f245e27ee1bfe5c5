"""What is derived from the catalogue and can be made anew at any time: counts, popularity, the search index."""

from collections.abc import Iterable

from django.db import connection, transaction

_COUNTS = """
WITH own AS (SELECT category_id, count(*) AS n FROM catalogue_product WHERE status = 'active' GROUP BY category_id),
total AS (
    SELECT above.id, coalesce(sum(own.n), 0) AS n
    FROM catalogue_category above
    JOIN catalogue_category below ON below.path LIKE above.path || '%'
    LEFT JOIN own ON own.category_id = below.id
    GROUP BY above.id
)
UPDATE catalogue_category c SET product_count = total.n
FROM total WHERE total.id = c.id AND c.product_count <> total.n
"""


def reindex() -> None:
    """Count the tree anew and let every machine build its search index anew.

    What changes is followed by itself, whoever changes it; this is for rows that were put in place behind its back, as
    by restoring a part of a database.
    """
    count_products()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO catalogue_searchmark (products, transaction) VALUES (NULL, pg_current_xact_id()::text::bigint)"
        )


def count_products() -> None:
    """How many products are on sale under each category, subtree included."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS)


@transaction.atomic
def set_popularity(counts: Iterable[tuple[int, int]]) -> int:
    """Set the popularity of products from rows of product id and number; those not in it become 0. How many changed."""
    counts = list(counts)  # they may come from this very connection
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.popular")
        cursor.execute("CREATE TEMPORARY TABLE popular (product_id bigint PRIMARY KEY, n int) ON COMMIT DROP")
        with cursor.copy("COPY popular (product_id, n) FROM STDIN") as copy:
            for row in counts:
                copy.write_row(row)
        cursor.execute(_POPULARITY)
        return cursor.rowcount


_POPULARITY = """
UPDATE catalogue_product p SET popularity = coalesce(n.n, 0)
FROM catalogue_product q LEFT JOIN popular n ON n.product_id = q.id
WHERE q.id = p.id AND p.popularity <> coalesce(n.n, 0)
"""
