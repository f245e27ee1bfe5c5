"""What makes no sense gets a clear answer, and nothing typed or kept is lost."""

import re

import pytest
from django.urls import reverse

from apps.ordering.models import CartLine, Order
from tests.portal.buying import add, checkout_form, placed

NO_QUANTITIES = ["-3", "0", "NaN", "1e308", "", "two", "1.5", "99999999999999999999", "٣.٥"]


@pytest.mark.parametrize("typed", NO_QUANTITIES)
def test_what_is_no_quantity_is_refused_with_the_rule(typed, world, signed_in):
    answer = add(signed_in(world.anna), world.gloves, typed)

    assert answer.status_code == 422
    assert "A quantity must be a whole number" in answer.content.decode()
    assert not CartLine.objects.exists()


@pytest.mark.parametrize("typed", NO_QUANTITIES)
def test_a_wrong_quantity_in_the_cart_stands_beside_its_line_and_changes_nothing(typed, world, signed_in):
    anna = signed_in(world.anna)
    add(anna, world.gloves, 2)
    add(anna, world.oil, 1)
    gloves, oil = CartLine.objects.order_by("pk")

    page = anna.post(reverse("portal:cart_update"), {f"quantity-{gloves.pk}": "5", f"quantity-{oil.pk}": typed})

    assert page.status_code == 422 and "A quantity must be a whole number" in page.content.decode()
    assert f'name="quantity-{gloves.pk}" value="5"' in page.content.decode(), "what was typed is still there"
    assert list(CartLine.objects.order_by("pk").values_list("quantity", flat=True)) == [2, 1]


def test_a_quantity_below_the_pack_is_raised_and_said_so(world, signed_in):
    answer = add(signed_in(world.anna), world.bolt, 150, HTTP_HX_REQUEST="true")

    assert CartLine.objects.get().quantity == 200
    assert "multiples of 100" in answer.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {"q": "\x00'\"<script>"},
        {"q": "x" * 5000},
        {"after": "nonsense"},
        {"before": "~"},
        {"sort": "price; drop table"},
        {"a_length": "NaN..1e308"},
        {"a_unheard": "of"},
        {"brand": ["a"] * 100},
        {"view": "upside-down", "in_stock": "maybe"},
    ],
)
def test_a_strange_search_is_a_page_like_any_other(query, world, signed_in):
    page = signed_in(world.anna).get(reverse("portal:catalogue"), query)

    assert page.status_code == 200 and b'<script>"' not in page.content


def test_another_accounts_address_is_refused_at_checkout(world, signed_in):
    anna = signed_in(world.anna)
    add(anna, world.gloves, 1)

    answer = anna.post(
        reverse("portal:checkout"), checkout_form(anna) | {"ship_to": world.calder_dock.pk, "place": "1"}
    )

    assert answer.status_code == 404 and "not one of this account" in answer.content.decode()
    assert not Order.objects.exists()


@pytest.mark.parametrize("typed", ["yesterday", "2020-01-01", "9999-99-99", "9999-12-31"])
def test_a_date_that_cannot_be_is_said_beside_its_field(typed, world, signed_in):
    anna = signed_in(world.anna)
    add(anna, world.gloves, 1)

    page = anna.post(
        reverse("portal:checkout"), checkout_form(anna) | {"requested_on": typed, "po_number": "PO-1", "place": "1"}
    )

    assert page.status_code == 422 and 'id="id_requested_on_error"' in page.content.decode()
    assert 'value="PO-1"' in page.content.decode()
    assert not Order.objects.exists()


def test_a_line_that_is_gone_is_said_not_crashed(world, signed_in):
    assert signed_in(world.anna).post(reverse("portal:cart_remove", args=[987654321])).status_code == 404


def test_what_was_sent_without_a_session_is_kept_and_sent_after_log_in(world, client):
    kept = client.post(reverse("portal:cart_add"), {"sku": world.gloves.sku, "quantity": "4"})
    assert kept.url == f"/login/?next={reverse('portal:resume')}"

    client.post("/login/", {"username": world.anna.user.email, "password": world.password})
    page = client.get(reverse("portal:resume")).content.decode()
    assert f'action="{reverse("portal:cart_add")}"' in page and 'name="quantity" value="4"' in page

    again = client.get(reverse("portal:resume")).content.decode()
    assert 'name="quantity" value="4"' in again, "loading the page once more loses nothing"

    sent = re.search(r'name="resumed" value="(\w+)"', again).group(1)
    client.post(reverse("portal:cart_add"), {"sku": world.gloves.sku, "quantity": "4", "resumed": sent})
    assert CartLine.objects.get().quantity == 4
    assert client.get(reverse("portal:resume")).status_code == 302, "it is sent once"


def test_what_was_kept_and_is_refused_is_still_kept(world, client):
    client.post(reverse("portal:cart_add"), {"sku": world.gloves.sku, "quantity": "-4"})
    client.force_login(world.anna.user)
    page = client.get(reverse("portal:resume")).content.decode()
    sent = re.search(r'name="resumed" value="(\w+)"', page).group(1)

    refused = client.post(reverse("portal:cart_add"), {"sku": world.gloves.sku, "quantity": "-4", "resumed": sent})

    assert refused.status_code == 422
    assert client.get(reverse("portal:resume")).status_code == 200


@pytest.mark.parametrize(("comes_back", "status"), [("anna", 200), ("boris", 302)])
def test_what_was_kept_is_for_who_sent_it_on_a_shared_browser(comes_back, status, world, client):
    _anna_is_logged_out(client, world)
    client.post(reverse("portal:new_case"), {"title": "Torn box", "body": "Between us", "key": "k"})

    client.post("/login/", {"username": getattr(world, comes_back).user.email, "password": world.password})
    answer = client.get(reverse("portal:resume"))

    assert answer.status_code == status
    assert ("Between us" in answer.content.decode()) == (status == 200)
    assert client.session.get("held_post") is None or status == 200, "what is not theirs is gone"


def test_what_was_kept_is_forgotten_in_an_hour(world, client):
    _anna_is_logged_out(client, world)
    client.post(reverse("portal:new_case"), {"title": "Torn box", "body": "All wet", "key": "k"})
    session = client.session
    session["held_post"] = session["held_post"] | {"until": "2026-01-01T00:00:00+00:00"}
    session.save()
    client.force_login(world.anna.user)

    assert client.get(reverse("portal:resume")).status_code == 302


def _anna_is_logged_out(client, world):
    """Her session has ended; the browser remembers no more than who was here."""
    client.force_login(world.anna.user)
    client.get(reverse("portal:cart"))
    del client.cookies["sessionid"]


def test_htmx_without_a_session_is_sent_to_log_in_as_a_whole_page(world, client):
    answer = add(client, world.gloves, 1, HTTP_HX_REQUEST="true")

    assert answer["HX-Redirect"].startswith("/login/")


def test_a_log_in_leads_nowhere_else(world, client):
    answer = client.post(
        "/login/?next=//evil.example/", {"username": world.anna.user.email, "password": world.password}
    )

    assert answer.url == "/"


def test_a_problem_with_an_unknown_order_keeps_what_was_written(world, signed_in):
    form = {"key": "k", "cause": "delivery", "title": "Torn box", "body": "All wet", "order": "SO-999"}

    page = signed_in(world.anna).post(reverse("portal:new_case"), form)

    assert page.status_code == 422 and "All wet" in page.content.decode()


def test_a_cancelled_order_stays_cancelled(world, signed_in):
    anna = signed_in(world.anna)
    number = placed(anna, world.gloves, 1)

    first, second = (anna.post(reverse("portal:cancel_order", args=[number])) for _ in range(2))

    assert (first.status_code, second.status_code) == (302, 409)
    assert Order.objects.get(number=number).status == Order.Status.CANCELLED


def test_an_empty_form_and_a_line_of_nobody_change_nothing(world, signed_in):
    anna = signed_in(world.anna)
    add(anna, world.gloves, 2)

    assert anna.post(reverse("portal:cart_update"), {}).status_code == 302
    beyond = "9" * 40
    assert anna.post(reverse("portal:cart_update"), {f"quantity-{beyond}": "3"}).status_code == 302
    assert anna.post(reverse("portal:cart_update"), {"quantity-999999": "3"}).status_code == 404
    beyond = "9" * 30
    assert anna.post(f"/cart/remove/{beyond}/").status_code == 404
    assert anna.get(f"/account/addresses/{beyond}/").status_code == 404
    assert CartLine.objects.get().quantity == 2
