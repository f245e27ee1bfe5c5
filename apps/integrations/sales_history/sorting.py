"""What each line is.

In this order, the first that holds:
1. A row equal to an earlier one in every column is a duplicate of it.
2. What cannot be read, was sold on no possible day, names no document or no SKU, or moves nothing is quarantined.
3. A code that stands for no goods (carriage, fees, discounts, vouchers) is a charge.
4. A price of zero or below, a quantity below zero outside a cancellation or above zero in one, no customer, or another
   customer than the document's first: quarantined, each with its reason.
5. What stands in a document whose number marks a cancellation is a cancellation; the rest is goods.
"""

import re
from collections.abc import Sequence
from datetime import timedelta

from django.db import connection

from apps.integrations.models import SalesHistoryImport

#: Codes of an export that are no goods, as shell patterns: carriage, bank and marketplace fees, manual entries,
#: discounts, samples, debt adjustments, donations, vouchers.
CHARGES = ("POST", "DOT", "M", "C2", "D", "S", "B", "BANK CHARGES", "AMAZONFEE", "CRUK", "PADS", "DCGS*", "gift_0001_*")
CANCELLATION_PREFIX = "C"

_SORT = """
WITH seen AS (
    SELECT id,
           row_number() OVER (
               PARTITION BY document, sku, description, quantity_text, price_text, date_text, customer, country
               ORDER BY row_number) AS copy,
           first_value(customer) OVER (PARTITION BY document ORDER BY (customer = ''), row_number) AS first_customer,
           starts_with(document, %(cancellation)s) AS cancels
    FROM integrations_saleshistoryline WHERE run_id = %(run)s
), judged AS (
    SELECT line.id, CASE
        WHEN copy > 1 THEN 'duplicates'
        WHEN quantity IS NULL OR unit_price IS NULL OR sold_at IS NULL THEN 'unreadable'
        WHEN sold_at < '1970-01-01' OR sold_at > %(taken_in)s THEN 'odd_date'
        WHEN document = '' THEN 'no_document'
        WHEN sku = '' THEN 'no_sku'
        WHEN quantity = 0 THEN 'zero_quantity'
        WHEN sku ~* %(charges)s THEN 'charges'
        WHEN unit_price = 0 THEN 'zero_price'
        WHEN unit_price < 0 THEN 'negative_price'
        WHEN quantity < 0 AND NOT cancels THEN 'negative_quantity'
        WHEN quantity > 0 AND cancels THEN 'positive_cancellation'
        WHEN customer = '' THEN 'no_customer'
        WHEN customer <> first_customer THEN 'other_customer'
        WHEN cancels THEN 'cancellations'
        ELSE 'goods' END AS verdict
    FROM integrations_saleshistoryline line JOIN seen USING (id)
)
UPDATE integrations_saleshistoryline line SET
    kind = CASE WHEN verdict IN ('goods', 'cancellations', 'charges', 'duplicates') THEN verdict ELSE 'quarantined' END,
    reason = CASE WHEN verdict IN ('goods', 'cancellations', 'charges', 'duplicates') THEN '' ELSE verdict END
FROM judged WHERE judged.id = line.id
"""


def sort(run: SalesHistoryImport, *, charges: Sequence[str], cancellation_prefix: str) -> None:
    """Give every line of the run its kind and reason. One statement, repeatable."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'") if connection.in_atomic_block else None
        cursor.execute(
            _SORT,
            {
                "run": run.pk,
                "charges": pattern_of(charges),
                "cancellation": cancellation_prefix or "\x01",
                "taken_in": run.started_at + timedelta(days=1),
            },
        )
        cursor.execute("ANALYZE integrations_saleshistoryline")


def pattern_of(globs: Sequence[str]) -> str:
    """A regular expression, for PostgreSQL and Python alike, of codes that match one of the shell patterns."""
    alternatives = (re.escape(glob).replace(r"\*", ".*").replace(r"\ ", " ") for glob in globs if glob.strip())
    return f"^({'|'.join(alternatives)})$"
