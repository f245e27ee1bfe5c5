import json
import re
import zlib

import pytest
from django.utils import translation

from apps.invoicing import checks, pdf
from apps.invoicing.models import Issuer
from apps.invoicing.selectors import invoice_for
from apps.invoicing.services import issue_credit_note, issue_invoice
from tests.ordering.trade import actor, shipped


@pytest.fixture
def invoice(world):
    Issuer.objects.create(name="Harrow & Vale", street="12 Kirkstall Road", city="Leeds", iban="GB33 BUKB 2020")
    _order, [shipment] = shipped(world, world.anna, (world.gloves, 10), po_number="#set page(fill: red) *x*")
    issue_invoice(shipment.pk, now=world.now)
    return invoice_for(actor(world.fiona), shipment.invoice.number)


def document(invoice, language="en"):
    with translation.override(language):
        return pdf._document(invoice)


def pages_of(content: bytes) -> int:
    """Pages, counted in the page tree, which may stand in a compressed object stream."""
    streams = re.findall(rb"stream\r?\n(.*?)endstream", content, re.S)
    plain = [content]
    for stream in streams:
        try:
            plain.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return sum(len(re.findall(rb"/Type\s*/Page\b", part)) for part in plain)


@pytest.mark.parametrize("language", ["en", "th", "ko", "vi", "fa"])
def test_an_invoice_is_set_in_every_language(invoice, language):
    invoice.account.language = language
    content = pdf.invoice_pdf(invoice)
    assert content.startswith(b"%PDF-")
    assert pages_of(content) == 1


def test_a_long_invoice_goes_on_over_the_page(invoice):
    lines = list(invoice.lines.all()) * 60
    invoice._prefetched_objects_cache["lines"] = lines
    assert pages_of(pdf.invoice_pdf(invoice)) >= 4


def test_it_says_all_an_invoice_must(invoice):
    text = json.dumps(document(invoice), ensure_ascii=False)
    for said in (
        *("Harrow & Vale", "12 Kirkstall Road", "GB33 BUKB 2020", "Brightwater Facilities", "Main dock"),
        *(invoice.number, invoice.order.number, invoice.shipment.number, "GLV-NIT-L", "£7.90", "£79.00", "£6.90"),
        *("20%", "£85.90", "£17.18", "£103.08", "4 Mar 2026", "3 Apr 2026", "14 Mar 2026", "£101.02"),
    ):
        assert said in text, said


def test_what_a_buyer_typed_is_text_and_never_markup(invoice):
    assert "#set page(fill: red) *x*" in json.dumps(document(invoice))
    assert pages_of(pdf.invoice_pdf(invoice)) == 1


def test_identifiers_and_addresses_keep_their_direction(invoice):
    found = document(invoice, "fa")
    assert found["rtl"] is True
    assert all(line.startswith("\u2068") and line.endswith("\u2069") for line in found["ship_to"])


def test_a_credit_note_says_what_it_corrects(world, invoice):
    line = invoice.lines.get(sku="GLV-NIT-L")
    note = issue_credit_note(actor(world.otto), invoice, quantities={line.pk: 1}, now=world.now)
    note = invoice_for(actor(world.fiona), note.number)
    found = document(note)
    assert found["title"] == "Credit note"
    assert invoice.number in json.dumps(found["facts"])
    assert pdf.invoice_pdf(note).startswith(b"%PDF-")


def test_a_language_without_a_font_is_warned_of(monkeypatch):
    monkeypatch.setattr(pdf, "font_names", lambda: ("Noto Sans", "Noto Sans Thai"))
    assert [warning.msg for warning in checks.fonts_of_documents(None)] == [
        "No font for invoices in 'ko'.",
        "No font for invoices in 'fa'.",
    ]
