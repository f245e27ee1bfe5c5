"""What is charged beside goods and freight: an invoice of its own, for a credit note only takes back."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from apps.accounts.services import demand
from apps.core.events import record
from apps.core.numbers import next_number
from apps.core.scoping import Actor
from apps.invoicing.models import Invoice, InvoiceLine
from apps.invoicing.rules import deadlines
from apps.invoicing.services.issuing import write
from apps.invoicing.services.settling import new_booking, set_off
from apps.ordering.models import Order
from apps.ordering.rules.totals import totals
from apps.pricing.services import add_exposure


@transaction.atomic
def issue_charge(
    actor: Actor, order: Order, *, name: str, parts: Iterable[tuple[Decimal, Decimal]], now: datetime
) -> Invoice:
    """The invoice of a charge for an order: `parts` are its tax percents, each with the net that it is charged on.

    It is due as the order's invoices are, without discount for paying early. Whoever calls sees to it that it is called
    once. Records `invoice.issued`.
    """
    demand(actor, "payment.record")
    lines = [
        InvoiceLine(name=name, quantity=1, unit_price=net, net=net, tax_percent=percent)
        for percent, net in sorted(parts)
        if net > 0
    ]
    sums = totals(((line.tax_percent, line.net) for line in lines), order.currency)
    on = timezone.localdate(now)
    invoice = Invoice(
        number=next_number("IN"),
        account_id=order.account_id,
        order=order,
        issued_on=on,
        due_on=deadlines(on, net_days=order.net_days, discount_percent=Decimal(0), discount_days=0).due_on,
        currency=order.currency,
        net=sums.net,
        tax=sums.tax,
        gross=sums.gross,
    )
    write(invoice, lines)
    add_exposure(order.account_id, invoice.gross)
    record(
        "invoice.issued",
        f"invoice:{invoice.number}",
        account_id=invoice.account_id,
        actor=actor,
        at=now,
        order=order.number,
        gross=str(invoice.gross),
        currency=invoice.currency,
        due_on=invoice.due_on.isoformat(),
    )
    return invoice


def set_off_against(charge: Invoice, notes: Sequence[Invoice], *, now: datetime) -> None:
    """What is left of credit notes pays a charge that was issued with them, as far as it goes."""
    for note in notes:
        amount = min(charge.open_amount, -note.open_amount)
        if amount > 0:
            set_off(charge, note, amount, on=timezone.localdate(now), booking=new_booking())
