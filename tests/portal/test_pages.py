"""Every page of the portal as its people see it, and as strangers do not."""

import pytest
from django.urls import reverse

PAGES = [
    *("home", "catalogue", "cart", "orders", "quotes", "invoices", "cases", "new_case", "account", "new_ship_to"),
    *("compare", "source"),
]


@pytest.mark.parametrize("name", PAGES)
def test_a_new_account_finds_every_page_with_something_to_do(name, world, signed_in):
    page = signed_in(world.anna).get(reverse(f"portal:{name}"))

    assert page.status_code == 200
    assert b"<h1>" in page.content


@pytest.mark.parametrize("name", PAGES)
def test_nobody_sees_a_page_without_logging_in(name, client, db):
    address = reverse(f"portal:{name}")

    answer = client.get(address)

    assert answer.status_code == 302
    assert answer.url == f"/login/?next={address}"


TYPED = [("BLT-M8-40", True), ("tvm8x40", True), ("hex bolt", True), ("h", False)]


@pytest.mark.parametrize(("typed", "suggested"), TYPED)
def test_what_is_typed_is_suggested_by_words_and_by_code(typed, suggested, world, signed_in):
    page = signed_in(world.anna).get(reverse("portal:suggest"), {"q": typed})

    assert (world.bolt.name in page.content.decode()) is suggested


def test_the_address_of_a_form_says_that_it_is_no_page(world, signed_in):
    answer = signed_in(world.anna).get(reverse("portal:cart_add"))

    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "This address is no page" in answer.content.decode()


def test_what_turns_text_round_is_taken_out_of_what_is_sent(world, signed_in):
    browser = signed_in(world.anna)

    answer = browser.post(
        reverse("portal:new_case"),
        {"key": "k1", "cause": "delivery", "title": "Late \u202egnp.exe", "body": "Look \u2066here"},
    )
    page = browser.get(answer.url).content.decode()

    assert "Late gnp.exe" in page
    assert "Look here" in page
    assert "\u202e" not in page


def test_a_refusal_says_each_thing_once(world, signed_in):
    answer = signed_in(world.anna).post(reverse("portal:cart_add"), {"sku": "BLT-M8-40", "quantity": "-3"})

    words = answer.content.decode()
    detail = words.split("<h1>")[1].split("</p>")[0].split("<p>")[1]
    assert answer.status_code == 422
    assert words.count(detail) == 1
