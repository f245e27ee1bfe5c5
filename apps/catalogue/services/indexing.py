"""What is derived from the catalogue and can be made anew at any time: search vectors, words, counts."""

from collections.abc import Iterable

from django.db import connection, transaction

from apps.catalogue.services.vectors import vector_of, words_of

_BATCH = 50_000

_VECTORS = f"""
UPDATE catalogue_product p SET search = made.vector
FROM (
    SELECT q.id, {vector_of("q")} AS vector
    FROM catalogue_product q JOIN catalogue_category c ON c.id = q.category_id
    LEFT JOIN catalogue_brand b ON b.id = q.brand_id {words_of("q")}
    WHERE %s
) made
WHERE made.id = p.id AND p.search IS DISTINCT FROM made.vector
"""
_OF_SOME = _VECTORS % "q.id = ANY(%s)"
_OF_A_RANGE = _VECTORS % "q.id >= %s AND q.id < %s"

_WORDS = """
INSERT INTO catalogue_word (word, products)
SELECT left(word, 60), max(ndoc) FROM ts_stat($$
    SELECT to_tsvector('simple', regexp_replace(concat_ws(' ', p.name, b.name), '[-/_]', ' ', 'g'))
    FROM catalogue_product p LEFT JOIN catalogue_brand b ON b.id = p.brand_id WHERE p.status = 'active'
$$) WHERE word ~ '^[^0-9]{3,}$' GROUP BY 1
"""

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


def reindex(product_ids: Iterable[int] | None = None) -> int:
    """Make the search vectors anew, of all products or of some; returns how many changed. Set-based, in batches by id.

    For all products, the words of the spelling help and the counts of the category tree are made anew as well.
    """
    if product_ids is not None:
        return _vectors_of(list(product_ids))
    done = sum(_vectors_between(low, low + _BATCH) for low in range(0, _highest_id() + 1, _BATCH))
    refresh_words()
    count_products()
    return done


def _highest_id() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), -1) FROM catalogue_product")
        return cursor.fetchone()[0]


def _vectors_of(ids: list[int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_OF_SOME, [ids])
        return cursor.rowcount


def _vectors_between(low: int, high: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_OF_A_RANGE, [low, high])
        return cursor.rowcount


@transaction.atomic
def refresh_words() -> None:
    """The vocabulary of the spelling help, from the names and brands on sale."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM catalogue_word")
        cursor.execute(_WORDS)


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
