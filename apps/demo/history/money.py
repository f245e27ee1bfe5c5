"""What accounts owe after their history: exposure and credit limits."""

from django.db import connection

# Open orders and unpaid invoices, gross: an order counts in full until all of it is invoiced, then its invoices count.
# What waits for the credit desk was not taken on credit yet.
_EXPOSURE = """
WITH unpaid AS (
    SELECT i.account_id, i.gross - i.paid AS amount
    FROM invoicing_invoice i JOIN ordering_order o ON o.id = i.order_id
    WHERE i.paid <> i.gross AND i.kind = 'invoice' AND o.status = 'delivered'
), under_way AS (
    SELECT o.id, o.account_id, o.gross,
        (SELECT sum(l.quantity) FROM ordering_orderline l WHERE l.order_id = o.id) AS pieces
    FROM ordering_order o WHERE o.status IN ('awaiting_approval', 'placed', 'confirmed', 'shipped')
), invoiced AS (
    SELECT o.id, sum(i.gross) AS gross, sum(i.paid) AS paid,
        (SELECT sum(l.quantity) FROM invoicing_invoiceline l JOIN invoicing_invoice i ON i.id = l.invoice_id
         WHERE i.order_id = o.id AND l.order_line_id IS NOT NULL) AS pieces
    FROM under_way o JOIN invoicing_invoice i ON i.order_id = o.id GROUP BY o.id
), owed AS (
    SELECT account_id, amount FROM unpaid
    UNION ALL
    SELECT o.account_id, CASE WHEN i.pieces = o.pieces THEN i.gross ELSE o.gross END - coalesce(i.paid, 0)
    FROM under_way o LEFT JOIN invoiced i ON i.id = o.id
), sums AS (SELECT account_id, sum(amount) AS amount FROM owed GROUP BY account_id)
UPDATE pricing_accountterms t SET exposure = sums.amount FROM sums WHERE sums.account_id = t.account_id
"""
# Well above what is owed; for some only just, and below it with what waits for the credit desk.
_LIMITS = """
UPDATE pricing_accountterms t SET credit_limit = CASE
    WHEN waiting.gross IS NOT NULL THEN ceil(exposure + waiting.gross / 2)
    WHEN t.account_id % 9 = 4 THEN NULL
    WHEN t.account_id % 13 = 5 THEN greatest(2000, ceil(exposure * 1.04 / 500) * 500)
    ELSE greatest(2000, ceil(exposure * (1.5 + t.account_id % 5 * 0.4) / 500) * 500)
END
FROM accounts_account a LEFT JOIN (
    SELECT account_id, sum(gross) AS gross FROM ordering_order WHERE status = 'awaiting_release' GROUP BY account_id
) waiting ON waiting.account_id = a.id
WHERE a.id = t.account_id
"""


def settle_accounts() -> None:
    """Exposure as the orders and invoices make it; limits above it, for some accounts only just."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE ordering_order, ordering_orderline, invoicing_invoice, invoicing_invoiceline")
        cursor.execute(_EXPOSURE)
        cursor.execute(_LIMITS)
