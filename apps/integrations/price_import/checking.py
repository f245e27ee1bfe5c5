"""The staged rows beside what holds on the day they are to begin, all of them in a few statements.

1. A row's product is named by its SKU, its list by the code it names, else by that of the import.
2. Its unit is the product's base unit or one it is packed in; quantity and price are turned into base units, the price
   rounded once to four places.
3. A row of another currency than its list's, and of two different prices for one quantity both, go into quarantine; so
   does a price ten times what holds or a tenth of it: somebody may take those rows all the same.
4. What is left is new, dearer, cheaper or unchanged. A change by half or more is a jump, to be looked at.
5. A product that is named has no other prices on the list than those named; where the file names all there is, neither
   have the others. What ends so is gone, except of a product with a row in quarantine.
"""

from django.db import connection

from apps.catalogue.rules import MAX_QUANTITY
from apps.integrations.models import PriceImport, PriceImportRow

_ROWS = PriceImportRow._meta.db_table
_JUDGE = f"""
WITH named AS (
    SELECT r.id, r.row_number, r.kind, p.id AS product_ref, l.id AS list_ref, l.currency AS list_currency, r.currency,
        r.quantity * f.factor AS min_quantity, r.unit <> '' AND f.factor IS NULL AS no_unit,
        round(r.price / (r.per * f.factor), 4) AS unit_price
    FROM {_ROWS} r LEFT JOIN catalogue_product p ON p.sku = r.sku
    LEFT JOIN pricing_pricelist l ON l.code = coalesce(nullif(r.list_code, ''), %(list)s)
    LEFT JOIN LATERAL (
        SELECT CASE WHEN r.unit = '' OR lower(r.unit) = lower(p.uom) THEN 1 ELSE (
            SELECT u.quantity FROM catalogue_packagingunit u
            WHERE u.product_id = p.id AND lower(u.name) = lower(r.unit) LIMIT 1) END::bigint AS factor
    ) f ON true
    WHERE r.run_id = %(run)s
), keyed AS (
    SELECT *, min(unit_price) OVER one AS least, max(unit_price) OVER one AS most, row_number() OVER (
        PARTITION BY product_ref, list_ref, min_quantity, kind ORDER BY row_number) AS nth,
        min(row_number) OVER one AS first_row, max(row_number) OVER one AS last_row
    FROM named WINDOW one AS (PARTITION BY product_ref, list_ref, min_quantity, kind)
), beside AS (
    SELECT k.*, holds.unit_price AS old_price FROM keyed k LEFT JOIN LATERAL (
        SELECT q.unit_price FROM pricing_price q
        WHERE q.product_id = k.product_ref AND q.price_list_id = k.list_ref AND q.min_quantity = k.min_quantity
            AND q.valid_from <= %(on)s AND (q.valid_until IS NULL OR q.valid_until >= %(on)s)
        ORDER BY q.valid_from DESC LIMIT 1
    ) holds ON k.kind = ''
), judged AS (
    SELECT *, CASE
        WHEN kind <> '' THEN kind
        WHEN product_ref IS NULL THEN 'unknown_sku'
        WHEN list_ref IS NULL THEN 'unknown_list'
        WHEN currency <> '' AND currency <> list_currency THEN 'other_currency'
        WHEN no_unit THEN 'unknown_unit'
        WHEN min_quantity > {MAX_QUANTITY} THEN 'bad_quantity'
        WHEN unit_price >= 10000000000 THEN 'bad_price'
        WHEN least <> most THEN 'twice'
        WHEN nth > 1 THEN 'unchanged'
        WHEN old_price IS NULL THEN 'new'
        WHEN unit_price = old_price THEN 'unchanged'
        WHEN old_price > 0 AND (unit_price >= old_price * 10 OR unit_price * 10 <= old_price) THEN 'tenfold'
        WHEN unit_price > old_price THEN 'up' ELSE 'down' END AS verdict
    FROM beside
)
UPDATE {_ROWS} r SET product_ref = j.product_ref, list_ref = j.list_ref,
    min_quantity = CASE WHEN j.min_quantity <= {MAX_QUANTITY} THEN j.min_quantity END,
    unit_price = CASE WHEN j.unit_price < 10000000000 THEN j.unit_price END, old_price = j.old_price,
    is_jump = coalesce(j.verdict IN ('up', 'down', 'tenfold')
        AND (j.unit_price >= j.old_price * 1.5 OR j.unit_price * 2 <= j.old_price), false),
    kind = CASE WHEN j.verdict IN ('new', 'up', 'down', 'unchanged') THEN j.verdict ELSE 'quarantined' END,
    reason = CASE WHEN r.kind <> '' THEN r.reason
        WHEN j.verdict IN ('new', 'up', 'down', 'unchanged') THEN '' ELSE j.verdict END,
    detail = CASE WHEN r.kind <> '' THEN r.detail ELSE left(CASE j.verdict
        WHEN 'unknown_sku' THEN %(unknown_sku)s
        WHEN 'unknown_list' THEN %(unknown_list)s
        WHEN 'other_currency' THEN format(%(other_currency)s, r.currency, j.list_currency)
        WHEN 'unknown_unit' THEN format(%(unknown_unit)s, r.unit)
        WHEN 'bad_quantity' THEN %(bad_quantity)s
        WHEN 'bad_price' THEN %(bad_price)s
        WHEN 'twice' THEN format(%(twice)s, CASE j.row_number WHEN j.first_row THEN j.last_row ELSE j.first_row END)
        WHEN 'tenfold' THEN format(%(tenfold)s, trim_scale(j.old_price), trim_scale(j.unit_price))
        ELSE '' END, 300) END
FROM judged j WHERE r.id = j.id
"""
_GONE = f"""
WITH lists AS (
    SELECT DISTINCT list_ref FROM {_ROWS} WHERE run_id = %(run)s AND list_ref IS NOT NULL
), uncertain AS (
    SELECT DISTINCT product_ref FROM {_ROWS} WHERE run_id = %(run)s AND kind = 'quarantined' AND product_ref IS NOT NULL
), holds AS (
    SELECT DISTINCT ON (q.product_id, q.price_list_id, q.min_quantity)
        q.product_id, q.price_list_id, q.min_quantity, q.unit_price
    FROM pricing_price q JOIN lists ON lists.list_ref = q.price_list_id
    WHERE q.valid_from <= %(on)s AND (q.valid_until IS NULL OR q.valid_until >= %(on)s)
        AND (%(full)s OR EXISTS (SELECT FROM {_ROWS} r
            WHERE r.run_id = %(run)s AND r.product_ref = q.product_id AND r.list_ref = q.price_list_id))
    ORDER BY q.product_id, q.price_list_id, q.min_quantity, q.valid_from DESC
), gone AS (
    SELECT h.* FROM holds h WHERE h.product_id NOT IN (SELECT product_ref FROM uncertain)
    EXCEPT ALL
    SELECT h.* FROM holds h JOIN {_ROWS} r ON r.run_id = %(run)s AND r.kind <> 'quarantined'
        AND (r.product_ref, r.list_ref, r.min_quantity) = (h.product_id, h.price_list_id, h.min_quantity)
)
INSERT INTO {_ROWS} (run_id, row_number, sku, list_code, currency, unit, per, sent, product_ref, list_ref, min_quantity,
    old_price, is_jump, kind, reason, detail)
SELECT %(run)s, %(last)s + row_number() OVER (ORDER BY p.sku, l.code, g.min_quantity), p.sku, l.code, '', '', 1, '{{}}',
    p.id, l.id, g.min_quantity, g.unit_price, false, 'gone', '', ''
FROM gone g JOIN catalogue_product p ON p.id = g.product_id JOIN pricing_pricelist l ON l.id = g.price_list_id
"""
_FIGURES = f"""
SELECT kind, reason, is_jump, count(*) FROM {_ROWS}
WHERE run_id = %s GROUP BY 1, 2, 3
"""


def check(run: PriceImport, words: dict[str, str]) -> None:
    """Judge the rows, add what goes, and count; `words` say what is wrong by reason. In the caller's transaction."""
    asked = {"run": run.pk, "on": run.valid_from, "full": run.is_full}
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {_ROWS}")
        cursor.execute(_JUDGE, asked | words | {"list": run.price_list.code if run.price_list else ""})
        last = run.rows.order_by("-row_number").values_list("row_number", flat=True).first() or 0
        cursor.execute(_GONE, asked | {"last": last})
    count(run)


def count(run: PriceImport) -> None:
    """How many rows of each kind, reason and how many jumps: into the report."""
    kinds: dict[str, int] = {kind: 0 for kind in PriceImportRow.Kind.values if kind}
    reasons: dict[str, int] = {}
    jumps = 0
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, [run.pk])
        for kind, reason, is_jump, rows in cursor.fetchall():
            kinds[kind] = kinds.get(kind, 0) + rows
            if reason:
                reasons[reason] = reasons.get(reason, 0) + rows
            jumps += rows if is_jump and kind != "quarantined" else 0
    run.report |= {"kinds": kinds, "reasons": reasons, "jumps": jumps}
