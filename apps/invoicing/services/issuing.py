"""Invoices and credit notes are issued. What is owed was counted when it was ordered: only roundings move it here."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from apps.accounts.services import demand
from apps.core.events import record
from apps.core.money import ZERO
from apps.core.numbers import next_number
from apps.core.scoping import Actor
from apps.fulfilment.models import Shipment, ShipmentLine
from apps.invoicing.errors import CreditRefused, InvoiceNotFound, NotShipped
from apps.invoicing.models import Invoice, InvoiceLine, Payment
from apps.invoicing.rules import deadlines, part_net
from apps.ordering.models import Order, OrderLine
from apps.ordering.rules.totals import totals
from apps.pricing.services import add_exposure, release_credit


@transaction.atomic
def issue_invoice(shipment_id: int, *, now: datetime) -> Invoice:
    """The invoice of a shipment that has left; the same one however often it is asked for.

    Freight stands on the first invoice of the order. Records `invoice.issued`. A constant number of queries.
    """
    shipment = Shipment.objects.get(pk=shipment_id)
    order = Order.objects.select_for_update(of=("self",)).select_related("account").get(pk=shipment.order_id)
    issued = Invoice.objects.filter(shipment=shipment).first()
    if issued:
        return issued
    if shipment.status not in (Shipment.Status.SHIPPED, Shipment.Status.DELIVERED):
        raise NotShipped()
    lines = _goods_lines(order, list(shipment.lines.select_related("order_line").order_by("order_line__position")))
    if order.freight_net and not Invoice.objects.filter(order=order, kind=Invoice.Kind.INVOICE).exists():
        lines.append(_freight_line(order))
    invoice = _header(order, shipment, lines, now)
    _write(invoice, lines)
    _settle_roundings(order)
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


def _freight_line(order: Order) -> InvoiceLine:
    with translation.override(order.account.language):
        name = _("Delivery")
    return InvoiceLine(
        name=name,
        quantity=1,
        unit_price=order.freight_net,
        net=order.freight_net,
        tax_percent=order.freight_tax_percent,
    )


def _header(order: Order, shipment: Shipment, lines: Sequence[InvoiceLine], now: datetime) -> Invoice:
    on = timezone.localdate(now)
    sums = totals(((line.tax_percent, line.net) for line in lines), order.currency)
    dates = deadlines(
        on,
        net_days=order.net_days,
        discount_percent=order.discount_percent,
        discount_days=order.discount_days,
    )
    return Invoice(
        number=next_number("IN"),
        account=order.account,
        order=order,
        shipment=shipment,
        issued_on=on,
        due_on=dates.due_on,
        discount_percent=order.discount_percent,
        discount_until=dates.discount_until,
        currency=order.currency,
        net=sums.net,
        tax=sums.tax,
        gross=sums.gross,
    )


def _write(invoice: Invoice, lines: Sequence[InvoiceLine]) -> None:
    invoice.save(force_insert=True)
    for position, line in enumerate(lines, start=1):
        line.invoice, line.position = invoice, position
    InvoiceLine.objects.bulk_create(lines)


def _settle_roundings(order: Order) -> None:
    """When all of an order is invoiced, what is owed is what the invoices say, to the penny."""
    invoices = Invoice.objects.filter(order=order, kind=Invoice.Kind.INVOICE)
    goods = InvoiceLine.objects.filter(invoice__in=invoices, order_line__isnull=False)
    if goods.aggregate(sum=Sum("quantity"))["sum"] != order.lines.aggregate(sum=Sum("quantity"))["sum"]:
        return
    drift = invoices.aggregate(sum=Sum("gross"))["sum"] - order.gross
    if drift > 0:
        add_exposure(order.account_id, drift)
    elif drift < 0:
        release_credit(order.account_id, -drift)


@transaction.atomic
def issue_credit_note(
    actor: Actor, invoice: Invoice, *, quantities: Mapping[int, int], reason: str = "", now: datetime
) -> Invoice:
    """Credit quantities of lines of an invoice (invoice line id -> quantity); what the account owes falls by it.

    Raises `CreditRefused` for more than was invoiced and not yet credited. Records `credit_note.issued`.
    """
    demand(actor, "payment.record")
    invoices = Invoice.objects.visible_to(actor).select_for_update(of=("self",)).select_related("account")
    invoice = invoices.filter(pk=invoice.pk, kind=Invoice.Kind.INVOICE).first()
    if invoice is None:
        raise InvoiceNotFound()
    lines = _credit_lines(invoice, quantities)
    sums = totals(((line.tax_percent, line.net) for line in lines), invoice.currency)
    on = timezone.localdate(now)
    note = Invoice(
        number=next_number("CN"),
        kind=Invoice.Kind.CREDIT_NOTE,
        account=invoice.account,
        order_id=invoice.order_id,
        corrects=invoice,
        issued_on=on,
        due_on=on,
        currency=invoice.currency,
        net=sums.net,
        tax=sums.tax,
        gross=sums.gross,
    )
    _write(note, lines)
    _set_off(invoice, note)
    if sums.gross < 0:
        release_credit(invoice.account_id, -sums.gross)
    record(
        "credit_note.issued",
        f"invoice:{note.number}",
        account_id=note.account_id,
        actor=actor,
        at=now,
        invoice=invoice.number,
        gross=str(note.gross),
        currency=note.currency,
        reason=reason.strip(),
    )
    return note


def _set_off(invoice: Invoice, note: Invoice) -> None:
    """The credit pays what is still open of its invoice; what is left of it is owed to the account."""
    amount = min(invoice.open_amount, -note.gross)
    if amount <= 0:
        return
    Payment.objects.create(
        invoice=invoice, kind=Payment.Kind.CREDIT, amount=amount, received_on=note.issued_on, reference=note.number
    )
    invoice.paid += amount
    note.paid = -amount
    invoice.save(update_fields=["paid"])
    note.save(update_fields=["paid"])


def _credit_lines(invoice: Invoice, quantities: Mapping[int, int]) -> list[InvoiceLine]:
    lines = {line.pk: line for line in invoice.lines.all()}
    sums = InvoiceLine.objects.filter(invoice__corrects=invoice).values_list("order_line", "sku", "name")
    credited = {tuple(line): (-quantity, -net) for *line, quantity, net in sums.annotate(Sum("quantity"), Sum("net"))}
    if not quantities or set(quantities) - set(lines):
        raise CreditRefused(_("Name the lines of the invoice that are to be credited."))
    return [
        _credit_line(invoice, line, quantities[line.pk], *credited.get(_sold(line), (0, ZERO)))
        for line in lines.values()
        if line.pk in quantities
    ]


def _sold(line: InvoiceLine) -> tuple[int | None, str, str]:
    """What a line and the lines that credit it have in common."""
    return line.order_line_id, line.sku, line.name


def _credit_line(
    invoice: Invoice, line: InvoiceLine, quantity: int, credited_quantity: int, credited_net: Decimal
) -> InvoiceLine:
    """Parts cost what was invoiced in all, as in `part_net`; no part takes back more than is left."""
    if not 1 <= quantity <= line.quantity - credited_quantity:
        words = _("Of %(name)s, that much is not left to be credited.")
        raise CreditRefused(words % {"name": line.name}, line=line.pk)
    net = part_net(
        quantity=quantity,
        invoiced_quantity=credited_quantity,
        invoiced_net=credited_net,
        ordered_quantity=line.quantity,
        line=line.net,
        unit_price=line.unit_price,
        currency=invoice.currency,
    )
    return InvoiceLine(
        order_line_id=line.order_line_id,
        sku=line.sku,
        name=line.name,
        quantity=-quantity,
        uom=line.uom,
        unit_price=line.unit_price,
        net=-min(net, line.net - credited_net),
        tax_percent=line.tax_percent,
    )
