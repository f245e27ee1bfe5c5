"""Money comes in."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.services import demand
from apps.core.events import record
from apps.core.scoping import Actor
from apps.invoicing.errors import InvoiceNotFound, PaymentRefused
from apps.invoicing.models import Invoice, Payment
from apps.invoicing.rules import Settlement, discount_of, settlement
from apps.pricing.services import release_credit


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
    settled = _settlement(invoice, amount, received_on)
    _book(invoice, settled, received_on, reference.strip()[:80], key or None)
    release_credit(invoice.account_id, settled.settled)
    record(
        "payment.received",
        f"invoice:{invoice.number}",
        account_id=invoice.account_id,
        actor=actor,
        at=now,
        amount=str(settled.received),
        discount=str(settled.discount),
        currency=invoice.currency,
        is_settled=invoice.paid == invoice.gross,
    )
    return invoice


def _settlement(invoice: Invoice, amount: Decimal, received_on: date) -> Settlement:
    untouched = invoice.paid == 0
    found = settlement(
        amount,
        open_amount=invoice.open_amount,
        discount=discount_of(invoice.gross, invoice.discount_percent, invoice.currency),
        discount_until=invoice.discount_until if untouched else None,
        received_on=received_on,
    )
    if found is None:
        words = _("An amount from 0.01 to %(open)s can be booked for invoice %(number)s.")
        words = words % {"open": invoice.open_amount, "number": invoice.number}
        raise PaymentRefused(words, fields={"amount": [words]})
    return found


def _book(invoice: Invoice, settled: Settlement, received_on: date, reference: str, key: str | None) -> None:
    parts = [(Payment.Kind.RECEIVED, settled.received, key), (Payment.Kind.DISCOUNT, settled.discount, None)]
    Payment.objects.bulk_create(
        [
            Payment(invoice=invoice, kind=kind, amount=amount, received_on=received_on, reference=reference, key=page)
            for kind, amount, page in parts
            if amount
        ]
    )
    invoice.paid += settled.settled
    invoice.save(update_fields=["paid"])
