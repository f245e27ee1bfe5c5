"""Invoices are issued. What is owed was counted when it was ordered: only roundings move it here."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from apps.core.events import record
from apps.core.models import Event
from apps.core.money import ZERO
from apps.core.numbers import next_number
from apps.fulfilment.models import Shipment, ShipmentLine
from apps.invoicing.errors import NotShipped
from apps.invoicing.models import Instalment, Invoice, InvoiceLine
from apps.invoicing.rules import Deadlines, deadlines, part_net
from apps.invoicing.services.receipts import apply_held
from apps.ordering.models import Order, OrderLine
from apps.ordering.rules.payment import INSTALMENTS, parts_of
from apps.ordering.rules.totals import totals
from apps.pricing.services import add_exposure, release_credit

_SETTLED = "order.roundings_settled"


@transaction.atomic
def issue_invoice(shipment_id: int, *, now: datetime) -> Invoice:
    """The invoice of a shipment that has left; the same one however often it is asked for.

    Freight and a fee stand on the first invoice of the order; what was added to the freight since, on the next.
    What was paid ahead pays it at once.
    Records `invoice.issued`. A constant number of queries.
    """
    shipment = Shipment.objects.get(pk=shipment_id)
    order = Order.objects.select_for_update(of=("self",)).select_related("account").get(pk=shipment.order_id)
    issued = Invoice.objects.filter(shipment=shipment).first()
    if issued:
        return issued
    if shipment.status not in (Shipment.Status.SHIPPED, Shipment.Status.DELIVERED):
        raise NotShipped()
    lines = _goods_lines(order, list(shipment.lines.select_related("order_line").order_by("order_line__position")))
    lines += _charges(order)
    invoice = _header(order, shipment, lines, now)
    write(invoice, lines)
    _write_instalments(invoice, order)
    if order.way.takes_credit:
        _settle_roundings(order, now)
    else:
        add_exposure(order.account_id, invoice.gross)
        apply_held(invoice, now=now)
    record(
        "invoice.issued",
        f"invoice:{invoice.number}",
        account_id=invoice.account_id,
        at=now,
        order=order.number,
        shipment=shipment.number,
        gross=str(invoice.gross),
        currency=invoice.currency,
        due_on=invoice.due_on.isoformat(),
    )
    return invoice


def _goods_lines(order: Order, parts: Sequence[ShipmentLine]) -> list[InvoiceLine]:
    before = InvoiceLine.objects.filter(order_line__order=order, invoice__kind=Invoice.Kind.INVOICE)
    sums = before.values_list("order_line").annotate(quantity=Sum("quantity"), net=Sum("net"))
    invoiced = {line_id: (quantity, net) for line_id, quantity, net in sums}
    return [_goods_line(order, part, *invoiced.get(part.order_line_id, (0, ZERO))) for part in parts]


def _goods_line(order: Order, part: ShipmentLine, invoiced_quantity: int, invoiced_net: Decimal) -> InvoiceLine:
    line: OrderLine = part.order_line
    return InvoiceLine(
        order_line=line,
        sku=line.sku,
        name=line.name,
        quantity=part.quantity,
        uom=line.uom,
        unit_price=line.unit_price,
        net=part_net(
            quantity=part.quantity,
            invoiced_quantity=invoiced_quantity,
            invoiced_net=invoiced_net,
            ordered_quantity=line.quantity,
            line=line.net,
            unit_price=line.unit_price,
            currency=order.currency,
        ),
        tax_percent=line.tax_percent,
    )


def _charges(order: Order) -> list[InvoiceLine]:
    """Freight, and the fee for the way it is paid, as far as no invoice has them."""
    before = Invoice.objects.filter(order=order, kind=Invoice.Kind.INVOICE, shipment__isnull=False).order_by()
    charged = before.aggregate(n=Count("pk", distinct=True), net=Sum("lines__net", filter=Q(lines__order_line=None)))
    freight, fee = order.freight_net, order.fee_net
    if charged["n"]:
        freight, fee = max(freight + fee - (charged["net"] or ZERO), ZERO), ZERO
    with translation.override(order.account.language):
        named = ((_("Delivery"), freight), (_("Fee for instalments"), fee))
    return [
        InvoiceLine(name=name, quantity=1, unit_price=net, net=net, tax_percent=order.freight_tax_percent)
        for name, net in named
        if net
    ]


def _header(order: Order, shipment: Shipment, lines: Sequence[InvoiceLine], now: datetime) -> Invoice:
    on = timezone.localdate(now)
    sums = totals(((line.tax_percent, line.net) for line in lines), order.currency)
    dates = deadlines(
        on,
        net_days=order.net_days,
        discount_percent=order.discount_percent,
        discount_days=order.discount_days,
    )
    if not order.way.takes_credit:
        dates = Deadlines(on, None)
    return Invoice(
        number=next_number("IN"),
        account=order.account,
        order=order,
        shipment=shipment,
        issued_on=on,
        due_on=dates.due_on,
        payment_kind=order.payment_kind,
        payment_name=order.payment_name,
        discount_percent=order.discount_percent,
        discount_until=dates.discount_until,
        currency=order.currency,
        net=sums.net,
        tax=sums.tax,
        gross=sums.gross,
    )


def write(invoice: Invoice, lines: Sequence[InvoiceLine]) -> None:
    """Keep a new invoice or credit note with its lines."""
    invoice.save(force_insert=True)
    for position, line in enumerate(lines, start=1):
        line.invoice, line.position = invoice, position
    InvoiceLine.objects.bulk_create(lines)


def _write_instalments(invoice: Invoice, order: Order) -> None:
    if order.payment_kind != INSTALMENTS:
        return
    parts = parts_of(invoice.gross, order.way, invoiced_on=invoice.issued_on, currency=invoice.currency)
    Instalment.objects.bulk_create(
        Instalment(invoice=invoice, position=position, due_on=part.due_on, amount=part.amount)
        for position, part in enumerate(parts, start=1)
        if part.amount > 0
    )


@transaction.atomic
def settle_roundings(order_number: str, *, now: datetime) -> None:
    """An order was made smaller: where all that is left of it is invoiced already, roundings move what is owed."""
    order = Order.objects.select_for_update(of=("self",)).get(number=order_number)
    if order.way.takes_credit and Invoice.objects.filter(order=order, kind=Invoice.Kind.INVOICE).exists():
        _settle_roundings(order, now)


def _settle_roundings(order: Order, now: datetime) -> None:
    """When all of an order is invoiced, what is owed is what the invoices say, to the penny; once."""
    invoices = Invoice.objects.filter(order=order, kind=Invoice.Kind.INVOICE, shipment__isnull=False)
    goods = InvoiceLine.objects.filter(invoice__in=invoices, order_line__isnull=False)
    if goods.aggregate(sum=Sum("quantity"))["sum"] != order.lines.aggregate(sum=Sum("quantity"))["sum"]:
        return
    drift = invoices.aggregate(sum=Sum("gross"))["sum"] - order.gross
    if not drift or Event.objects.filter(subject=f"order:{order.number}", name=_SETTLED).exists():
        return
    record(_SETTLED, f"order:{order.number}", account_id=order.account_id, at=now, amount=str(drift))
    if drift > 0:
        add_exposure(order.account_id, drift)
    elif drift < 0:
        release_credit(order.account_id, -drift)
