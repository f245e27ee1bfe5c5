"""Every page of the portal as its people see it, and as strangers do not."""

import pytest
from django.urls import reverse

from apps.accounts.models import ShipTo
from tests.portal.buying import add

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


def an_address(**changes) -> dict:
    typed = {"name": "Works", "street": "1 Road", "city": "There", "country": "TH", "postal_code": "10520"}
    return typed | {"receiving_days": ["1", "2"], "receiving_from": "08:00", "receiving_to": "16:00"} | changes


def test_a_first_address_asked_for_by_the_checkout_leads_back_to_it(world, signed_in):
    ShipTo.objects.filter(account=world.brightwater).update(is_active=False)
    anna = signed_in(world.anna)
    add(anna, world.gloves, 1)

    asked = anna.get(reverse("portal:checkout"))
    page = anna.get(asked.url).content.decode()
    kept = anna.post(asked.url, an_address())

    assert "Where do your goods go?" in page and f'value="{world.brightwater.name}"' in page
    assert kept.url == reverse("portal:checkout")
    assert anna.get(kept.url).status_code == 200
    assert ShipTo.objects.get(name="Works").time_zone == "Asia/Bangkok"


def test_an_address_in_a_country_of_several_times_says_which_and_lets_it_be_chosen(world, signed_in):
    anna = signed_in(world.anna)
    answer = anna.post(reverse("portal:new_ship_to"), an_address(country="US", postal_code="94105"), follow=True)
    ship_to = ShipTo.objects.get(name="Works")
    address = reverse("portal:ship_to", args=[ship_to.pk])
    assert "by the time of Los Angeles" in answer.content.decode()
    assert '<option value="America/Los_Angeles" selected>Los Angeles</option>' in anna.get(address).content.decode()

    anna.post(address, an_address(country="US", postal_code="94105", time_zone="America/Phoenix"))

    ship_to.refresh_from_db()
    assert ship_to.time_zone == "America/Phoenix"


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
