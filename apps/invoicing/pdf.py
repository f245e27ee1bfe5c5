"""Invoices and credit notes as PDF, set by Typst in the language of the account.

1. Python writes every figure, date and sentence in the account's language; the template only sets them.
2. What arrives from the database reaches the template as data, never as markup.
3. Fonts are those of the system; without them Typst's own (Latin only) stand in, see `apps.invoicing.checks`.
"""

import json
import logging
from pathlib import Path

import typst
from django.utils import translation
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from apps.accounts.models import ShipTo
from apps.core import formatting
from apps.core.typesetting import font_names, fonts
from apps.invoicing.einvoice import e_invoice_of, problems, with_metadata
from apps.invoicing.models import Invoice, InvoiceLine, Issuer
from apps.invoicing.selectors.invoices import totals_of
from apps.invoicing.words import day_words, number_words, own_way, percent_words, terms_of_payment
from apps.ordering.models import Destination, Order

log = logging.getLogger(__name__)
TEMPLATE = Path(__file__).parent / "typst" / "invoice.typ"


def invoice_pdf(invoice: Invoice) -> bytes:
    """The invoice as a tagged PDF in the language of its account. `invoice` comes from `invoice_for`.

    One that keeps the rules of EN 16931 carries itself as data: a Factur-X document (PDF/A-3).
    """
    with translation.override(invoice.account.language):
        document = _document(invoice)
    xml = e_invoice_of(invoice)
    if not problems(xml):
        try:
            return with_metadata(_set(document | {"e_invoice": xml.decode()}, pdf_standards=["a-3b"]))
        except typst.TypstError as error:  # a letter that no font of this machine has cannot be archived
            log.warning("invoice %s is set without its data: %s", invoice.number, error)
    return _set(document)


def _set(document: dict, **how) -> bytes:
    compiler = typst.Compiler(str(TEMPLATE), font_paths=fonts())
    said = json.dumps(document, ensure_ascii=False)
    return compiler.compile(format="pdf", sys_inputs={"document": said}, **how)


def _document(invoice: Invoice) -> dict:
    issuer = Issuer.objects.order_by("pk").first() or Issuer()
    goes = invoice.goes
    return {
        "e_invoice": None,
        "language": invoice.account.language.split("-")[0],
        "rtl": get_language_bidi(),
        "fonts": font_names(),
        "title": _("Credit note") if invoice.is_credit_note else _("Invoice"),
        "number": invoice.number,
        "issuer": {"name": issuer.name, "address": own_way(one_line(issuer))},
        "footer": footer_of(issuer),
        "bill_to": _bill_to(invoice),
        "ship_to": _ship_to(goes),
        "facts": _facts(invoice),
        "columns": ["", _("Product"), _("Quantity"), _("Unit price"), _("Tax"), _("Net")],
        "lines": [_line(invoice, line) for line in invoice.lines.all()],
        "sums": _sums(invoice),
        "total": formatting.money(invoice.gross, invoice.currency),
        "terms": terms_of_payment(invoice),
        "labels": {
            "bill_to": _("Invoice to"),
            "ship_to": _("Delivered to"),
            "total": _("Total"),
            "terms": _("Payment"),
        },
    }


def one_line(issuer: Issuer) -> str:
    town = f"{issuer.postal_code} {issuer.city}".strip()
    return ", ".join(part for part in (issuer.street, town) if part)


def footer_of(issuer: Issuer) -> list[list[str]]:
    """Three columns: who, how to reach them, where to pay."""
    vat = _("VAT number: %(number)s") % {"number": issuer.vat_number} if issuer.vat_number else ""
    columns = (
        (issuer.name, one_line(issuer), issuer.registration),
        (issuer.email, f"\u200e{issuer.phone}" if issuer.phone else "", vat),
        (issuer.bank, f"IBAN {issuer.iban}" if issuer.iban else "", f"BIC {issuer.bic}" if issuer.bic else ""),
    )
    return [[own_way(line) for line in lines if line] for lines in columns]


def _bill_to(invoice: Invoice) -> list[str]:
    account = invoice.account
    home = ShipTo.objects.filter(account=account).order_by("-is_default", "pk").first()
    town = f"{home.postal_code} {home.city}".strip() if home else ""
    address = (home.street, town, formatting.country_name(home.country, get_language())) if home else ()
    vat = _("VAT number: %(number)s") % {"number": account.vat_number} if account.vat_number else ""
    return [own_way(line) for line in (account.name, *address, vat) if line]


def _ship_to(goes: Order | Destination | None) -> list[str]:
    if goes is None:
        return []
    return [own_way(line) for line in formatting.address_lines(goes.ship_to_text, goes.country, get_language())]


def _facts(invoice: Invoice) -> list[tuple[str, str]]:
    """Names and values; codes are isolated left to right, dates stay in the direction of the language."""
    order = invoice.order
    facts = [
        (_("Date"), day_words(invoice.issued_on)),
        (_("Account number"), invoice.account.number),
        (_("Order number"), order.number if order else ""),
        (_("Your PO number"), order.po_number if order else ""),
        (_("Your cost centre"), order.cost_centre_text if order else ""),
        (_("Delivery"), invoice.shipment.number if invoice.shipment else ""),
        (_("Corrects"), invoice.corrects.number if invoice.corrects else ""),
        (_("Reason"), invoice.reason),
        (_("Due"), "" if invoice.is_credit_note else day_words(invoice.parts[-1].due_on)),
    ]
    return [(name, own_way(value)) for name, value in facts if value]


def _line(invoice: Invoice, line: InvoiceLine) -> dict[str, str]:
    return {
        "position": str(line.position),
        "sku": line.sku,
        "name": line.name,
        "quantity": number_words(line.quantity),
        "uom": line.uom,
        "unit_price": formatting.unit_price(line.unit_price, invoice.currency),
        "tax_percent": percent_words(line.tax_percent),
        "net": formatting.money(line.net, invoice.currency),
    }


def _sums(invoice: Invoice) -> list[tuple[str, str]]:
    taxes = [
        (
            _("Tax %(rate)s on %(net)s")
            % {"rate": percent_words(tax.percent), "net": formatting.money(tax.net, invoice.currency)},
            formatting.money(tax.tax, invoice.currency),
        )
        for tax in totals_of(invoice).taxes
    ]
    return [(_("Net"), formatting.money(invoice.net, invoice.currency)), *taxes]
