"""From the catalogue to a placed order, an approval and a quote, over HTTP."""

import time

import pytest
from django.urls import reverse

from apps.core.models import Event
from apps.ordering.models import Cart, CartLine, Order, Quote
from tests.portal.buying import add, checkout_form, place, placed


def test_a_buyer_orders_end_to_end(world, signed_in):
    anna = signed_in(world.anna)

    found = anna.get(reverse("portal:catalogue"), {"q": "hex bolt m8 40"})
    assert world.bolt.sku in found.content.decode()
    add(anna, world.bolt, 300)
    cart = anna.get(reverse("portal:cart"))
    assert "£48.00" in cart.content.decode(), "300 at the contract's 0.16"
    number = placed(anna, world.gloves, 2, po_number="PO-7", notes="Ring the bell")

    order = Order.objects.get(number=number)
    assert order.contact == world.anna and order.po_number == "PO-7" and order.notes == "Ring the bell"
    assert {(line.sku, line.quantity) for line in order.lines.all()} == {(world.bolt.sku, 300), (world.gloves.sku, 2)}
    for name in ("portal:confirmation", "portal:order"):
        page = anna.get(reverse(name, args=[number])).content.decode()
        assert number in page and "PO-7" in page
    assert "Your cart is empty" in anna.get(reverse("portal:cart")).content.decode()


def test_pressing_twice_places_one_order(world, signed_in):
    anna = signed_in(world.anna)
    add(anna, world.gloves, 1)
    form = checkout_form(anna)

    first, second = (anna.post(reverse("portal:checkout"), form | {"place": "1"}) for _ in range(2))

    assert first.status_code == second.status_code == 302
    assert first.url == second.url
    assert Order.objects.count() == 1


def test_a_cart_that_no_page_has_filled_is_one_order_however_often_its_checkout_is_opened_and_sent(world, signed_in):
    cart = Cart.objects.create(account=world.brightwater, contact=world.anna)
    CartLine.objects.create(cart=cart, product=world.gloves, quantity=1)
    anna = signed_in(world.anna)
    tabs = [checkout_form(anna) for _ in range(2)]

    answers = [anna.post(reverse("portal:checkout"), form | {"place": "1"}) for form in (*tabs, *tabs)]

    assert len({answer.url for answer in answers}) == 1
    assert Order.objects.count() == 1
    again = placed(anna, world.gloves, 1)
    assert Order.objects.count() == 2 and again not in answers[0].url, "the next order is another one"


def test_back_from_the_confirmation_comes_to_the_confirmation_and_then_to_the_empty_cart(world, signed_in):
    anna = signed_in(world.anna)
    number = placed(anna, world.gloves, 1)

    backs = [anna.get(reverse("portal:checkout")) for _ in range(2)]

    assert [back.url for back in backs] == [reverse("portal:confirmation", args=[number]), reverse("portal:cart")]
    for page in (*backs, anna.get(reverse("portal:cart"))):
        assert "no-store" in page.headers["Cache-Control"], "no browser shows an old picture of a cart"


def test_a_checkout_sent_without_its_key_comes_back_with_one(world, signed_in):
    anna = signed_in(world.anna)
    add(anna, world.gloves, 1)
    form = checkout_form(anna)

    page = anna.post(reverse("portal:checkout"), form | {"key": "", "place": "1"})

    assert page.status_code == 422 and form["key"] in page.content.decode()
    assert not Order.objects.exists()


def test_the_checkout_is_shown_anew_for_another_address_with_everything_typed_kept(world, signed_in):
    anna = signed_in(world.anna)
    add(anna, world.gloves, 1)
    form = checkout_form(anna)

    page = anna.post(reverse("portal:checkout"), form | {"show": "1", "po_number": "PO-8", "option": world.express.pk})

    words = page.content.decode()
    assert page.status_code == 200 and not Order.objects.exists()
    assert 'value="PO-8"' in words and f'value="{world.express.pk}" checked' in words
    assert form["key"] in words


def test_a_price_that_changed_is_shown_and_must_be_agreed_to(world, signed_in):
    anna = signed_in(world.anna)
    add(anna, world.gloves, 1)
    CartLine.objects.update(shown_price="8.0000")

    refused = place(anna, po_number="PO-9")
    assert refused.status_code == 409 and "Prices have changed" in refused.content.decode()
    assert 'value="PO-9"' in refused.content.decode()
    assert not Order.objects.exists()

    assert place(anna, accept_changes="1").status_code == 302


def test_an_order_above_the_limit_waits_for_an_approver(world, signed_in, client):
    number = placed(signed_in(world.anna), world.drill, 6)
    assert Order.objects.get(number=number).status == Order.Status.AWAITING_APPROVAL
    decide, page = reverse("portal:decide", args=[number]), reverse("portal:approvals")
    assert signed_in(world.anna).post(decide, {"decision": "approve"}).status_code == 403

    boris = signed_in(world.boris)
    assert number in boris.get(page).content.decode()
    boris.post(decide, {"decision": "approve", "comment": "Go ahead"})

    assert Order.objects.get(number=number).status == Order.Status.PLACED
    assert "Go ahead" in boris.get(reverse("portal:order", args=[number])).content.decode()
    assert boris.post(decide, {"decision": "decline"}).status_code == 409, "decided already"


@pytest.mark.parametrize("said", [{}, {"decision": "aprove"}, {"decision": ""}, {"decision": "Approve"}])
def test_an_approval_without_a_clear_yes_or_no_decides_nothing(said, world, signed_in):
    number = placed(signed_in(world.anna), world.drill, 6)
    events = Event.objects.count()

    answer = signed_in(world.boris).post(reverse("portal:decide", args=[number]), said | {"comment": "Too dear"})

    assert answer.status_code == 422 and "nothing was changed" in answer.content.decode()
    assert Order.objects.get(number=number).status == Order.Status.AWAITING_APPROVAL
    assert Event.objects.count() == events


def test_a_checkout_without_its_button_is_shown_not_placed(world, signed_in):
    anna = signed_in(world.anna)
    add(anna, world.gloves, 1)

    page = anna.post(reverse("portal:checkout"), checkout_form(anna) | {"po_number": "PO-1"})

    assert page.status_code == 200 and 'value="PO-1"' in page.content.decode()
    assert not Order.objects.exists()


def test_finance_sees_invoices_and_cannot_order(world, signed_in):
    fiona = signed_in(world.fiona)

    assert fiona.get(reverse("portal:invoices")).status_code == 200
    assert add(fiona, world.gloves, 1).status_code == 403
    listing = fiona.get(reverse("portal:catalogue")).content.decode()
    assert world.gloves.sku in listing and reverse("portal:cart_add") not in listing


def test_a_receiver_sees_no_prices(world, signed_in):
    rick = signed_in(world.rick)

    page = rick.get(reverse("portal:product", args=[world.bolt.sku]))

    assert page.status_code == 200 and "£" not in page.content.decode()
    assert "£" not in rick.get(reverse("portal:catalogue")).content.decode()


def test_a_cart_becomes_a_request_for_a_quote(world, signed_in):
    anna = signed_in(world.anna)
    add(anna, world.bolt, 5000)

    answer = anna.post(reverse("portal:request_quote"), {"message": "For the new hall"})

    quote = Quote.objects.get()
    assert answer.url == reverse("portal:quote", args=[quote.number])
    assert "For the new hall" in anna.get(answer.url).content.decode()


def test_an_order_goes_into_the_cart_again(world, signed_in):
    anna = signed_in(world.anna)
    number = placed(anna, world.bolt, 200)

    anna.post(reverse("portal:reorder", args=[number]))

    assert list(CartLine.objects.values_list("product__sku", "quantity")) == [(world.bolt.sku, 200)]


@pytest.mark.parametrize("headers", [{}, {"HTTP_HX_REQUEST": "true"}])
def test_adding_works_with_and_without_htmx(headers, world, signed_in):
    answer = add(signed_in(world.anna), world.gloves, 3, **headers)

    assert CartLine.objects.get().quantity == 3
    if headers:
        assert b'hx-swap-oob="innerHTML:#toasts"' in answer.content and b'data-count="1"' in answer.content
    else:
        assert answer.status_code == 302


def test_a_rep_orders_in_the_buyers_name_and_everybody_sees_it(world, signed_in, client):
    rep = signed_in(world.rhea)
    assert rep.get(reverse("portal:home")).status_code == 302, "a rep of their own has no cart"
    session = rep.session
    session.update({"acting_contact_id": world.anna.pk, "acting_until": time.time() + 600})
    session.save()

    assert "acts for" in rep.get(reverse("portal:home")).content.decode()
    number = placed(rep, world.gloves, 1)

    order = Order.objects.get(number=number)
    assert (order.contact, order.placed_by_name, order.channel) == (world.anna, "Rhea", Order.Channel.REP)
    assert "Rhea" in signed_in(world.anna).get(reverse("portal:order", args=[number])).content.decode()


def test_a_rep_does_not_act_for_somebody_elses_account(world, signed_in):
    rep = signed_in(world.ruben)
    session = rep.session
    session.update({"acting_contact_id": world.anna.pk, "acting_until": time.time() + 600})
    session.save()

    assert add(rep, world.gloves, 1).status_code == 302
    assert not CartLine.objects.exists()
