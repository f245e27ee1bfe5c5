"""An invoice as data keeps the rules of EN 16931; a document that breaks one is told so by its name."""

import re
import zlib
from decimal import Decimal

import pytest
from django.urls import reverse

from apps.invoicing import pdf
from apps.invoicing.einvoice import e_invoice_of, problems
from apps.invoicing.models import Issuer
from apps.invoicing.selectors import invoice_for
from apps.invoicing.services import issue_credit_note
from apps.ordering.models import PaymentPlan
from tests.invoicing.test_services import invoiced
from tests.ordering.trade import actor


@pytest.fixture
def issuer(world):
    return Issuer.objects.create(
        name="Harrow & Vale", street="12 Kirkstall Road", postal_code="LS3 1LH", city="Leeds", country="GB",
        vat_number="GB 123 4567 82", iban="GB33 BUKB 2020 1555 5555 55", email="a@harrow.example", phone="+44 113",
    )  # fmt: skip


@pytest.fixture
def invoice(world, issuer):
    return invoice_for(actor(world.fiona), invoiced(world, world.anna, (world.gloves, 10), po_number="PO-7")[0].number)


def test_an_invoice_is_written_as_the_norm_wants(invoice):
    xml = e_invoice_of(invoice).decode()
    assert problems(xml.encode()) == []
    for said in (
        "urn:cen.eu:en16931:2017", f"<ram:ID>{invoice.number}</ram:ID>", "<ram:TypeCode>380<", "20260304", "20260403",
        "Harrow &amp; Vale", "GB123456782", "GB33BUKB20201555555555", "Brightwater Facilities", "PO-7", "GLV-NIT-L",
        '<ram:BilledQuantity unitCode="XBX">10<', "<ram:ChargeAmount>7.9000<", "<ram:LineTotalAmount>79.00<",
        "<ram:BasisAmount>85.90<", "<ram:CalculatedAmount>17.18<", '<ram:TaxTotalAmount currencyID="GBP">17.18<',
        "<ram:GrandTotalAmount>103.08<", "<ram:DuePayableAmount>103.08<", "take 2% off",
    ):  # fmt: skip
        assert said in xml, said
    assert "\u2068" not in xml


def test_a_credit_note_is_positive_and_names_what_it_corrects(world, invoice):
    line = invoice.lines.get(sku="GLV-NIT-L")
    note = issue_credit_note(actor(world.otto), invoice, quantities={line.pk: 2}, reason="Torn", now=world.now)
    xml = e_invoice_of(invoice_for(actor(world.fiona), note.number)).decode()
    assert problems(xml.encode()) == []
    for said in (
        "<ram:TypeCode>381<",
        "<ram:GrandTotalAmount>18.96<",
        f"<ram:IssuerAssignedID>{invoice.number}<",
        "Torn",
    ):
        assert said in xml, said
    assert ">-" not in xml


def test_instalments_are_in_the_terms_and_the_last_is_the_due_date(world, issuer):
    PaymentPlan.objects.create(code="3X", name="Thirds", kind="instalments", parts=3, first_days=30, every_days=30,
                               fee_percent=1)  # fmt: skip
    [made] = invoiced(world, world.boris, (world.gloves, 10), payment="3X")
    xml = e_invoice_of(invoice_for(actor(world.fiona), made.number)).decode()
    assert problems(xml.encode()) == [] and "Instalment 3 of 3" in xml and ">20260602<" in xml


@pytest.mark.parametrize(
    ("country", "vat", "category"), [("DE", "DE123456788", "AE"), ("DE", "", "G"), ("GB", "", "Z")]
)
def test_what_is_not_taxed_says_why(country, vat, category, world, invoice):
    invoice.lines.update(tax_percent=0)
    invoice.tax, invoice.gross = Decimal(0), invoice.net
    invoice.order.country = country
    invoice.account.country, invoice.account.vat_number, invoice.account.vat_verified = country, vat, bool(vat)
    invoice._prefetched_objects_cache.pop("lines")
    xml = e_invoice_of(invoice).decode()
    assert problems(xml.encode()) == []
    assert f"<ram:CategoryCode>{category}<" in xml
    assert ("Exemption" in xml) is (category != "Z")


TAMPERED = [
    ("<ram:LineTotalAmount>79.00<", "<ram:LineTotalAmount>79.01<", "BR-CO-10"),
    ("<ram:TaxBasisTotalAmount>85.90<", "<ram:TaxBasisTotalAmount>85.00<", "BR-CO-13"),
    ('currencyID="GBP">17.18<', 'currencyID="GBP">17.00<', "BR-CO-14"),
    ("<ram:GrandTotalAmount>103.08<", "<ram:GrandTotalAmount>103.00<", "BR-CO-15"),
    ("<ram:DuePayableAmount>103.08<", "<ram:DuePayableAmount>1.00<", "BR-CO-16"),
    ("<ram:CalculatedAmount>17.18<", "<ram:CalculatedAmount>15.18<", "BR-CO-17"),
    ("<ram:BasisAmount>85.90<", "<ram:BasisAmount>85.00<", "BR-S-08"),
    ("<ram:BasisAmount>85.90<", "<ram:BasisAmount>85.901<", "BR-DEC"),
    ("<ram:TypeCode>380<", "<ram:TypeCode>999<", "BR-CL-01"),
    ("<ram:InvoiceCurrencyCode>GBP<", "<ram:InvoiceCurrencyCode>pounds<", "BR-CL-04"),
    ("<ram:CountryID>GB<", "<ram:CountryID>England<", "BR-CL-14"),
    ("<ram:Name>Harrow &amp; Vale<", "<ram:Name><", "BR-06"),
    ("<ram:Name>Brightwater Facilities<", "<ram:Name> <", "BR-07"),
    ("<ram:ChargeAmount>7.9000<", "<ram:ChargeAmount>-7.9000<", "BR-27"),
    ('unitCode="XBX"', 'unitCode=""', "BR-23"),
    ("<ram:IBANID>GB33BUKB20201555555555<", "<ram:IBANID><", "BR-50"),
    ('schemeID="VA">GB', 'schemeID="VA">', "BR-CO-09"),
]


@pytest.mark.parametrize(("as_it_is", "tampered", "rule"), TAMPERED, ids=[f"{row[2]} {row[1]}" for row in TAMPERED])
def test_a_document_that_breaks_a_rule_is_told_which(as_it_is, tampered, rule, invoice):
    xml = e_invoice_of(invoice).decode()
    assert as_it_is in xml
    assert any(each.startswith(rule) for each in problems(xml.replace(as_it_is, tampered).encode()))


def test_without_our_own_details_it_is_refused_with_the_rule(world, signed_in, invoice):
    fiona, address = signed_in(world.fiona), reverse("portal:e_invoice", args=[invoice.number])
    assert fiona.get(address)["Content-Type"] == "application/xml"
    Issuer.objects.update(vat_number="")
    refused = fiona.get(address)
    assert refused.status_code == 409 and "BR-" in refused.content.decode()


def plain(content: bytes) -> bytes:
    """Everything in a PDF, its streams unpacked."""
    parts = [content]
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", content, re.S):
        try:
            parts.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return b"\n".join(parts)


@pytest.mark.parametrize("language", ["en", "th", "ko", "vi", "fa"])
def test_the_pdf_carries_its_data_in_every_language(language, invoice):
    invoice.account.language = language
    content = pdf.invoice_pdf(invoice)
    everything = plain(content)
    assert e_invoice_of(invoice) in everything
    for said in (
        b"<fx:ConformanceLevel>EN 16931<",
        b"<pdfaid:part>3<",
        b"/AFRelationship/Alternative",
        b"(factur-x.xml)",
    ):
        assert said in everything, said
    table = content[int(re.search(rb"startxref\n(\d+)", content).group(1)) :]
    assert table.startswith(b"xref\n")
    for number, at in enumerate(re.findall(rb"(\d{10}) \d{5} n", table), start=1):
        assert content[int(at) :].startswith(b"%d 0 obj" % number)
