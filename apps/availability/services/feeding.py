"""What the ERP reports of stock, by the hundred thousand, in any order and more than once.

1. A row says how many pieces of a SKU are on hand in a warehouse, and which version of the truth that is: a number that
   rises, such as the ERP's change counter or an instant in milliseconds. A row without one is always news.
2. Of several rows for one place the highest version counts, of equal ones the last.
3. A row that is not newer than what is known is ignored as older; one that says what is known is unchanged; a SKU or a
   warehouse that is not known is reported, and nothing is made of it.
4. Fewer pieces than are reserved are kept as many as are reserved, and how many of them are missing is noted and
   told (`stock.short`): whose promise moves for it is decided where the orders are.
5. A full feed of a warehouse says as well that whatever it does not name is not there.

How rows are applied a lot at a time is told in `core.feeding`; here each lot locks in the common order, and orders are
placed in between.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from apps.availability.models import StockLevel
from apps.core.events import record
from apps.core.feeding import Statements, feed_rows
from apps.core.feeds import FeedReport, Told, code_in, keep_account, readable, version_in, whole_in
from apps.core.scoping import SYSTEM, Actor


class StockRow(NamedTuple):
    """So many pieces of a SKU on hand in a warehouse, both by their codes."""

    sku: str
    warehouse: str
    on_hand: int
    version: int | None = None


_JUDGE = """
CREATE TEMPORARY TABLE judged ON COMMIT DROP AS
SELECT DISTINCT ON (s.sku, s.warehouse) s.sku, s.warehouse, p.id AS product_id, w.id AS warehouse_id, s.version,
    greatest(s.on_hand, l.reserved) AS on_hand, greatest(coalesce(l.reserved, 0) - s.on_hand, 0) AS missing, CASE
        WHEN p.id IS NULL THEN 'unknown_sku'
        WHEN w.id IS NULL THEN 'unknown_place'
        WHEN l.id IS NULL THEN 'applied'
        WHEN s.version < l.version THEN 'older'
        WHEN l.on_hand = greatest(s.on_hand, l.reserved) THEN 'unchanged'
        WHEN s.version = l.version THEN 'older'
        ELSE 'applied' END AS verdict
FROM fed_row s LEFT JOIN catalogue_product p ON p.sku = s.sku
LEFT JOIN availability_warehouse w ON w.code = s.warehouse
LEFT JOIN availability_stocklevel l ON l.product_id = p.id AND l.warehouse_id = w.id
ORDER BY s.sku, s.warehouse, s.version DESC NULLS LAST, s.ctid DESC
"""
_APPLY = """
INSERT INTO availability_stocklevel AS l (product_id, warehouse_id, on_hand, reserved, safety_stock, version)
SELECT product_id, warehouse_id, on_hand, 0, 0, coalesce(version, 0) FROM judged WHERE verdict = 'applied'
ORDER BY product_id, warehouse_id
ON CONFLICT (product_id, warehouse_id) DO UPDATE
SET on_hand = greatest(EXCLUDED.on_hand, l.reserved), version = greatest(l.version, EXCLUDED.version)
WHERE EXCLUDED.version >= l.version OR EXCLUDED.version = 0
"""
_NOTE_VERSIONS = """
UPDATE availability_stocklevel l SET version = j.version FROM judged j
WHERE j.verdict = 'unchanged' AND j.version > l.version
    AND (l.product_id, l.warehouse_id) = (j.product_id, j.warehouse_id)
"""
_NOTE_MISSING = """
UPDATE availability_stocklevel l SET missing = j.missing FROM judged j
WHERE j.verdict IN ('applied', 'unchanged') AND (j.missing > 0 OR l.missing > 0) AND l.missing <> j.missing
    AND (l.product_id, l.warehouse_id) = (j.product_id, j.warehouse_id)
"""
_END = """
UPDATE availability_stocklevel l
SET on_hand = l.reserved, missing = l.reserved, version = greatest(l.version, %(version)s)
WHERE l.warehouse_id IN (SELECT DISTINCT warehouse_id FROM fed_key)
    AND (l.on_hand > l.reserved OR l.missing <> l.reserved)
    AND l.version <= %(version)s
    AND NOT EXISTS (SELECT FROM fed_key f WHERE (f.product_id, f.warehouse_id) = (l.product_id, l.warehouse_id))
"""
_STATEMENTS = Statements(
    columns="sku varchar, warehouse varchar, on_hand int, version bigint",
    key="product_id bigint, warehouse_id bigint",
    place="warehouse",
    judge=_JUDGE,
    apply=(_APPLY, _NOTE_VERSIONS, _NOTE_MISSING),
    end=_END,
)


def take_stock(rows: Iterable[Mapping], told: Told, *, now: datetime, actor: Actor = SYSTEM) -> FeedReport:
    """Apply a feed of rows with sku, warehouse, on_hand and, where the ERP has one, version; kept account of."""
    report = FeedReport()
    feed_stock(readable(rows, stock_row, report), report, full=told.full, version=told.version)
    keep_account("stock", report, told, now=now, actor=actor)
    _tell_missing(now, actor)
    return report


@transaction.atomic
def _tell_missing(now: datetime, actor: Actor) -> None:
    """Record `stock.short` for each place where reserved pieces are missing; whoever reacts finds what is to do."""
    for stock in StockLevel.objects.filter(missing__gt=0).select_related("product", "warehouse").order_by("id"):
        record(
            "stock.short",
            f"stock:{stock.warehouse.code}/{stock.product.sku}",
            actor=actor,
            at=now,
            sku=stock.product.sku,
            warehouse=stock.warehouse.code,
            missing=stock.missing,
        )


def stock_row(said: Mapping) -> StockRow:
    return StockRow(
        code_in(said, "sku", 40), code_in(said, "warehouse", 10), whole_in(said, "on_hand", 0), version_in(said)
    )


def feed_stock(rows: Iterable[StockRow], report: FeedReport, *, full: bool = False, version: int = 0) -> None:
    """Apply what the ERP says; `version` is that of a full feed as a whole, against what is newer than it."""
    feed_rows(rows, report, _STATEMENTS, full=full, version=version)
