"""The books of a replay: what came in against what became of it, to the piece and to the penny."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from django.db import connection
from django.db.models import Sum

from apps.availability.models import IncomingSupply, StockLevel
from apps.core.models import Event
from apps.fulfilment.models import DeliveryFact, LineFact, Shipment, ShipmentLine
from apps.invoicing.models import Invoice, InvoiceLine, Payment
from apps.ordering.models import Order, OrderLine
from apps.pricing.models import AccountTerms
from tests.bench.replay.month import Month
from tests.bench.replay.setting import Stage, opening_of

ZERO = Decimal(0)
NOT_ORDERED = ("cancelled", "declined")


class Entry(NamedTuple):
    """Two figures that must be the same."""

    name: str
    left: int | Decimal
    right: int | Decimal

    @property
    def difference(self) -> int | Decimal:
        return self.right - self.left

    def __str__(self):
        words = f"{self.name:<46}{self.left:>18,}{self.right:>18,}"
        return words if not self.difference else f"{words}  differ by {self.difference:,}"


def reconcile(month: Month, stage: Stage) -> list[Entry]:
    """Each pair of figures of the books."""
    return [*_orders(month), *_goods(month, stage), *_money(), *_deliveries()]


def returns_of(month: Month) -> dict[str, int]:
    """Pieces of the returns: how many came in, were called off before they left, were credited, cancel what was bought
    before the month."""
    wanted = sum(pieces for each in month.returns for _row, _sku, pieces in each.lines)
    called_off = _sum(OrderLine.objects.filter(order__status="cancelled"), "quantity")
    credited = -_sum(InvoiceLine.objects.filter(invoice__kind="credit_note"), "quantity")
    return {"in": wanted, "called_off": called_off, "credited": credited, "before": wanted - called_off - credited}


def _sum(rows, column: str):
    return rows.aggregate(sum=Sum(column))["sum"] or 0


def _orders(month: Month) -> Iterator[Entry]:
    lines = OrderLine.objects.all()
    yield Entry("goods lines of the file = in orders", month.kinds.get("goods", 0), sum(s.rows for s in month.sales))
    yield Entry("orders to be placed = placed", len(month.sales), Order.objects.count())
    yield Entry("lines to be ordered = ordered", sum(len(s.lines) for s in month.sales), lines.count())
    yield Entry("pieces to be ordered = ordered", sum(s.pieces for s in month.sales), _sum(lines, "quantity"))
    yield Entry("goods to be ordered = ordered, net", sum((s.net for s in month.sales), ZERO), _sum(lines, "net"))


def _goods(month: Month, stage: Stage) -> Iterator[Entry]:
    lines = OrderLine.objects.all()
    gone = ShipmentLine.objects.filter(shipment__status__in=("shipped", "delivered"))
    going = lines.exclude(order__status__in=NOT_ORDERED)
    called_off = _sum(lines.filter(order__status__in=NOT_ORDERED), "quantity")
    still_open = _sum(going, "quantity") - _sum(going, "shipped_quantity")
    shipped = _sum(gone, "quantity")
    yield Entry(
        "pieces ordered = shipped + called off + open", _sum(lines, "quantity"), shipped + called_off + still_open
    )
    yield Entry("pieces open = held for them", still_open, _reserved("held", "goods"))
    yield Entry("pieces shipped = taken off what was held", shipped, _reserved("consumed", "goods"))
    invoiced = InvoiceLine.objects.filter(invoice__kind="invoice", order_line__isnull=False)
    yield Entry("pieces shipped = invoiced", shipped, _sum(invoiced, "quantity"))
    yield Entry("SKUs whose stock does not add up", 0, _stock_differences(month, stage))


def _reserved(state: str, kind: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(r.quantity), 0)::bigint FROM availability_reservation r"
            " JOIN catalogue_product p ON p.id = r.product_id WHERE r.state = %s AND p.kind = %s",
            [state, kind],
        )
        return cursor.fetchone()[0]


def _stock_differences(month: Month, stage: Stage) -> int:
    """SKUs of which opening + received - shipped - not found is not on hand."""
    expected = opening_of(month, stage)
    received = IncomingSupply.objects.filter(received_on__isnull=False).values_list("product")
    expected.update(dict(received.annotate(n=Sum("quantity")).order_by("product")))
    gone = ShipmentLine.objects.filter(shipment__status__in=("shipped", "delivered")).values_list("order_line__product")
    expected.subtract(dict(gone.annotate(n=Sum("quantity")).order_by("order_line__product")))
    for facts in Event.objects.filter(name="shipment.picked_short").values_list("facts", flat=True):
        expected.subtract({stage.products[line["sku"]].pk: line["missing"] for line in facts["lines"]})
    there = Counter(dict(StockLevel.objects.values_list("product").annotate(n=Sum("on_hand")).order_by("product")))
    return sum(expected[pk] != there[pk] for pk in expected.keys() | there.keys())


def _money() -> Iterator[Entry]:
    goods = InvoiceLine.objects.filter(invoice__kind="invoice", order_line__isnull=False)
    charges = InvoiceLine.objects.filter(invoice__kind="invoice", order_line__isnull=True)
    whole = Order.objects.exclude(status__in=NOT_ORDERED).exclude(pk__in=_partly_shipped())
    lines = OrderLine.objects.filter(order__in=whole)
    yield Entry(
        "goods of orders that left whole = invoiced, net",
        _sum(lines, "net"),
        _sum(goods.filter(order_line__order__in=whole), "net"),
    )
    yield Entry(
        "freight of orders that left = invoiced, net",
        _sum(Order.objects.filter(invoices__kind="invoice").distinct(), "freight_net"),
        _sum(charges, "net"),
    )
    invoices = Invoice.objects.all()
    yield Entry("net of documents = of their lines", _sum(invoices, "net"), _sum(InvoiceLine.objects.all(), "net"))
    yield Entry("paid of documents = payments", _sum(invoices, "paid"), _sum(Payment.objects.all(), "amount"))
    owed = _owed()
    exposure = dict(AccountTerms.objects.values_list("account", "exposure"))
    yield Entry("owed = exposure", sum(owed.values(), ZERO), sum(exposure.values(), ZERO))
    wrong = sum(owed.get(pk, ZERO) != exposure.get(pk, ZERO) for pk in owed.keys() | exposure.keys())
    yield Entry("accounts whose exposure is not what they owe", 0, wrong)


def _partly_shipped():
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT order_id FROM ordering_orderline WHERE shipped_quantity < quantity")
        return [pk for (pk,) in cursor.fetchall()]


def _owed() -> dict[int, Decimal]:
    """Account -> open orders as they were ordered, invoices of those that left whole, less what settled an invoice."""
    partly = set(_partly_shipped())
    sums: Counter = Counter()
    for pk, account, gross in Order.objects.exclude(status__in=NOT_ORDERED).values_list("pk", "account", "gross"):
        if pk in partly:
            sums[account] += gross
    invoices = Invoice.objects.filter(kind="invoice").exclude(order__in=partly)
    for account, gross in invoices.values_list("account").annotate(n=Sum("gross")).order_by("account"):
        sums[account] += gross
    settled = Payment.objects.filter(invoice__kind="invoice").values_list("invoice__account")
    for account, amount in settled.annotate(n=Sum("amount")).order_by("invoice__account"):
        sums[account] -= amount
    return dict(sums)


def _deliveries() -> Iterator[Entry]:
    delivered = Shipment.objects.filter(status="delivered")
    lines = ShipmentLine.objects.filter(shipment__status="delivered")
    yield Entry("deliveries = with frozen facts", delivered.count(), DeliveryFact.objects.count())
    yield Entry("lines delivered = with frozen facts", lines.count(), LineFact.objects.count())
    facts = LineFact.objects.all()
    yield Entry("pieces received = in the facts", _sum(lines, "delivered_quantity"), _sum(facts, "delivered"))
    received = _sum(OrderLine.objects.all(), "delivered_quantity")
    yield Entry("pieces received = on the order lines", _sum(lines, "delivered_quantity"), received)
