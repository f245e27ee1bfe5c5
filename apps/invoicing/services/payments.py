"""Money comes in for an invoice, and is taken back where it was booked in error."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.services import demand
from apps.core.events import record
from apps.core.scoping import Actor
from apps.invoicing.errors import InvoiceNotFound, PaymentRefused, UndoRefused
from apps.invoicing.models import Invoice, Payment
from apps.invoicing.services.settling import money_rows, new_booking, settle, take_back


@transaction.atomic
def record_payment(
    actor: Actor,
    invoice: Invoice,
    *,
    amount: Decimal,
    received_on: date,
    reference: str = "",
    key: str | None = None,
    now: datetime,
) -> Invoice:
    """Book money received for an invoice; what the account owes falls by what it settles.

    A payment in time that covers all but the early-payment discount settles the invoice. The same `key` (the page's)
    books once, however often it is sent. Raises `PaymentRefused` for an amount that is not above zero or more than is
    open.
    """
    demand(actor, "payment.record")
    invoice = Invoice.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk=invoice.pk).first()
    if invoice is None:
        raise InvoiceNotFound()
    if key and invoice.payments.filter(key=key).exists():
        return invoice
    rows = money_rows(
        invoice, amount, received_on=received_on, reference=reference.strip(), booking=new_booking(), key=key or None
    )
    if rows is None:
        words = _("An amount from 0.01 to %(open)s can be booked for invoice %(number)s.")
        words = words % {"open": invoice.open_amount, "number": invoice.number}
        raise PaymentRefused(words, fields={"amount": [words]})
    settle(invoice, rows)
    tell_received(actor, invoice, rows, now)
    return invoice


def tell_received(actor: Actor, invoice: Invoice, rows: list[Payment], now: datetime) -> None:
    """Record `payment.received`."""
    sums = {kind: sum(row.amount for row in rows if row.kind == kind) for kind in Payment.Kind}
    record(
        "payment.received",
        f"invoice:{invoice.number}",
        account_id=invoice.account_id,
        actor=actor,
        at=now,
        amount=str(sums[Payment.Kind.RECEIVED]),
        discount=str(sums[Payment.Kind.DISCOUNT]),
        currency=invoice.currency,
        is_settled=invoice.paid == invoice.gross,
    )


@transaction.atomic
def undo_payment(actor: Actor, payment: Payment, *, now: datetime) -> None:
    """Take back what one deed booked: the money, the discount it earned, a set-off on both its sides.

    What the account owes rises again. Raises `UndoRefused` for what is undone already, and for money of the bank,
    which is taken back as a whole (`undo_receipt`). Records `payment.undone` for each invoice.
    """
    demand(actor, "payment.record")
    locked = Payment.objects.select_for_update().get(pk=payment.pk)
    siblings = (
        Payment.objects.filter(booking=locked.booking) if locked.booking else Payment.objects.filter(pk=locked.pk)
    )
    rows = list(siblings.order_by("pk"))
    if any(row.receipt_id for row in rows):
        raise UndoRefused(_("This came in by the bank: undo it there, where all of it is taken back."))
    undo_rows(actor, rows, now=now)


def undo_rows(actor: Actor, rows: list[Payment], *, now: datetime) -> None:
    """Take rows back in the caller's transaction."""
    if any(row.undoes_id for row in rows) or Payment.objects.filter(undoes__in=rows).exists():
        raise UndoRefused(_("This has been taken back already."))
    for document, amount in take_back(rows, on=timezone.localdate(now)).items():
        record(
            "payment.undone",
            f"invoice:{document.number}",
            account_id=document.account_id,
            actor=actor,
            at=now,
            amount=str(amount),
            currency=document.currency,
        )
