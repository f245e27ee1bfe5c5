"""Invoices and credit notes, each behind one door, and what is open."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import Case, DecimalField, Exists, F, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Coalesce

from apps.core.keyset import Page, latest_first
from apps.core.money import ZERO
from apps.core.scoping import Actor
from apps.invoicing.errors import InvoiceNotFound
from apps.invoicing.models import Invoice, InvoiceLine, Issuer, Payment
from apps.invoicing.rules import Ageing, discount_of
from apps.invoicing.selectors.ageing import ages, totals_by_currency
from apps.ordering.models import Order
from apps.ordering.rules.totals import Totals, totals


def issuer() -> Issuer:
    """The distributor as it stands on its documents. One query."""
    return Issuer.objects.order_by("pk").first() or Issuer()


def invoice_for(actor: Actor, number: str) -> Invoice:
    """The invoice of that number with account, order, shipment, lines, payments and the notes that credit it;
    `InvoiceNotFound` else.

    Five queries.
    """
    invoices = Invoice.objects.visible_to(actor).select_related("account", "order__contact", "shipment", "corrects")
    invoice = (
        invoices.prefetch_related("lines", "payments", "credit_notes", "instalments").filter(number=number).first()
    )
    if invoice is None:
        raise InvoiceNotFound()
    return invoice


def invoices_of(
    actor: Actor,
    *,
    status: str | None = None,
    text: str = "",
    on: date,
    after: str | None = None,
    before: str | None = None,
    size: int = 25,
) -> Page[Invoice]:
    """A page of the invoices the actor may see, the latest first. One query.

    `status` is "open", "overdue" (on the day `on`) or "paid"; `text` finds the invoice's, the order's or the PO number,
    or a SKU among the lines.
    """
    invoices = Invoice.objects.visible_to(actor).select_related("account", "order")
    if status:
        invoices = invoices.filter(_with_status(status, on))
    if text := text.strip():
        has_sku = Exists(InvoiceLine.objects.filter(invoice=OuterRef("pk"), sku__iexact=text))
        named = Q(number__istartswith=text) | Q(order__number__istartswith=text) | Q(order__po_number__icontains=text)
        invoices = invoices.filter(named | has_sku)
    return latest_first(invoices, "issued_on", after=after, before=before, size=size)


def _with_status(status: str, on: date) -> Q:
    is_open = ~Q(paid=F("gross"))
    return {"open": is_open, "overdue": is_open & Q(due_on__lt=on), "paid": ~is_open}.get(status, Q())


def invoices_of_order(actor: Actor, order: Order) -> list[Invoice]:
    """The invoices and credit notes of an order, the first ahead. One query."""
    invoices = Invoice.objects.visible_to(actor).filter(order=order).select_related("shipment")
    return list(invoices.order_by("issued_on", "id"))


def ageing_of(account_ids: Sequence[int], on: date) -> list[Ageing]:
    """What these accounts owe, by currency and by how long it has been due. One query."""
    return totals_by_currency(ageing for _account_id, ageing in ages(account_ids, on))


@dataclass(frozen=True, slots=True)
class ToPay:
    """An open invoice; `early` is what settles it up to its day of early payment, None where nothing is saved."""

    invoice: Invoice
    early: Decimal | None
    is_overdue: bool


def to_pay_next(actor: Actor, on: date, limit: int = 5) -> list[ToPay]:
    """Open invoices by the day that comes next, that of early payment or the due one; the longest overdue first.

    One query.
    """
    is_early = Q(discount_until__gte=on, discount_percent__gt=0)
    credits_ = Payment.objects.filter(invoice=OuterRef("pk"), kind=Payment.Kind.CREDIT).order_by().values("invoice")
    open_ones = Invoice.objects.visible_to(actor).filter(~Q(paid=F("gross")), kind=Invoice.Kind.INVOICE)
    open_ones = open_ones.annotate(
        next_on=Case(When(is_early & Q(discount_until__lt=F("due_on")), then="discount_until"), default="due_on"),
        credited=Coalesce(Subquery(credits_.values(sum=Sum("amount"))), ZERO, output_field=DecimalField()),
    )
    found = open_ones.select_related("account").order_by("next_on", "id")[:limit]
    return [ToPay(each, _early_on(each, on), each.due_on < on) for each in found]


def _early_on(invoice: Invoice, on: date) -> Decimal | None:
    is_in_time = invoice.discount_until is not None and invoice.discount_until >= on
    return _early(invoice, invoice.credited) if is_in_time else None


def totals_of(invoice: Invoice) -> Totals:
    """The figures of an invoice with its tax per rate, from its lines.

    The tax of a credit note is its part of the invoice's (`rules.credit_tax`); where that is not what its own lines
    come to, the rate with the largest net takes the difference.
    """
    sums = totals(((line.tax_percent, line.net) for line in invoice.lines.all()), invoice.currency)
    drift = invoice.tax - sums.tax
    if not drift or not sums.taxes:
        return sums
    largest = max(sums.taxes, key=lambda tax: abs(tax.net))
    taxes = (replace(tax, tax=tax.tax + drift) if tax is largest else tax for tax in sums.taxes)
    return replace(sums, taxes=tuple(taxes), tax=invoice.tax, gross=invoice.gross)


@dataclass(frozen=True, slots=True)
class Creditable:
    """A line of an invoice with the quantity and the net that no credit note has taken back yet."""

    line: InvoiceLine
    quantity: int
    net: Decimal


def creditable(invoice: Invoice) -> list[Creditable]:
    """What is left of each line of an invoice. Two queries."""
    notes = InvoiceLine.objects.filter(invoice__corrects=invoice, credits__isnull=False).order_by()
    sums = notes.values_list("credits").annotate(Sum("quantity"), Sum("net"))
    credited = {line_id: (quantity, net) for line_id, quantity, net in sums}
    left = []
    for line in invoice.lines.all():
        quantity, net = credited.get(line.pk, (0, ZERO))
        left.append(Creditable(line, line.quantity + quantity, line.net + net))
    return left


def early_payment(invoice: Invoice) -> Decimal | None:
    """What would settle the invoice within its early-payment days; None where nothing is saved.

    A credit note that was set off does not cost the discount on the rest; money that came in does.
    """
    credited = sum((each.amount for each in invoice.payments.all() if each.kind == Payment.Kind.CREDIT), ZERO)
    return _early(invoice, credited)


def _early(invoice: Invoice, credited: Decimal) -> Decimal | None:
    if not invoice.discount_percent or invoice.discount_until is None or not invoice.open_amount:
        return None
    if invoice.paid != credited:
        return None
    return invoice.open_amount - discount_of(invoice.open_amount, invoice.discount_percent, invoice.currency)
