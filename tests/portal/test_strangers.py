"""What belongs to one account does not exist for another."""

from datetime import date

import pytest
from django.urls import reverse

from apps.invoicing.models import Invoice
from apps.ordering.models import Order, Quote
from tests.portal.buying import add, placed

READ = ["order", "confirmation", "quote", "invoice", "invoice_pdf", "case", "ship_to"]
WRITE = [
    "reorder",
    "cancel_order",
    "accept_quote",
    "decline_quote",
    "case",
    "ship_to",
    "retire_ship_to",
    "switch_account",
]


@pytest.fixture
def numbers(world, signed_in) -> dict[str, str]:
    """Something of Brightwater's behind every kind of address."""
    anna = signed_in(world.anna)
    number = placed(anna, world.gloves, 1)
    add(anna, world.oil, 1)
    anna.post(reverse("portal:request_quote"))
    order, quote = Order.objects.get(number=number), Quote.objects.get()
    money = {"net": 10, "tax": 2, "gross": 12, "currency": "GBP"}
    invoice = Invoice.objects.create(
        number="IN-1",
        account=world.brightwater,
        order=order,
        issued_on=date(2026, 3, 1),
        due_on=date(2026, 3, 31),
        **money,
    )
    anna.post(
        reverse("portal:new_case"), {"key": "k1", "cause": "other", "title": "A question", "body": "How?", "order": ""}
    )
    of_order = dict.fromkeys(["order", "confirmation", "reorder", "cancel_order", "decide"], number)
    of_quote = dict.fromkeys(["quote", "accept_quote", "decline_quote"], quote.number)
    return {
        **of_order,
        **of_quote,
        **dict.fromkeys(["invoice", "invoice_pdf"], invoice.number),
        "case": world.brightwater.cases.get().number,
        **dict.fromkeys(["ship_to", "retire_ship_to"], world.dock.pk),
        "switch_account": world.brightwater.number,
    }


@pytest.mark.parametrize("name", READ)
def test_the_owner_reads_and_a_stranger_finds_nothing(name, world, numbers, signed_in):
    address = reverse(f"portal:{name}", args=[numbers[name]])

    assert signed_in(world.anna).get(address).status_code == 200
    stranger = signed_in(world.xaver).get(address)
    absent = signed_in(world.xaver).get(address.replace(str(numbers[name]), "987654321"))
    assert stranger.status_code == absent.status_code
    assert stranger.status_code == 404


@pytest.mark.parametrize("name", WRITE)
def test_a_stranger_changes_nothing(name, world, numbers, signed_in):
    answer = signed_in(world.xaver).post(reverse(f"portal:{name}", args=[numbers[name]]), {"key": "x", "body": "Mine"})

    assert answer.status_code in (404, 422)
    assert Order.objects.get().status == Order.Status.PLACED
    assert Quote.objects.get().status == Quote.Status.REQUESTED
    assert world.brightwater.cases.get().messages.count() == 1


def test_a_subsidiarys_order_is_seen_by_the_parents_approver_and_not_by_its_buyer(world, signed_in):
    number = placed(signed_in(world.lena), world.gloves, 1)
    address = reverse("portal:order", args=[number])

    assert signed_in(world.boris).get(address).status_code == 200
    assert signed_in(world.anna).get(address).status_code == 404
