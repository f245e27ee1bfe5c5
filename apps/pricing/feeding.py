"""What the ERP says of list prices, by the hundred thousand, in any order and more than once.

1. A row says what a SKU costs on a list from a quantity on and from a day on, and which version of the truth that is. A
   row without a version is always news.
2. Of several rows for one price the highest version counts, of equal ones the last.
3. A row that is not newer than what is known is ignored as older. One that says what holds on its day already, under
   an earlier start, is unchanged: a daily feed of all prices makes no new rows.
4. A full feed of a list says as well that whatever it does not name ends the day before.

How rows are applied a lot at a time is told in `core.feeding`.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from django.utils.translation import gettext as _

from apps.core.feeding import Statements, feed_rows
from apps.core.feeds import (
    FeedReport,
    Told,
    Unreadable,
    code_in,
    date_in,
    keep_account,
    price_in,
    readable,
    version_in,
    whole_in,
)
from apps.core.scoping import SYSTEM, Actor


class PriceRow(NamedTuple):
    """A price of a SKU on a list, both by their codes, from a quantity and a day on."""

    sku: str
    price_list: str
    min_quantity: int
    unit_price: Decimal
    valid_from: date
    valid_until: date | None = None
    version: int | None = None


_JUDGE = """
CREATE TEMPORARY TABLE judged ON COMMIT DROP AS
SELECT DISTINCT ON (s.sku, s.price_list, s.min_quantity, s.valid_from) s.*, p.id AS product_id, l.id AS price_list_id,
    CASE
        WHEN p.id IS NULL THEN 'unknown_sku'
        WHEN l.id IS NULL THEN 'unknown_place'
        WHEN s.version < k.version THEN 'older'
        WHEN k.unit_price = s.unit_price AND k.valid_until IS NOT DISTINCT FROM s.valid_until THEN 'unchanged'
        WHEN s.version = k.version AND k.valid_from = s.valid_from THEN 'older'
        ELSE 'applied' END AS verdict
FROM fed_row s LEFT JOIN catalogue_product p ON p.sku = s.sku LEFT JOIN pricing_pricelist l ON l.code = s.price_list
LEFT JOIN LATERAL (
    SELECT q.version, q.unit_price, q.valid_from, q.valid_until FROM pricing_price q
    WHERE q.product_id = p.id AND q.price_list_id = l.id AND q.min_quantity = s.min_quantity
        AND q.valid_from <= s.valid_from AND (q.valid_until IS NULL OR q.valid_until >= s.valid_from)
    ORDER BY q.valid_from DESC LIMIT 1
) k ON true
ORDER BY s.sku, s.price_list, s.min_quantity, s.valid_from, s.version DESC NULLS LAST, s.ctid DESC
"""
_APPLY = """
INSERT INTO pricing_price AS p
    (product_id, price_list_id, min_quantity, unit_price, valid_from, valid_until, version)
SELECT product_id, price_list_id, min_quantity, unit_price, valid_from, valid_until, coalesce(version, 0) FROM judged
WHERE verdict = 'applied' ORDER BY product_id, price_list_id, min_quantity, valid_from
ON CONFLICT (product_id, price_list_id, min_quantity, valid_from) DO UPDATE SET
    unit_price = EXCLUDED.unit_price, valid_until = EXCLUDED.valid_until,
    version = greatest(p.version, EXCLUDED.version)
WHERE EXCLUDED.version >= p.version OR EXCLUDED.version = 0
"""
_END = """
UPDATE pricing_price p SET valid_until = greatest(p.valid_from, %(on)s::date - 1)
WHERE p.price_list_id IN (SELECT DISTINCT price_list_id FROM fed_key)
    AND p.valid_from <= %(on)s AND (p.valid_until IS NULL OR p.valid_until >= %(on)s) AND p.version <= %(version)s
    AND NOT EXISTS (SELECT FROM fed_key f WHERE (f.product_id, f.price_list_id, f.min_quantity)
        = (p.product_id, p.price_list_id, p.min_quantity))
"""
_STATEMENTS = Statements(
    columns="sku varchar, price_list varchar, min_quantity int, unit_price numeric(14, 4), valid_from date,"
    " valid_until date, version bigint",
    key="product_id bigint, price_list_id bigint, min_quantity int",
    place="price_list",
    judge=_JUDGE,
    apply=(_APPLY,),
    end=_END,
)


def take_prices(rows: Iterable[Mapping], told: Told, *, now: datetime, actor: Actor = SYSTEM) -> FeedReport:
    """Apply a feed of rows with sku, price_list, unit_price and, where given, min_quantity, valid_from, valid_until and
    version; kept account of."""
    report, on = FeedReport(), now.date()
    rows = readable(rows, partial(price_row, on=on), report)
    feed_prices(rows, report, on=on, full=told.full, version=told.version)
    keep_account("prices", report, told, now=now, actor=actor)
    return report


def price_row(said: Mapping, *, on: date) -> PriceRow:
    start, end = date_in(said, "valid_from") or on, date_in(said, "valid_until")
    if end is not None and end < start:
        raise Unreadable(_("valid_until is before valid_from"))
    codes = code_in(said, "sku", 40), code_in(said, "price_list", 20)
    quantity, price = whole_in(said, "min_quantity", 1, default=1), price_in(said, "unit_price")
    return PriceRow(*codes, quantity, price, start, end, version_in(said))


def feed_prices(
    rows: Iterable[PriceRow], report: FeedReport, *, on: date, full: bool = False, version: int = 0
) -> None:
    """Apply what the ERP says; a full feed, of `version` as a whole, speaks of the day `on`."""
    feed_rows(rows, report, _STATEMENTS, full=full, version=version, on=on)
