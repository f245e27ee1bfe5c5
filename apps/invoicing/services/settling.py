"""What settles a document is written in one place, and what the account owes follows it.

1. Each deed writes rows under a booking of its own; the document's `paid` is their sum.
2. Of an invoice in instalments, what comes in fills them in their order: its due date is that of the first left open.
3. What an account owes falls by what settles an invoice and rises by what is taken back. Credit notes owe nothing: they
   count once they are set off.
4. A booking is taken back as a whole, by rows of the opposite sign on the day it is taken back; once.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from uuid import uuid4

from apps.core.money import ZERO
from apps.invoicing.models import Invoice, Payment, Receipt
from apps.invoicing.rules import discount_of, settlement
from apps.ordering.rules.payment import INSTALMENTS, next_due
from apps.pricing.services import add_exposure, release_credit


def new_booking() -> str:
    return uuid4().hex


def settle(document: Invoice, payments: Sequence[Payment]) -> None:
    """Write rows that settle a locked document, or take back what did."""
    amount = sum((payment.amount for payment in payments), ZERO)
    for payment in payments:
        payment.invoice = document
    Payment.objects.bulk_create(payments)
    document.paid += amount
    if document.payment_kind == INSTALMENTS:
        document.due_on = next_due(document.parts, document.paid)
    document.save(update_fields=["paid", "due_on"])
    if document.is_credit_note or not amount:
        return
    if amount > 0:
        release_credit(document.account_id, amount)
    else:
        add_exposure(document.account_id, -amount)


def earnable(invoice: Invoice) -> Decimal:
    """The early-payment discount an invoice still gives: none once money came in, less where some was credited."""
    credited, has_money = ZERO, False
    for kind, amount in Payment.objects.filter(invoice=invoice).values_list("kind", "amount"):
        credited += amount if kind == Payment.Kind.CREDIT else ZERO
        has_money = has_money or kind != Payment.Kind.CREDIT
    if has_money and invoice.paid != credited:
        return ZERO
    return discount_of(invoice.gross - credited, invoice.discount_percent, invoice.currency)


def money_rows(
    invoice: Invoice, amount: Decimal, *, received_on: date, reference: str, booking: str, **more
) -> list[Payment] | None:
    """The rows for money that came in for an invoice, with the discount it earned; None for an impossible amount."""
    found = settlement(
        amount,
        open_amount=invoice.open_amount,
        discount=earnable(invoice) if invoice.discount_until else ZERO,
        discount_until=invoice.discount_until,
        received_on=received_on,
    )
    if found is None:
        return None
    dated = {"received_on": received_on, "reference": reference[:80], "booking": booking}
    rows = [Payment(kind=Payment.Kind.RECEIVED, amount=found.received, **dated, **more)]
    if found.discount:
        rows.append(Payment(kind=Payment.Kind.DISCOUNT, amount=found.discount, **dated))
    return rows


def set_off(
    invoice: Invoice, note: Invoice, amount: Decimal, *, on: date, booking: str, receipt: Receipt | None = None
) -> None:
    """Let `amount` of a locked credit note pay a locked invoice: a row on either side."""
    dated = {"kind": Payment.Kind.CREDIT, "received_on": on, "booking": booking, "receipt": receipt}
    settle(invoice, [Payment(amount=amount, reference=note.number, **dated)])
    settle(note, [Payment(amount=-amount, reference=invoice.number, **dated)])


def take_back(payments: Iterable[Payment], *, on: date) -> dict[Invoice, Decimal]:
    """Undo rows that nobody has undone yet; what was taken back of each document. Documents are locked in order."""
    undoable = [payment for payment in payments if payment.undoes_id is None]
    documents = Invoice.objects.select_for_update().filter(pk__in={payment.invoice_id for payment in undoable})
    taken: dict[Invoice, Decimal] = {}
    booking = new_booking()
    for document in documents.order_by("pk"):
        rows = [_opposite(each, on, booking) for each in undoable if each.invoice_id == document.pk]
        settle(document, rows)
        taken[document] = -sum((row.amount for row in rows), ZERO)
    return taken


def _opposite(payment: Payment, on: date, booking: str) -> Payment:
    return Payment(
        kind=payment.kind,
        amount=-payment.amount,
        received_on=on,
        reference=payment.reference,
        receipt_id=payment.receipt_id,
        booking=booking,
        undoes=payment,
    )
