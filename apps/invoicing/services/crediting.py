"""Invoices are corrected: what is credited is taken back line by line, and never more than was invoiced."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.services import demand
from apps.core.events import record
from apps.core.money import ZERO
from apps.core.numbers import next_number
from apps.core.scoping import Actor
from apps.invoicing.errors import CreditRefused, InvoiceNotFound
from apps.invoicing.models import Invoice, InvoiceLine
from apps.invoicing.rules import credit_tax, part_net
from apps.invoicing.selectors.invoices import Creditable, creditable
from apps.invoicing.services.issuing import write
from apps.invoicing.services.settling import new_booking, set_off


@transaction.atomic
def issue_credit_note(
    actor: Actor,
    invoice: Invoice,
    *,
    quantities: Mapping[int, int] | None,
    reason: str = "",
    key: str | None = None,
    now: datetime,
) -> Invoice:
    """Credit quantities of lines of an invoice (invoice line id -> quantity; None is all that is left of it).

    It is set off against what is open of the invoice, and what the account owes falls by that; the rest of it is owed
    to the account. The same `key` (the page's) credits once, however often it is sent. Raises
    `CreditRefused` for more than was invoiced and not yet credited. Records `credit_note.issued`.
    """
    demand(actor, "payment.record")
    invoices = Invoice.objects.visible_to(actor).select_for_update(of=("self",)).select_related("account")
    invoice = invoices.filter(pk=invoice.pk, kind=Invoice.Kind.INVOICE).first()
    if invoice is None:
        raise InvoiceNotFound()
    earlier = Invoice.objects.filter(corrects=invoice, key=key).first() if key else None
    if earlier:
        return earlier
    note, lines = _note(invoice, quantities, reason, now)
    note.key = key or None
    write(note, lines)
    _set_off(invoice, note)
    record(
        "credit_note.issued",
        f"invoice:{note.number}",
        account_id=note.account_id,
        actor=actor,
        at=now,
        invoice=invoice.number,
        gross=str(note.gross),
        currency=note.currency,
        reason=note.reason,
    )
    return note


def _note(
    invoice: Invoice, quantities: Mapping[int, int] | None, reason: str, now: datetime
) -> tuple[Invoice, list[InvoiceLine]]:
    left = creditable(invoice)
    lines = _lines(invoice, left, quantities)
    net = sum((line.net for line in lines), ZERO)
    tax = -_tax(invoice, left, lines)
    on = timezone.localdate(now)
    note = Invoice(
        number=next_number("CN"),
        kind=Invoice.Kind.CREDIT_NOTE,
        account=invoice.account,
        order_id=invoice.order_id,
        corrects=invoice,
        reason=reason.strip()[:200],
        issued_on=on,
        due_on=on,
        currency=invoice.currency,
        net=net,
        tax=tax,
        gross=net + tax,
    )
    return note, lines


def _lines(invoice: Invoice, left: Sequence[Creditable], quantities: Mapping[int, int] | None) -> list[InvoiceLine]:
    if quantities is None:
        quantities = {each.line.pk: each.quantity for each in left if each.quantity}
    if not quantities or set(quantities) - {each.line.pk for each in left}:
        raise CreditRefused(_("Name the lines of the invoice that are to be credited."))
    return [_line(invoice, each, quantities[each.line.pk]) for each in left if each.line.pk in quantities]


def _line(invoice: Invoice, left: Creditable, quantity: int) -> InvoiceLine:
    """Parts cost what was invoiced in all, as in `part_net`; no part takes back more than is left."""
    line = left.line
    if not 1 <= quantity <= left.quantity:
        words = _("Of %(name)s, that much is not left to be credited.")
        raise CreditRefused(words % {"name": line.name}, line=line.pk)
    net = part_net(
        quantity=quantity,
        invoiced_quantity=line.quantity - left.quantity,
        invoiced_net=line.net - left.net,
        ordered_quantity=line.quantity,
        line=line.net,
        unit_price=line.unit_price,
        currency=invoice.currency,
    )
    return InvoiceLine(
        order_line_id=line.order_line_id,
        credits=line,
        sku=line.sku,
        name=line.name,
        quantity=-quantity,
        uom=line.uom,
        unit_price=line.unit_price,
        net=-min(net, left.net),
        tax_percent=line.tax_percent,
    )


def _tax(invoice: Invoice, left: Sequence[Creditable], lines: Sequence[InvoiceLine]) -> Decimal:
    earlier = Invoice.objects.filter(corrects=invoice).values_list("tax", flat=True)
    return credit_tax(
        [(line.tax_percent, -line.net) for line in lines],
        credited=[(each.line.tax_percent, each.line.net - each.net) for each in left],
        credited_tax=-sum(earlier, ZERO),
        invoiced=[(each.line.tax_percent, each.line.net) for each in left],
        invoiced_tax=invoice.tax,
        currency=invoice.currency,
    )


def _set_off(invoice: Invoice, note: Invoice) -> None:
    """The credit pays what is still open of its invoice; what is left of it is owed to the account."""
    amount = min(invoice.open_amount, -note.gross)
    if amount > 0:
        set_off(invoice, note, amount, on=note.issued_on, booking=new_booking())
