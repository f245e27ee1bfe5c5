"""Whether a CII document keeps the rules of EN 16931, as far as they can bite here.

The rules are looked up in the document as it was written, not in what it was written from. Each is named as the norm
names it: BR (what must be there), BR-CO (sums), BR-S, BR-Z, BR-AE, BR-G (tax by category), BR-DEC (decimals), BR-CL
(codes). Rules about what these documents never hold (allowances and charges, attachments, tax representatives, payees,
direct debits, other tax categories) are left out, and so is the schema itself: `writing` keeps its order.
"""

import re
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from lxml import etree

from apps.core.money import step

_NS = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
}
_TRADE = "rsm:SupplyChainTradeTransaction"
_SELLER = f"{_TRADE}/ram:ApplicableHeaderTradeAgreement/ram:SellerTradeParty"
_BUYER = f"{_TRADE}/ram:ApplicableHeaderTradeAgreement/ram:BuyerTradeParty"
_SETTLEMENT = f"{_TRADE}/ram:ApplicableHeaderTradeSettlement"
_SUMS = f"{_SETTLEMENT}/ram:SpecifiedTradeSettlementHeaderMonetarySummation"
_VAT_ID = "ram:SpecifiedTaxRegistration/ram:ID[@schemeID='VA']"
_NEEDED = (
    ("BR-01", "rsm:ExchangedDocumentContext/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID", "specification"),
    ("BR-02", "rsm:ExchangedDocument/ram:ID", "number"),
    ("BR-03", "rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString", "issue date"),
    ("BR-04", "rsm:ExchangedDocument/ram:TypeCode", "type code"),
    ("BR-05", f"{_SETTLEMENT}/ram:InvoiceCurrencyCode", "currency"),
    ("BR-06", f"{_SELLER}/ram:Name", "seller's name"),
    ("BR-07", f"{_BUYER}/ram:Name", "buyer's name"),
    ("BR-08", f"{_SELLER}/ram:PostalTradeAddress", "seller's address"),
    ("BR-09", f"{_SELLER}/ram:PostalTradeAddress/ram:CountryID", "seller's country"),
    ("BR-10", f"{_BUYER}/ram:PostalTradeAddress", "buyer's address"),
    ("BR-11", f"{_BUYER}/ram:PostalTradeAddress/ram:CountryID", "buyer's country"),
    ("BR-12", f"{_SUMS}/ram:LineTotalAmount", "sum of the lines"),
    ("BR-13", f"{_SUMS}/ram:TaxBasisTotalAmount", "net"),
    ("BR-14", f"{_SUMS}/ram:GrandTotalAmount", "gross"),
    ("BR-15", f"{_SUMS}/ram:DuePayableAmount", "amount due"),
    ("BR-16", f"{_TRADE}/ram:IncludedSupplyChainTradeLineItem", "line"),
    ("BR-CO-18", f"{_SETTLEMENT}/ram:ApplicableTradeTax", "tax breakdown"),
    (
        "BR-CO-26",
        f"{_SELLER}/{_VAT_ID}|{_SELLER}/ram:SpecifiedLegalOrganization/ram:ID",
        "seller's VAT or register number",
    ),
)
_NEEDED_OF_LINES = (
    ("BR-21", "ram:AssociatedDocumentLineDocument/ram:LineID"),
    ("BR-22", "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity"),
    ("BR-23", "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity/@unitCode"),
    ("BR-24", "ram:SpecifiedLineTradeSettlement/ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"),
    ("BR-25", "ram:SpecifiedTradeProduct/ram:Name"),
    ("BR-26", "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/ram:ChargeAmount"),
    ("BR-CO-04", "ram:SpecifiedLineTradeSettlement/ram:ApplicableTradeTax/ram:CategoryCode"),
)
_CATEGORIES = {"S", "Z", "AE", "G"}


def problems(content: bytes) -> list[str]:
    """The rules that the document breaks, each with what is wrong, in English; empty where it keeps them all."""
    checked = _Document(etree.fromstring(content))
    found = [*checked.missing(), *checked.codes(), *checked.decimals()]
    return found or [*checked.sums(), *checked.breakdown(), *checked.parties(), *checked.terms()]


class _Document:
    def __init__(self, root):
        self.root = root
        self.lines = self._all(f"{_TRADE}/ram:IncludedSupplyChainTradeLineItem")
        self.taxes = self._all(f"{_SETTLEMENT}/ram:ApplicableTradeTax")
        self.currency = self._text(f"{_SETTLEMENT}/ram:InvoiceCurrencyCode")

    def missing(self):
        for rule, path, name in _NEEDED:
            if not any(_said(each) for each in self._all(path)):
                yield f"{rule}: the {name} is missing"
        for turn, line in enumerate(self.lines, start=1):
            for rule, path in _NEEDED_OF_LINES:
                if not any(_said(each) for each in line.xpath(path, namespaces=_NS)):
                    yield f"{rule}: line {turn} has no {path.rpartition(':')[2]}"
            price = self._amount("ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/ram:ChargeAmount", line)
            if price < 0:
                yield f"BR-27: the price of line {turn} is negative"

    def codes(self):
        if self._text("rsm:ExchangedDocument/ram:TypeCode") not in ("380", "381"):
            yield "BR-CL-01: the type is neither invoice nor credit note"
        if not re.fullmatch("[A-Z]{3}", self.currency):
            yield "BR-CL-04: the currency is no code of ISO 4217"
        for country in self._all("//ram:CountryID"):
            if not re.fullmatch("[A-Z]{2}", country.text or ""):
                yield f"BR-CL-14: “{country.text}” is no code of ISO 3166"
        for unit in self._all("//ram:BilledQuantity/@unitCode"):
            if not re.fullmatch("[A-Z0-9]{2,3}", unit):
                yield f"BR-CL-23: “{unit}” is no unit of Recommendation 20 or 21"
        for category in self._all("//ram:CategoryCode"):
            if category.text not in _CATEGORIES:
                yield f"BR-CL-17: “{category.text}” is no tax category of ours"

    def decimals(self):
        """Two decimals at most; the norm knows no currency with three."""
        for element in (*self._all(f"{_SUMS}/*"), *self._all("//ram:LineTotalAmount"), *self._all("//ram:BasisAmount")):
            if not re.fullmatch(r"-?[0-9]+(\.[0-9]{1,2})?", element.text or ""):
                yield f"BR-DEC: {etree.QName(element).localname} “{element.text}” is no amount of two decimals"

    def sums(self):
        net, basis = self._amount(f"{_SUMS}/ram:LineTotalAmount"), self._amount(f"{_SUMS}/ram:TaxBasisTotalAmount")
        tax, gross = self._amount(f"{_SUMS}/ram:TaxTotalAmount"), self._amount(f"{_SUMS}/ram:GrandTotalAmount")
        prepaid, due = self._amount(f"{_SUMS}/ram:TotalPrepaidAmount"), self._amount(f"{_SUMS}/ram:DuePayableAmount")
        taxes = sum((self._amount("ram:CalculatedAmount", each) for each in self.taxes), Decimal(0))
        path = "ram:SpecifiedLineTradeSettlement/ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"
        lines = sum((self._amount(path, line) for line in self.lines), Decimal(0))
        for rule, left, right in (
            ("BR-CO-10: the sum of the lines", net, lines),
            ("BR-CO-13: the net", basis, net),
            ("BR-CO-14: the tax", tax, taxes),
            ("BR-CO-15: the gross", gross, basis + tax),
            ("BR-CO-16: the amount due", due, gross - prepaid),
        ):
            if left != right:
                yield f"{rule} is {left}, and should be {right}"

    def breakdown(self):
        """Every category and rate of the lines once, on the sum of its lines, and the tax of it."""
        nets: dict[tuple[str, Decimal], Decimal] = defaultdict(Decimal)
        for line in self.lines:
            tax = "ram:SpecifiedLineTradeSettlement/ram:ApplicableTradeTax"
            key = (self._text(f"{tax}/ram:CategoryCode", line), self._amount(f"{tax}/ram:RateApplicablePercent", line))
            path = "ram:SpecifiedLineTradeSettlement/ram:SpecifiedTradeSettlementLineMonetarySummation"
            nets[key] += self._amount(f"{path}/ram:LineTotalAmount", line)
        seen = set()
        for each in self.taxes:
            category, rate = self._text("ram:CategoryCode", each), self._amount("ram:RateApplicablePercent", each)
            basis, tax = self._amount("ram:BasisAmount", each), self._amount("ram:CalculatedAmount", each)
            yield from self._category(category, rate, basis, tax, each)
            if (category, rate) in seen or basis != nets.get((category, rate)):
                yield f"BR-{category}-08: the net at {rate} is {basis}, and should be {nets.get((category, rate))}"
            seen.add((category, rate))
        for category, _rate in nets.keys() - seen:
            yield f"BR-{category}-01: a tax of the lines is not in the breakdown"

    def _category(self, category: str, rate: Decimal, basis: Decimal, tax: Decimal, node):
        expected = (basis * rate / 100).quantize(step(self.currency), ROUND_HALF_UP)
        if abs(tax - expected) >= 1:  # what the norm's own rules allow; the notes of parts share one tax
            yield f"BR-CO-17: the tax at {rate} is {tax}, and should be {expected}"
        if category == "S" and rate <= 0:
            yield "BR-S-05: the standard rate is above zero"
        if category != "S" and (rate or tax):
            yield f"BR-{category}-09: nothing is taxed in this category"
        has_reason = bool(self._text("ram:ExemptionReason", node) or self._text("ram:ExemptionReasonCode", node))
        if has_reason is (category in ("S", "Z")):
            yield f"BR-{category}-10: a reason of exemption is missing, or stands where none belongs"

    def parties(self):
        seller, buyer = (self._text(f"{party}/{_VAT_ID}") for party in (_SELLER, _BUYER))
        for category in {self._text("ram:CategoryCode", each) for each in self.taxes}:
            if not seller:
                yield f"BR-{category}-02: the seller's VAT number is missing"
            if category == "AE" and not buyer:
                yield "BR-AE-02: the buyer's VAT number is missing"
        for number in (seller, buyer):
            if number and not re.match("[A-Z]{2}", number):
                yield f"BR-CO-09: the VAT number {number} has no country before it"

    def terms(self):
        path = f"{_SETTLEMENT}/ram:SpecifiedTradePaymentTerms"
        has_terms = self._text(f"{path}/ram:DueDateDateTime/udt:DateTimeString") or self._text(
            f"{path}/ram:Description"
        )
        if self._amount(f"{_SUMS}/ram:DuePayableAmount") > 0 and not has_terms:
            yield "BR-CO-25: neither a due date nor terms"
        for means in self._all(f"{_SETTLEMENT}/ram:SpecifiedTradeSettlementPaymentMeans"):
            if not self._text("ram:TypeCode", means):
                yield "BR-49: the means of payment has no code"
            if not self._text("ram:PayeePartyCreditorFinancialAccount/ram:IBANID", means):
                yield "BR-50: the account to pay to is missing"
        for each in self._all(f"{_SETTLEMENT}/ram:InvoiceReferencedDocument"):
            if not self._text("ram:IssuerAssignedID", each):
                yield "BR-55: the corrected invoice has no number"

    def _all(self, path: str) -> list:
        return self.root.xpath(path, namespaces=_NS)

    def _text(self, path: str, node=None) -> str:
        found = (self.root if node is None else node).xpath(path, namespaces=_NS)
        return (found[0].text or "").strip() if found else ""

    def _amount(self, path: str, node=None) -> Decimal:
        try:
            return Decimal(self._text(path, node) or 0)
        except InvalidOperation:
            return Decimal(0)


def _said(node) -> bool:
    """Whether an attribute or an element says something."""
    return bool(str(node).strip()) if isinstance(node, str) else bool((node.text or "").strip() or len(node))
