"""Prices go live from their day, and come back: a chunk a transaction, in the order of the rows, each change kept.

1. A new, dearer or cheaper price begins on the run's day; what held before is left as it is and simply replaced from
   that day on, so that the past keeps its prices. One that begins on that very day is changed.
2. A price that is gone ends the day before; one that begins on that very day goes.
3. Undoing puts back what each change found, where nobody has changed it since; what was changed since is kept.
"""

from collections.abc import Callable

from django.db import connection, transaction

from apps.integrations.imports.steps import advance, take_time
from apps.integrations.models import PriceImport, PriceImportChange, PriceImportRow

CHUNK = 20_000
_ROWS, _CHANGES = PriceImportRow._meta.db_table, PriceImportChange._meta.db_table
_KEY = "product_ref, list_ref, min_quantity, valid_from"
_OF_CHUNK = "run_id = %(run)s AND row_number > %(after)s AND row_number <= %(upto)s"
_START = f"""
WITH chunk AS (
    SELECT product_ref, list_ref, min_quantity, unit_price FROM {_ROWS}
    WHERE {_OF_CHUNK} AND kind IN ('new', 'up', 'down') ORDER BY 1, 2, 3
), had AS (
    SELECT p.product_id, p.price_list_id, p.min_quantity, p.unit_price, p.valid_until FROM pricing_price p JOIN chunk c
        ON (p.product_id, p.price_list_id, p.min_quantity) = (c.product_ref, c.list_ref, c.min_quantity)
    WHERE p.valid_from = %(on)s
), written AS (
    INSERT INTO pricing_price (product_id, price_list_id, min_quantity, unit_price, valid_from)
    SELECT product_ref, list_ref, min_quantity, unit_price, %(on)s::date FROM chunk
    ON CONFLICT (product_id, price_list_id, min_quantity, valid_from)
        DO UPDATE SET unit_price = EXCLUDED.unit_price, valid_until = NULL
)
INSERT INTO {_CHANGES} (run_id, {_KEY}, old_price, old_until, new_price, new_until, state)
SELECT %(run)s, c.product_ref, c.list_ref, c.min_quantity, %(on)s::date, h.unit_price, h.valid_until, c.unit_price,
    NULL, 'applied'
FROM chunk c LEFT JOIN had h
    ON (h.product_id, h.price_list_id, h.min_quantity) = (c.product_ref, c.list_ref, c.min_quantity)
"""
_END = f"""
WITH standing AS (
    SELECT p.id, p.product_id, p.price_list_id, p.min_quantity, p.valid_from, p.unit_price, p.valid_until
    FROM pricing_price p JOIN {_ROWS} r
        ON (p.product_id, p.price_list_id, p.min_quantity) = (r.product_ref, r.list_ref, r.min_quantity)
    WHERE {_OF_CHUNK} AND kind = 'gone'
        AND p.valid_from <= %(on)s AND (p.valid_until IS NULL OR p.valid_until >= %(on)s)
    ORDER BY 2, 3, 4, 5 FOR UPDATE OF p
), ended AS (
    UPDATE pricing_price p SET valid_until = %(on)s::date - 1 FROM standing s
    WHERE p.id = s.id AND s.valid_from < %(on)s
), dropped AS (
    DELETE FROM pricing_price p USING standing s WHERE p.id = s.id AND s.valid_from = %(on)s
)
INSERT INTO {_CHANGES} (run_id, {_KEY}, old_price, old_until, new_price, new_until, state)
SELECT %(run)s, product_id, price_list_id, min_quantity, valid_from, unit_price, valid_until,
    CASE WHEN valid_from < %(on)s THEN unit_price END, CASE WHEN valid_from < %(on)s THEN %(on)s::date - 1 END,
    'applied'
FROM standing
"""
_UNDO = f"""
WITH chunk AS (
    SELECT * FROM {_CHANGES} WHERE run_id = %(run)s AND state = 'applied' AND id > %(after)s
    ORDER BY id LIMIT {CHUNK}
), begun AS (
    DELETE FROM pricing_price p USING chunk c
    WHERE (p.product_id, p.price_list_id, p.min_quantity, p.valid_from)
        = (c.product_ref, c.list_ref, c.min_quantity, c.valid_from)
        AND c.old_price IS NULL AND p.unit_price = c.new_price AND p.valid_until IS NOT DISTINCT FROM c.new_until
    RETURNING c.id
), changed AS (
    UPDATE pricing_price p SET unit_price = c.old_price, valid_until = c.old_until FROM chunk c
    WHERE (p.product_id, p.price_list_id, p.min_quantity, p.valid_from)
        = (c.product_ref, c.list_ref, c.min_quantity, c.valid_from)
        AND c.old_price IS NOT NULL AND p.unit_price = c.new_price AND p.valid_until IS NOT DISTINCT FROM c.new_until
    RETURNING c.id
), dropped AS (
    INSERT INTO pricing_price AS p (product_id, price_list_id, min_quantity, valid_from, unit_price, valid_until)
    SELECT {_KEY}, old_price, old_until FROM chunk c
    WHERE new_price IS NULL AND EXISTS (SELECT FROM catalogue_product WHERE id = c.product_ref)
    ON CONFLICT (product_id, price_list_id, min_quantity, valid_from) DO NOTHING
    RETURNING product_id, price_list_id, min_quantity, valid_from
), done AS (
    SELECT id FROM begun UNION ALL SELECT id FROM changed UNION ALL
    SELECT c.id FROM chunk c JOIN dropped d ON (d.product_id, d.price_list_id, d.min_quantity, d.valid_from)
        = (c.product_ref, c.list_ref, c.min_quantity, c.valid_from)
), told AS (
    UPDATE {_CHANGES} t SET state = CASE WHEN t.id IN (SELECT id FROM done) THEN 'undone' ELSE 'kept' END
    FROM chunk c WHERE t.id = c.id
)
SELECT max(id) FROM chunk
"""


def commit(run: PriceImport, progress: Callable[[int], None]) -> None:
    """Put the good rows live; a killed commit goes on with the rows after those it has reached."""
    last = run.rows.order_by("-row_number").values_list("row_number", flat=True).first() or 0
    while run.reached < last:
        upto = min(run.reached + CHUNK, last)
        with transaction.atomic(), connection.cursor() as cursor:
            take_time()
            said = {"run": run.pk, "on": run.valid_from, "after": run.reached, "upto": upto}
            cursor.execute(_START, said)
            cursor.execute(_END, said)
            advance(run, upto)
        progress(run.reached)


def undo(run: PriceImport, progress: Callable[[int], None]) -> None:
    """Put back what was there before; a killed undo goes on with the changes that are still live."""
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            take_time()
            cursor.execute(_UNDO, {"run": run.pk, "after": run.reached})
            reached = cursor.fetchone()[0]
            if reached is None:
                return
            advance(run, reached)
        progress(run.reached)
