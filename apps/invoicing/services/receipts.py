"""Money of the bank is confirmed: what it pays is booked, what it does not pay stays with its account.

1. Whoever confirms names the account and how much pays which document; the proposal is only a beginning.
2. Documents belong to the account's family (its tree) and are in the currency of the money.
3. Credit notes among them are set off first; then the money pays the invoices in their order.
4. What is left is `unapplied`: credit of the account, applied later the same way. It does not lower what the account
   owes before it pays something, so that the figure is always open orders and open invoices.
5. Money for an order that is paid ahead is held for it. When all of it is there the order goes on; each invoice of the
   order then takes from what is held.
6. All of it can be taken back, until an order has been released for it.

Orders are locked before receipts, receipts before documents, documents by their id.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from apps.accounts.models import Account
from apps.accounts.services import demand
from apps.core.events import record
from apps.core.money import ZERO
from apps.core.scoping import SYSTEM, Actor
from apps.invoicing.errors import ReceiptNotFound, ReceiptRefused, UndoRefused
from apps.invoicing.models import Invoice, Payment, Receipt
from apps.invoicing.services.payments import tell_received, undo_rows
from apps.invoicing.services.settling import money_rows, new_booking, set_off, settle
from apps.ordering.models import Approval, Order
from apps.ordering.rules.payment import AHEAD
from apps.ordering.rules.statuses import CANCELLED, DECLINED, PREPAYMENT
from apps.ordering.services import release_prepaid

GONE = (CANCELLED, DECLINED)


@transaction.atomic
def enter_receipt(
    actor: Actor, account: Account, *, amount: Decimal, received_on: date, reference: str, now: datetime
) -> Receipt:
    """Money that reached us by another way than a statement of the bank; the same reference is entered once.

    Raises `ReceiptRefused` for a reference under which something else was entered.
    """
    demand(actor, "payment.record")
    reference = reference.strip()[:120]
    if not reference or not amount.is_finite() or amount <= 0:
        raise ReceiptRefused(_("Money received has a reference and an amount above zero."))
    fields = {"amount": amount, "received_on": received_on, "currency": account.currency, "account": account}
    receipt, is_new = Receipt.objects.get_or_create(our_iban="", bank_reference=reference, defaults=fields)
    if not is_new and (receipt.amount, receipt.received_on, receipt.account_id) != (amount, received_on, account.pk):
        words = _("Something else was entered as %(reference)s: choose another reference.")
        raise ReceiptRefused(words % {"reference": reference})
    return receipt


@transaction.atomic
def book_receipt(
    actor: Actor, receipt: Receipt, *, account_id: int, parts: Sequence[tuple[str, Decimal]], now: datetime
) -> Receipt:
    """Let money received pay documents: (number, amount), negative for a credit note that is set off.

    What is left stays with the account; without any parts all of it does. Raises `ReceiptRefused` with what is wrong;
    nothing is booked then. Records `payment.received` for each invoice.
    """
    demand(actor, "payment.record")
    receipt = _locked(receipt)
    money = _money_of(receipt)
    documents = _documents(actor, receipt, account_id, [number for number, _amount in parts])
    wanted = {documents[number]: amount for number, amount in parts if amount}
    left = _left(money, wanted)
    booking = new_booking()
    after_credit = _set_off_notes(wanted, receipt, booking)
    for invoice, amount in after_credit.items():
        _pay(actor, receipt, invoice, amount, booking, now)
    receipt.account_id, receipt.order, receipt.unapplied = account_id, None, left
    _decide(actor, receipt, Receipt.State.BOOKED, now)
    return receipt


@transaction.atomic
def hold_for_order(actor: Actor, receipt: Receipt, order: Order, *, now: datetime) -> Receipt:
    """Keep money for an order that is paid ahead; the order goes on once all of its gross is there."""
    demand(actor, "payment.record")
    order = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
    receipt = _locked(receipt)
    if order.payment_kind != AHEAD or order.status in GONE or order.currency != receipt.currency:
        raise ReceiptRefused(_("Order %(number)s does not wait for this money.") % {"number": order.number})
    receipt.unapplied = _money_of(receipt)
    receipt.account_id, receipt.order = order.account_id, order
    _decide(actor, receipt, Receipt.State.BOOKED, now)
    record(
        "prepayment.received",
        f"order:{order.number}",
        account_id=order.account_id,
        actor=actor,
        at=now,
        amount=str(receipt.unapplied),
        currency=receipt.currency,
    )
    if held_for(order) >= order.gross:
        release_prepaid(actor, order, now=now)
    return receipt


def held_for(order: Order) -> Decimal:
    """What came in for an order, applied to its invoices or not."""
    return Receipt.objects.filter(order=order).aggregate(sum=Sum("amount"))["sum"] or ZERO


def apply_held(invoice: Invoice, *, now: datetime) -> None:
    """Let what is held for the order of a new invoice pay it."""
    held = Receipt.objects.select_for_update().filter(order_id=invoice.order_id, unapplied__gt=0)
    for receipt in held.order_by("received_on", "pk"):
        amount = min(receipt.unapplied, invoice.open_amount)
        if amount > 0:
            _pay(SYSTEM, receipt, invoice, amount, new_booking(), now)
            receipt.unapplied -= amount
            receipt.save(update_fields=["unapplied"])


@transaction.atomic
def set_aside(actor: Actor, receipt: Receipt, *, note: str, now: datetime) -> Receipt:
    """Money that is none of ours to book, with why; it can be taken up again."""
    demand(actor, "payment.record")
    receipt = _locked(receipt)
    if receipt.state != Receipt.State.WAITING or not note.strip():
        raise ReceiptRefused(_("Only money that waits can be set aside, and with a word why."))
    receipt.note = note.strip()[:200]
    _decide(actor, receipt, Receipt.State.SET_ASIDE, now)
    return receipt


@transaction.atomic
def undo_receipt(actor: Actor, receipt: Receipt, *, now: datetime) -> Receipt:
    """Take back all that money received was booked for, or take it up again where it was set aside; it waits again.

    Raises `UndoRefused` where it waits already, and where an order has been released for it.
    """
    demand(actor, "payment.record")
    order = Order.objects.select_for_update(of=("self",)).filter(receipts=receipt).first()
    receipt = _locked(receipt)
    if receipt.state == Receipt.State.WAITING:
        raise UndoRefused(_("This money is not booked."))
    if order and order.status not in GONE and not _still_waits(order):
        words = _("Order %(number)s has been released for this money: cancel the order first.")
        raise UndoRefused(words % {"number": order.number})
    bookings = Payment.objects.filter(receipt=receipt, undoes=None, undone_by=None).exclude(booking="")
    rows = list(Payment.objects.filter(booking__in=bookings.values("booking")).order_by("pk"))
    if rows:
        undo_rows(actor, rows, now=now)
    receipt.unapplied, receipt.order, receipt.note = ZERO, None, ""
    _decide(actor, receipt, Receipt.State.WAITING, now)
    return receipt


def _still_waits(order: Order) -> bool:
    return Approval.objects.filter(order=order, reason=PREPAYMENT, state=Approval.State.WAITING).exists()


def _locked(receipt: Receipt) -> Receipt:
    found = Receipt.objects.select_for_update(of=("self",)).select_related("order").filter(pk=receipt.pk).first()
    if found is None:
        raise ReceiptNotFound()
    return found


def _money_of(receipt: Receipt) -> Decimal:
    """What can be applied of it now; `ReceiptRefused` for nothing."""
    if receipt.state == Receipt.State.WAITING:
        return receipt.amount
    is_held = receipt.order is not None and receipt.order.status not in GONE
    if receipt.state != Receipt.State.BOOKED or not receipt.unapplied or is_held:
        raise ReceiptRefused(_("All of this money is booked, held for an order or set aside; undo that first."))
    return receipt.unapplied


def _documents(actor: Actor, receipt: Receipt, account_id: int, numbers: Sequence[str]) -> dict[str, Invoice]:
    account = Account.objects.filter(pk=account_id).first()
    if account is None:
        raise ReceiptRefused(_("Name the account whose money this is."), fields={"account": [_("Choose an account.")]})
    invoices = Invoice.objects.visible_to(actor).select_for_update(of=("self",)).select_related("account")
    found = {invoice.number: invoice for invoice in invoices.filter(number__in=numbers).order_by("pk")}
    for number in numbers:
        invoice = found.get(number)
        if invoice is None or invoice.account.lineage[0] != account.lineage[0]:
            words = _("%(number)s is no document of %(account)s or its family.")
            raise ReceiptRefused(words % {"number": number, "account": account.name})
        if invoice.currency != receipt.currency:
            words = _("%(number)s is in %(theirs)s, the money in %(ours)s.")
            values = {"number": number, "theirs": invoice.currency, "ours": receipt.currency}
            raise ReceiptRefused(words % values)
    if len(found) != len(numbers):
        raise ReceiptRefused(_("A document is named twice."))
    return found


def _left(money: Decimal, wanted: Mapping[Invoice, Decimal]) -> Decimal:
    """What stays with the account; `ReceiptRefused` for more than is open, or more than there is."""
    for document, amount in wanted.items():
        low, high = sorted((ZERO, document.open_amount))
        if not amount.is_finite() or not low <= amount <= high:
            words = _("Of %(number)s, %(open)s is open.")
            raise ReceiptRefused(words % {"number": document.number, "open": document.open_amount})
    left = money - sum(wanted.values(), ZERO)
    if left < 0:
        raise ReceiptRefused(_("That is %(amount)s more than came in.") % {"amount": -left})
    if left > money:
        raise ReceiptRefused(_("More credit is set off than the invoices named take."))
    return left


def _set_off_notes(wanted: Mapping[Invoice, Decimal], receipt: Receipt, booking: str) -> dict[Invoice, Decimal]:
    """Set the credit notes off against the invoices in their order; what is left of each invoice for money."""
    invoices = {document: amount for document, amount in wanted.items() if amount > 0}
    for note, credit in ((document, -amount) for document, amount in wanted.items() if amount < 0):
        for invoice, amount in invoices.items():
            part = min(credit, amount)
            if part > 0:
                set_off(invoice, note, part, on=receipt.received_on, booking=booking, receipt=receipt)
                invoices[invoice] -= part
                credit -= part
    return {invoice: amount for invoice, amount in invoices.items() if amount > 0}


def _pay(actor: Actor, receipt: Receipt, invoice: Invoice, amount: Decimal, booking: str, now: datetime) -> None:
    rows = money_rows(
        invoice,
        amount,
        received_on=receipt.received_on,
        reference=receipt.bank_reference,
        booking=booking,
        receipt=receipt,
    )
    settle(invoice, rows)
    tell_received(actor, invoice, rows, now)


def _decide(actor: Actor, receipt: Receipt, state: str, now: datetime) -> None:
    receipt.state, receipt.decided_by_name, receipt.decided_at = state, actor.name[:120], now
    receipt.save()
