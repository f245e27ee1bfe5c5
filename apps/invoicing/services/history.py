"""Invoices and credit notes of the past: many at once, each at most once, settled."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection, transaction

from apps.core.bulk import stage
from apps.core.money import ZERO, line_net

_INVOICE = ("number", "kind", "account_id", "order_id", "issued_on", "due_on", "currency", "net")
_LINE = ("invoice_id", "position", "sku", "name", "uom", "quantity", "unit_price", "net")


@dataclass(frozen=True, slots=True)
class PastInvoiceLine:
    """Goods or a charge; quantities of a credit note are negative. `sku` is empty for a charge."""

    name: str
    quantity: int
    unit_price: Decimal
    sku: str = ""
    uom: str = "pc"


@dataclass(frozen=True, slots=True)
class PastInvoice:
    """An invoice or credit note as recorded, known by its number; it belongs to the order of `order_number`, if any."""

    number: str
    kind: str
    account_id: int
    issued_on: date
    currency: str
    lines: tuple[PastInvoiceLine, ...]
    order_number: str = ""

    @property
    def net(self) -> Decimal:
        return sum((line_net(line.quantity, line.unit_price, self.currency) for line in self.lines), ZERO)


@transaction.atomic
def load_invoices(invoices: Iterable[PastInvoice]) -> int:
    """Keep the invoices whose number is not known yet, as paid in full; how many those were.

    A constant number of statements for any batch. What the past owed is settled: it does not count as exposure.
    """
    invoices = list(invoices)
    with connection.cursor() as cursor:
        orders = _orders_of(cursor, invoices)
        staged = stage(cursor, "invoicing_invoice", _INVOICE, (_invoice_row(i, orders) for i in invoices))
        cursor.execute(_INSERT_INVOICES.format(staged=staged))
        ids = dict(cursor.fetchall())
        new = [invoice for invoice in invoices if invoice.number in ids]
        rows = (_line_row(ids[i.number], i, position, line) for i in new for position, line in enumerate(i.lines, 1))
        cursor.execute(_INSERT_LINES.format(staged=stage(cursor, "invoicing_invoiceline", _LINE, rows)))
    return len(ids)


def _orders_of(cursor, invoices: list[PastInvoice]) -> dict[tuple[str, int], int]:
    cursor.execute(
        "SELECT number, account_id, id FROM ordering_order WHERE number = ANY(%s)", [[i.order_number for i in invoices]]
    )
    return {(number, account_id): pk for number, account_id, pk in cursor.fetchall()}


def _invoice_row(invoice: PastInvoice, orders: dict[tuple[str, int], int]) -> tuple:
    order_id = orders.get((invoice.order_number, invoice.account_id))
    issued = invoice.issued_on
    return (invoice.number, invoice.kind, invoice.account_id, order_id, issued, issued, invoice.currency, invoice.net)


def _line_row(invoice_id: int, invoice: PastInvoice, position: int, line: PastInvoiceLine) -> tuple:
    net = line_net(line.quantity, line.unit_price, invoice.currency)
    return (invoice_id, position, line.sku, line.name, line.uom, line.quantity, line.unit_price, net)


_INSERT_INVOICES = """
INSERT INTO invoicing_invoice (
    number, kind, account_id, order_id, issued_on, due_on, currency, net, gross, paid, tax, discount_percent)
SELECT number, kind, account_id, order_id, issued_on, due_on, currency, net, net, net, 0, 0 FROM {staged} ORDER BY ctid
ON CONFLICT (number) DO NOTHING RETURNING number, id
"""
_INSERT_LINES = """
INSERT INTO invoicing_invoiceline (
    invoice_id, position, sku, name, uom, quantity, unit_price, net, tax_percent)
SELECT invoice_id, position, sku, name, uom, quantity, unit_price, net, 0 FROM {staged} ORDER BY ctid
"""
