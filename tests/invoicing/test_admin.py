"""Operations credit an invoice on its page, whole or in part, and the account sees why."""

import re
from decimal import Decimal as D

import pytest
from django.urls import reverse

from apps.invoicing.models import Invoice
from tests.invoicing.test_services import invoiced


@pytest.fixture
def invoice(world):
    return invoiced(world)[0]


def page_of(otto, invoice) -> tuple[str, dict]:
    """Where the page is, and what its form would send as it stands."""
    address = reverse("admin:invoicing_invoice_credit", args=[invoice.pk])
    key = re.search(r'name="key" value="([^"]+)"', otto.get(address).content.decode()).group(1)
    return address, {"key": key, "reason": "Two boxes were torn"}


def test_a_quantity_is_credited_once_and_the_buyer_reads_why(world, signed_in, invoice):
    otto, gloves = signed_in(world.otto), invoice.lines.get(sku="GLV-NIT-L")
    address, form = page_of(otto, invoice)

    first, again = (otto.post(address, form | {f"line-{gloves.pk}": "2"}) for _ in range(2))

    note = Invoice.objects.get(kind="credit_note")
    assert first.url == again.url == reverse("admin:invoicing_invoice_change", args=[note.pk])
    assert (note.net, note.tax, note.reason) == (D("-15.80"), D("-3.16"), "Two boxes were torn")
    assert otto.get(reverse("admin:invoicing_invoice_pdf", args=[note.pk])).content.startswith(b"%PDF-")
    fiona = signed_in(world.fiona)
    for number in (invoice.number, note.number):
        page = fiona.get(reverse("portal:invoice", args=[number])).content.decode()
        assert note.number in page and "Two boxes were torn" in page
    assert "Credit note" in page and "Overdue" not in page
    assert fiona.get(reverse("portal:invoice_pdf", args=[note.number])).content.startswith(b"%PDF-")


def test_all_that_is_left_is_credited_by_one_button(world, signed_in, invoice):
    otto = signed_in(world.otto)
    address, form = page_of(otto, invoice)

    otto.post(address, form | {"whole": "1"})

    assert Invoice.objects.get(kind="credit_note").gross == -invoice.gross
    assert "All of this invoice has been credited" in otto.get(address).content.decode()


REFUSED = [  # what is typed, what the page answers
    ({"line": "99"}, "less than or equal to 10"),
    ({"line": "-1"}, "greater than or equal to 0"),
    ({"line": ""}, "Name the lines of the invoice"),
    ({"line": "1", "reason": " "}, "This field is required"),
]


@pytest.mark.parametrize(("typed", "answer"), REFUSED)
def test_what_cannot_be_credited_is_said_on_the_page(typed, answer, world, signed_in, invoice):
    otto, gloves = signed_in(world.otto), invoice.lines.get(sku="GLV-NIT-L")
    address, form = page_of(otto, invoice)
    quantity = {f"line-{gloves.pk}": typed["line"]}

    page = otto.post(address, form | quantity | {name: said for name, said in typed.items() if name != "line"})

    assert page.status_code == 200 and answer in page.content.decode()
    assert not Invoice.objects.filter(kind="credit_note").exists()


def test_one_invoice_is_chosen_in_the_list(world, signed_in, invoice):
    chosen = {"action": "credit_invoice", "_selected_action": [invoice.pk]}

    answer = signed_in(world.otto).post(reverse("admin:invoicing_invoice_changelist"), chosen)

    assert answer.url == reverse("admin:invoicing_invoice_credit", args=[invoice.pk])
