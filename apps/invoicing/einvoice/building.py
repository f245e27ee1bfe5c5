"""From an invoice to EN 16931.

1. An invoice is type 380, a credit note 381 with positive amounts and the number of what it corrects.
2. Every line of ours is a line of the norm, freight and fees as well: the sum of the lines is the net, without charges
   on the document.
3. Tax is broken down by category and rate on the sums of the nets, as our figures are. Nothing is taxed at 0 without a
   category: reverse charge (AE) where the receiver owes it, export (G) where goods leave the country, else zero (Z).
4. What was paid ahead stands as prepaid; other payments come after the invoice and change nothing of it.
5. One due date is allowed: that of the last instalment. The terms say all of them in words.
"""

from collections.abc import Sequence
from decimal import Decimal

from django.conf import settings
from django.utils import timezone, translation

from apps.accounts.models import Account, ShipTo
from apps.invoicing.einvoice.checking import problems
from apps.invoicing.einvoice.writing import RSM, add, add_day, add_if, amount, document, serialised
from apps.invoicing.errors import EInvoiceIncomplete
from apps.invoicing.models import Invoice, InvoiceLine, Issuer, Payment
from apps.invoicing.selectors.invoices import totals_of
from apps.invoicing.words import terms_of_payment
from apps.ordering.rules.payment import AHEAD
from apps.pricing.rules import owes_reverse_charge

GUIDELINE = "urn:cen.eu:en16931:2017"
STANDARD, ZERO_RATED, REVERSE, EXPORT = "S", "Z", "AE", "G"
EXEMPTIONS = {
    REVERSE: ("Reverse charge", "VATEX-EU-AE"),
    EXPORT: ("Export outside the country of the seller", "VATEX-EU-G"),
}
#: Our units of measure by the codes of UN/ECE Recommendation 20 and 21.
UNITS = {
    "pc": "H87", "pcs": "H87", "box": "XBX", "can": "XCA", "case": "XCS", "pack": "XPK", "pk": "XPK", "roll": "XRO",
    "pair": "PR", "set": "SET", "m": "MTR", "kg": "KGM", "g": "GRM", "l": "LTR", "ml": "MLT", "h": "HUR", "hour": "HUR",
    "bag": "XBG", "ctn": "XCT", "drum": "XDR", "pal": "XPX", "bottle": "XBO", "sheet": "XST", "tube": "XTU",
    "cut": "C62",
}  # fmt: skip


def e_invoice_of(invoice: Invoice) -> bytes:
    """The invoice as CII, profile EN 16931. `invoice` comes from `invoice_for`. Three queries."""
    issuer = Issuer.objects.order_by("pk").first() or Issuer()
    root, sign = document(), -1 if invoice.is_credit_note else 1
    add(root, "ExchangedDocumentContext", of=RSM)
    add(root[0], "GuidelineSpecifiedDocumentContextParameter.ID", GUIDELINE)
    _header(root, invoice)
    trade = add(root, "SupplyChainTradeTransaction", of=RSM)
    category = _zero_category(invoice)
    for line in invoice.lines.all():
        _line(trade, line, sign, category)
    _agreement(trade, invoice, issuer)
    _delivery(trade, invoice)
    _settlement(trade, invoice, issuer, sign, category)
    return serialised(root)


def e_invoice_or_refuse(invoice: Invoice) -> bytes:
    """The same; `EInvoiceIncomplete` with the rules of the norm that it would break."""
    content = e_invoice_of(invoice)
    if broken := problems(content):
        raise EInvoiceIncomplete(" · ".join(broken[:10]), rules=broken)
    return content


def _header(root, invoice: Invoice) -> None:
    header = add(root, "ExchangedDocument", of=RSM)
    add(header, "ID", invoice.number)
    add(header, "TypeCode", "381" if invoice.is_credit_note else "380")
    add_day(header, "IssueDateTime", invoice.issued_on)
    if invoice.reason:
        add(header, "IncludedNote.Content", invoice.reason)


def _zero_category(invoice: Invoice) -> str:
    """Why something of this invoice is not taxed, where it is not."""
    country = invoice.order.country if invoice.order else invoice.account.country
    reverse = owes_reverse_charge(
        country,
        home=settings.HOME_COUNTRY,
        account_country=invoice.account.country,
        vat_number=invoice.account.vat_number,
        vat_verified=invoice.account.vat_verified,
    )
    if reverse:
        return REVERSE
    return EXPORT if country != settings.HOME_COUNTRY else ZERO_RATED


def _line(trade, line: InvoiceLine, sign: int, zero_category: str) -> None:
    item = add(trade, "IncludedSupplyChainTradeLineItem")
    add(item, "AssociatedDocumentLineDocument.LineID", str(line.position))
    product = add(item, "SpecifiedTradeProduct")
    add_if(product, "SellerAssignedID", line.sku)
    add(product, "Name", line.name or line.sku)
    add(item, "SpecifiedLineTradeAgreement.NetPriceProductTradePrice.ChargeAmount", amount(line.unit_price))
    unit = UNITS.get(line.uom.lower(), "C62")
    add(item, "SpecifiedLineTradeDelivery.BilledQuantity", str(line.quantity * sign), unitCode=unit)
    settlement = add(item, "SpecifiedLineTradeSettlement")
    tax = add(settlement, "ApplicableTradeTax")
    add(tax, "TypeCode", "VAT")
    add(tax, "CategoryCode", STANDARD if line.tax_percent else zero_category)
    add(tax, "RateApplicablePercent", amount(line.tax_percent))
    add(settlement, "SpecifiedTradeSettlementLineMonetarySummation.LineTotalAmount", amount(line.net * sign))


def _agreement(trade, invoice: Invoice, issuer: Issuer) -> None:
    agreement = add(trade, "ApplicableHeaderTradeAgreement")
    order = invoice.order
    add_if(agreement, "BuyerReference", order.po_number if order else "")
    _seller(agreement, issuer)
    _buyer(agreement, invoice.account)
    if order:
        add(agreement, "SellerOrderReferencedDocument.IssuerAssignedID", order.number)
        add_if(agreement, "BuyerOrderReferencedDocument.IssuerAssignedID", order.po_number)


def _seller(agreement, issuer: Issuer) -> None:
    seller = add(agreement, "SellerTradeParty")
    add(seller, "Name", issuer.name)
    add_if(seller, "SpecifiedLegalOrganization.ID", issuer.registration)
    if issuer.phone or issuer.email:
        contact = add(seller, "DefinedTradeContact")
        add(contact, "PersonName", issuer.name)
        add_if(contact, "TelephoneUniversalCommunication.CompleteNumber", issuer.phone)
        add_if(contact, "EmailURIUniversalCommunication.URIID", issuer.email)
    _address(seller, issuer.street, issuer.postal_code, issuer.city, issuer.country)
    add_if(seller, "URIUniversalCommunication.URIID", issuer.email, schemeID="EM")
    add_if(seller, "SpecifiedTaxRegistration.ID", _tax_id(issuer.vat_number), schemeID="VA")


def _buyer(agreement, account: Account) -> None:
    buyer = add(agreement, "BuyerTradeParty")
    add(buyer, "ID", account.number)
    add(buyer, "Name", account.name)
    home = ShipTo.objects.filter(account=account).order_by("-is_default", "pk").first()
    if home:
        _address(buyer, home.street, home.postal_code, home.city, home.country)
    else:
        _address(buyer, "", "", "", account.country)
    add_if(buyer, "SpecifiedTaxRegistration.ID", _tax_id(account.vat_number), schemeID="VA")


def _address(party, street: str, postal_code: str, city: str, country: str) -> None:
    address = add(party, "PostalTradeAddress")
    add_if(address, "PostcodeCode", postal_code)
    add_if(address, "LineOne", street)
    add_if(address, "CityName", city)
    add(address, "CountryID", country)


def _tax_id(number: str) -> str:
    return "".join(number.split()).upper()


def _delivery(trade, invoice: Invoice) -> None:
    delivery = add(trade, "ApplicableHeaderTradeDelivery")
    order, shipment, goes = invoice.order, invoice.shipment, invoice.goes
    if goes and goes.ship_to_text:
        party = add(delivery, "ShipToTradeParty")
        add(party, "Name", goes.ship_to_text.splitlines()[0])
        ship_to = ShipTo.objects.filter(pk=goes.ship_to_id).first()
        if ship_to:
            _address(party, ship_to.street, ship_to.postal_code, ship_to.city, order.country)
        else:
            _address(party, "", "", "", order.country)
    if shipment and shipment.shipped_at:
        event = add(delivery, "ActualDeliverySupplyChainEvent")
        add_day(event, "OccurrenceDateTime", timezone.localdate(shipment.shipped_at))
    if shipment:
        add(delivery, "DespatchAdviceReferencedDocument.IssuerAssignedID", shipment.number)


def _settlement(trade, invoice: Invoice, issuer: Issuer, sign: int, zero_category: str) -> None:
    settlement = add(trade, "ApplicableHeaderTradeSettlement")
    add(settlement, "PaymentReference", invoice.number)
    add(settlement, "InvoiceCurrencyCode", invoice.currency)
    if issuer.iban and not invoice.is_credit_note:
        means = add(settlement, "SpecifiedTradeSettlementPaymentMeans")
        add(means, "TypeCode", "30")  # credit transfer
        add(means, "PayeePartyCreditorFinancialAccount.IBANID", _tax_id(issuer.iban))
        add_if(means, "PayeeSpecifiedCreditorFinancialInstitution.BICID", issuer.bic)
    sums = totals_of(invoice)
    for tax in sums.taxes:
        category = STANDARD if tax.percent else zero_category
        _tax(settlement, category, tax.percent, tax.net * sign, tax.tax * sign)
    _terms(settlement, invoice)
    _sums(settlement, invoice, sign)
    if invoice.corrects:
        add(settlement, "InvoiceReferencedDocument.IssuerAssignedID", invoice.corrects.number)


def _tax(settlement, category: str, percent: Decimal, net: Decimal, tax: Decimal) -> None:
    why, code = EXEMPTIONS.get(category, ("", ""))
    node = add(settlement, "ApplicableTradeTax")
    add(node, "CalculatedAmount", amount(tax))
    add(node, "TypeCode", "VAT")
    add_if(node, "ExemptionReason", why)
    add(node, "BasisAmount", amount(net))
    add(node, "CategoryCode", category)
    add_if(node, "ExemptionReasonCode", code)
    add(node, "RateApplicablePercent", amount(percent))


def _terms(settlement, invoice: Invoice) -> None:
    terms = add(settlement, "SpecifiedTradePaymentTerms")
    with translation.override(invoice.account.language):
        words: Sequence[str] = terms_of_payment(invoice)
    add(terms, "Description", "\n".join("".join(ch for ch in each if ch not in "\u2068\u2069") for each in words))
    if not invoice.is_credit_note:
        add_day(terms, "DueDateDateTime", invoice.parts[-1].due_on)


def _sums(settlement, invoice: Invoice, sign: int) -> None:
    sums = add(settlement, "SpecifiedTradeSettlementHeaderMonetarySummation")
    prepaid = _prepaid(invoice)
    add(sums, "LineTotalAmount", amount(invoice.net * sign))
    add(sums, "TaxBasisTotalAmount", amount(invoice.net * sign))
    add(sums, "TaxTotalAmount", amount(invoice.tax * sign), currencyID=invoice.currency)
    add(sums, "GrandTotalAmount", amount(invoice.gross * sign))
    if prepaid:
        add(sums, "TotalPrepaidAmount", amount(prepaid))
    add(sums, "DuePayableAmount", amount(invoice.gross * sign - prepaid))


def _prepaid(invoice: Invoice) -> Decimal:
    if invoice.payment_kind != AHEAD:
        return Decimal(0)
    money = (each.amount for each in invoice.payments.all() if each.kind == Payment.Kind.RECEIVED)
    return sum(money, Decimal(0))
