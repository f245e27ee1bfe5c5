"""Invoices and credit notes as PDF, set by Typst in the language of the account.

1. Python writes every figure, date and sentence in the account's language; the template only sets them.
2. What arrives from the database reaches the template as data, never as markup.
3. Fonts are those of the system; without them Typst's own (Latin only) stand in, see `apps.invoicing.checks`.
"""

import json
from datetime import date
from pathlib import Path

import typst
from django.utils import translation
from django.utils.translation import get_language_bidi, ngettext
from django.utils.translation import gettext as _

from apps.accounts.models import ShipTo
from apps.core import formatting
from apps.core.typesetting import font_names, fonts
from apps.invoicing.models import Invoice, InvoiceLine, Issuer
from apps.invoicing.selectors.invoices import early_payment, totals_of

_ISOLATE, _END = "\u2068", "\u2069"  # first-strong isolate and its end (UAX #9)
TEMPLATE = Path(__file__).parent / "typst" / "invoice.typ"


def invoice_pdf(invoice: Invoice) -> bytes:
    """The invoice as a tagged PDF in the language of its account. `invoice` comes from `invoice_for`."""
    with translation.override(invoice.account.language):
        document = json.dumps(_document(invoice), ensure_ascii=False)
    compiler = typst.Compiler(str(TEMPLATE), font_paths=fonts())
    return compiler.compile(format="pdf", sys_inputs={"document": document})


def _document(invoice: Invoice) -> dict:
    issuer = Issuer.objects.order_by("pk").first() or Issuer()
    return {
        "language": invoice.account.language.split("-")[0],
        "rtl": get_language_bidi(),
        "fonts": font_names(),
        "title": _("Credit note") if invoice.is_credit_note else _("Invoice"),
        "number": invoice.number,
        "issuer": {"name": issuer.name, "address": _own_way(_one_line(issuer))},
        "footer": _footer(issuer),
        "bill_to": _bill_to(invoice),
        "ship_to": [_own_way(line) for line in invoice.order.ship_to_text.splitlines()] if invoice.order else [],
        "facts": _facts(invoice),
        "columns": ["", _("Product"), _("Quantity"), _("Unit price"), _("Tax"), _("Net")],
        "lines": [_line(invoice, line) for line in invoice.lines.all()],
        "sums": _sums(invoice),
        "total": formatting.money(invoice.gross, invoice.currency),
        "terms": _terms(invoice),
        "labels": {
            "bill_to": _("Invoice to"),
            "ship_to": _("Delivered to"),
            "total": _("Total"),
            "terms": _("Payment"),
        },
    }


def _own_way(text: str) -> str:
    """`text` in its own direction, whatever it stands in: "12 Quay Street" must not become "Quay Street 12"."""
    return f"{_ISOLATE}{text}{_END}"


def _one_line(issuer: Issuer) -> str:
    town = f"{issuer.postal_code} {issuer.city}".strip()
    return ", ".join(part for part in (issuer.street, town) if part)


def _footer(issuer: Issuer) -> list[list[str]]:
    """Three columns: who, how to reach them, where to pay."""
    vat = _("VAT number: %(number)s") % {"number": issuer.vat_number} if issuer.vat_number else ""
    columns = (
        (issuer.name, _one_line(issuer), issuer.registration),
        (issuer.email, f"\u200e{issuer.phone}" if issuer.phone else "", vat),
        (issuer.bank, f"IBAN {issuer.iban}" if issuer.iban else "", f"BIC {issuer.bic}" if issuer.bic else ""),
    )
    return [[_own_way(line) for line in lines if line] for lines in columns]


def _bill_to(invoice: Invoice) -> list[str]:
    account = invoice.account
    home = ShipTo.objects.filter(account=account).order_by("-is_default", "pk").first()
    address = (home.street, f"{home.postal_code} {home.city}".strip(), home.country) if home else ()
    vat = _("VAT number: %(number)s") % {"number": account.vat_number} if account.vat_number else ""
    return [_own_way(line) for line in (account.name, *address, vat) if line]


def _facts(invoice: Invoice) -> list[tuple[str, str]]:
    """Names and values; codes are isolated left to right, dates stay in the direction of the language."""
    order = invoice.order
    facts = [
        (_("Date"), _day(invoice.issued_on)),
        (_("Account number"), invoice.account.number),
        (_("Order number"), order.number if order else ""),
        (_("Your PO number"), order.po_number if order else ""),
        (_("Your cost centre"), order.cost_centre_text if order else ""),
        (_("Delivery"), invoice.shipment.number if invoice.shipment else ""),
        (_("Corrects"), invoice.corrects.number if invoice.corrects else ""),
        (_("Reason"), invoice.reason),
        (_("Due"), "" if invoice.is_credit_note else _day(invoice.due_on)),
    ]
    return [(name, _own_way(value)) for name, value in facts if value]


def _line(invoice: Invoice, line: InvoiceLine) -> dict[str, str]:
    return {
        "position": str(line.position),
        "sku": line.sku,
        "name": line.name,
        "quantity": _number(line.quantity),
        "uom": line.uom,
        "unit_price": formatting.unit_price(line.unit_price, invoice.currency),
        "tax_percent": _percent(line.tax_percent),
        "net": formatting.money(line.net, invoice.currency),
    }


def _sums(invoice: Invoice) -> list[tuple[str, str]]:
    taxes = [
        (
            _("Tax %(rate)s on %(net)s")
            % {"rate": _percent(tax.percent), "net": formatting.money(tax.net, invoice.currency)},
            formatting.money(tax.tax, invoice.currency),
        )
        for tax in totals_of(invoice).taxes
    ]
    return [(_("Net"), formatting.money(invoice.net, invoice.currency)), *taxes]


def _terms(invoice: Invoice) -> list[str]:
    """How it is to be paid, in sentences."""
    if invoice.is_credit_note:
        return [_("This amount is set off against what is open, or paid back.")]
    if invoice.open_amount == 0:
        return [_("Paid. Thank you.")]
    return [*_when_due(invoice), *_what_is_open(invoice)]


def _when_due(invoice: Invoice) -> list[str]:
    days = (invoice.due_on - invoice.issued_on).days
    words = ngettext("Due on %(day)s, %(days)s day net.", "Due on %(day)s, %(days)s days net.", days)
    due = words % {"day": _own_way(_day(invoice.due_on)), "days": _number(days)}
    reduced = early_payment(invoice)
    if reduced is None:
        return [due]
    words = _("Pay by %(day)s and take %(rate)s off: %(amount)s then settles this invoice.")
    amount = _own_way(formatting.money(reduced, invoice.currency))
    day = _own_way(_day(invoice.discount_until))
    return [due, words % {"day": day, "rate": _percent(invoice.discount_percent), "amount": amount}]


def _what_is_open(invoice: Invoice) -> list[str]:
    number = _("Please give the number %(number)s with your payment.") % {"number": _own_way(invoice.number)}
    if not invoice.paid:
        return [number]
    words = _("Received so far: %(paid)s. Still open: %(open)s.")
    amounts = {"paid": invoice.paid, "open": invoice.open_amount}
    written = {name: _own_way(formatting.money(amount, invoice.currency)) for name, amount in amounts.items()}
    return [words % written, number]


def _day(on: date) -> str:
    return formatting.date_range(on, on, translation.get_language())


def _number(figure) -> str:
    return formatting.number_writer(translation.get_language()).write(figure)


def _percent(points) -> str:
    return formatting.number_writer(translation.get_language(), 0, 3, percent=True).write(points)
