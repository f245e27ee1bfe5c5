"""Orders of the past, as a distributor's records give them: many at once, each at most once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection, transaction

from apps.core.bulk import stage
from apps.core.money import ZERO, line_net

_ORDER = ("number", "account_id", "contact_id", "country", "currency", "goods_net", "placed_at")
_LINE = ("position", "product_id", "sku", "name", "uom", "quantity", "unit_price", "net", "returned_quantity")


@dataclass(frozen=True, slots=True)
class PastLine:
    """What was bought: pieces, what one cost, and how many of them were cancelled or returned later."""

    product_id: int
    sku: str
    name: str
    quantity: int
    unit_price: Decimal
    returned_quantity: int = 0
    uom: str = "pc"


@dataclass(frozen=True, slots=True)
class PastOrder:
    """An order as recorded, known by its number; amounts are net, its tax is not known."""

    number: str
    account_id: int
    placed_at: datetime
    currency: str
    country: str
    lines: tuple[PastLine, ...]
    contact_id: int | None = None

    @property
    def goods_net(self) -> Decimal:
        return sum((line_net(line.quantity, line.unit_price, self.currency) for line in self.lines), ZERO)


@transaction.atomic
def load_orders(orders: Iterable[PastOrder]) -> int:
    """Keep the orders whose number is not known yet, delivered and as invoiced; how many those were.

    A constant number of statements for any batch. The story of each is told to its account's timeline.
    """
    orders = list(orders)
    with connection.cursor() as cursor:
        staged = stage(cursor, "ordering_order", _ORDER, map(_order_row, orders))
        cursor.execute(_INSERT_ORDERS.format(staged=staged))
        ids = dict(cursor.fetchall())
        new = [order for order in orders if order.number in ids]
        rows = (
            _line_row(ids[order.number], order, at, line) for order in new for at, line in enumerate(order.lines, 1)
        )
        cursor.execute(_INSERT_LINES.format(staged=stage(cursor, "ordering_orderline", ("order_id", *_LINE), rows)))
        cursor.execute(_TELL, [list(ids)])
    return len(ids)


def _order_row(order: PastOrder) -> tuple:
    return (
        order.number,
        order.account_id,
        order.contact_id,
        order.country,
        order.currency,
        order.goods_net,
        order.placed_at,
    )


def _line_row(order_id: int, order: PastOrder, position: int, line: PastLine) -> tuple:
    net = line_net(line.quantity, line.unit_price, order.currency)
    return (
        order_id,
        position,
        line.product_id,
        line.sku,
        line.name,
        line.uom,
        line.quantity,
        line.unit_price,
        net,
        line.returned_quantity,
    )


_INSERT_ORDERS = """
INSERT INTO ordering_order (
    number, account_id, contact_id, country, currency, goods_net, gross, placed_at, freight_net, freight_tax_percent,
    tax, placed_by_name, ship_to_text, channel, status, po_number, notes, net_days, discount_percent, discount_days,
    idempotency_key)
SELECT number, account_id, contact_id, country, currency, goods_net, goods_net, placed_at, 0, 0, 0,
    '', '', 'import', 'delivered', '', '', 30, 0, 0, ''
FROM {staged} ORDER BY ctid
ON CONFLICT (number) DO NOTHING RETURNING number, id
"""
_INSERT_LINES = """
INSERT INTO ordering_orderline (
    order_id, position, product_id, sku, name, uom, quantity, unit_price, net, returned_quantity,
    price_source, price_source_ref, tax_percent, note, shipped_quantity, delivered_quantity)
SELECT order_id, position, product_id, sku, name, uom, quantity, unit_price, net, returned_quantity,
    'history', '', 0, '', quantity, quantity
FROM {staged} ORDER BY ctid
"""
_TELL = """
INSERT INTO core_event (
    name, subject, account_ref, actor_name, facts, occurred_at, recorded_at, dispatched_at, attempts)
SELECT 'order.placed', 'order:' || number, account_id, '',
    jsonb_build_object('channel', channel, 'gross', gross::text, 'currency', currency),
    placed_at, now(), now(), 0
FROM ordering_order WHERE number = ANY(%s)
"""
