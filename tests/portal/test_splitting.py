"""A line of the cart goes to several addresses: from the cart over the checkout to the order."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import ShipTo
from apps.core.formatting import long_date, short_date
from apps.delivery.models import DeliveryOption
from apps.ordering.models import CartLine, CartSplit, Order
from tests.portal.buying import add, checkout_form, place
from tests.portal.test_queries import MOST, more_bolts


@pytest.fixture
def site(world):
    return ShipTo.objects.create(
        account=world.brightwater,
        code="HUL",
        name="Hull site",
        street="2 Dock Road",
        postal_code="HU1 1AA",
        city="Hull",
    )


def send(client, product, quantities, **more):
    """Say how many of a line go to which address."""
    line = CartLine.objects.get(product=product)
    said = {f"to-{ship_to.pk}": quantity for ship_to, quantity in quantities.items()}
    return client.post(reverse("portal:cart_split", args=[line.pk]), said | more)


def by(site, option, **more):
    return {f"option-{site.pk}": str(option.pk)} | {f"{name}-{site.pk}": value for name, value in more.items()}


@pytest.fixture
def split(world, signed_in, site):
    """Anna's cart of ten boxes of gloves, four of which go to Hull."""
    anna = signed_in(world.anna)
    add(anna, world.gloves, 10)
    assert send(anna, world.gloves, {site: 4}).url == reverse("portal:cart")
    return anna


def test_two_places_by_two_ways_on_two_days_are_one_order(world, split, site):
    checkout = split.post(reverse("portal:checkout"), checkout_form(split) | by(site, world.express))
    [block] = checkout.context["further"]
    cart = split.get(reverse("portal:cart")).content.decode()
    assert "Hull site" in cart
    assert "To 2 addresses, each with its own delivery" in cart
    assert place(split, **by(site, world.express)).status_code == 302

    order = Order.objects.get()
    [hull] = order.destinations.all()
    assert (order.delivery_option, hull.delivery_option) == (world.standard, world.express)
    assert block.going.last_on == hull.promised_on
    assert checkout.context["going"].last_on == order.lines.get(destination=None).promised_on
    assert hull.promised_on != order.promised_on
    assert checkout.context["sums"].gross == order.gross
    page = split.get(reverse("portal:order", args=[order.number])).content.decode()
    assert long_date(hull.promised_on, "en") in page
    assert "Hull site" in page


def test_the_cart_the_checkout_and_the_order_say_the_same_day_for_each_place(world, split, site):
    cart = split.get(reverse("portal:cart")).content.decode()
    checkout = split.get(reverse("portal:checkout"))
    place(split, **by(site, checkout.context["further"][0].delivery.chosen.option))

    for line in Order.objects.get().lines.all():
        assert f"arrives {short_date(line.promised_on, 'en', line.promised_on.year)}" in cart
        assert long_date(line.promised_on, "en") in checkout.content.decode()


def test_a_place_to_which_nothing_goes_is_said_and_nothing_is_ordered(world, split, site):
    ShipTo.objects.filter(pk=site.pk).update(country="IE")
    checkout = split.get(reverse("portal:checkout")).content.decode()

    assert "is in another country than" in checkout
    assert 'name="place"' not in checkout
    assert place(split, **by(site, world.standard)).status_code == 422
    assert not Order.objects.exists()


def test_what_is_refused_for_one_place_is_said_and_everything_stays(world, split, site):
    DeliveryOption.objects.filter(pk=world.express.pk).update(max_weight_kg=1)
    answer = place(split, **by(site, world.express))

    assert answer.status_code == 422
    assert "Hull site: It carries up to 1 kg" in answer.content.decode()
    assert (Order.objects.count(), CartSplit.objects.count()) == (0, 1)
    wrong = place(split, **by(site, world.standard, requested_on="2020-13-45"))
    assert "That is no day" in wrong.content.decode()


def test_a_second_click_is_the_same_order(world, split, site):
    form = checkout_form(split) | {"place": "1"} | by(site, world.standard)
    first, second = (split.post(reverse("portal:checkout"), form) for _click in range(2))

    assert first.url == second.url
    assert Order.objects.count() == 1


def test_a_split_does_not_come_under_the_limit(world, split, site):
    world.anna.spend_limit = 60
    world.anna.save()
    place(split, **by(site, world.standard))

    assert Order.objects.get().status == "awaiting_approval"


def test_all_of_a_line_goes_elsewhere_by_one_button_and_comes_back(world, split, site):
    send(split, world.gloves, {}, all=site.pk)
    assert CartSplit.objects.get().quantity is None
    assert split.get(reverse("portal:checkout")).context["ship_to"] == site

    send(split, world.gloves, {}, all=world.dock.pk)
    assert not CartSplit.objects.exists()


@pytest.mark.parametrize("typed", ["11", "x", "-3"])
def test_what_cannot_be_sent_there_is_said_on_the_page(world, split, site, typed):
    answer = send(split, world.gloves, {site: typed})

    assert answer.status_code == 422
    assert "Nothing was changed" in answer.content.decode()
    assert f'value="{typed}"' in answer.content.decode()
    assert CartSplit.objects.get().quantity == 4


def test_a_strangers_address_or_line_is_absent(world, signed_in, split):
    assert send(split, world.gloves, {world.calder_dock: 4}).status_code == 404
    line = CartLine.objects.get()
    assert signed_in(world.xaver).get(reverse("portal:cart_split", args=[line.pk])).status_code == 404


def test_the_queries_grow_neither_with_lines_nor_with_places(world, signed_in):
    anna = signed_in(world.anna)
    add(anna, world.gloves, 10)
    few = asked(anna)
    sites = ShipTo.objects.bulk_create(
        ShipTo(account=world.brightwater, code=f"S{n}", name=f"Site {n}", street="1 Street", city="Hull",
               time_zone="Europe/London")
        for n in range(8)
    )  # fmt: skip
    cart = CartLine.objects.get().cart
    lines = CartLine.objects.bulk_create(
        CartLine(cart=cart, product=bolt, quantity=10, shown_price=1) for bolt in more_bolts(world)
    )
    CartSplit.objects.bulk_create(CartSplit(line=line, ship_to=site, quantity=1) for line in lines for site in sites)

    many = asked(anna)
    assert len(anna.get(reverse("portal:checkout")).context["further"]) == 8
    assert many <= few + 1  # the addresses, which are read where something goes to others
    assert many <= MOST


def asked(client) -> int:
    client.get(reverse("portal:checkout"))
    with CaptureQueriesContext(connection) as queries:
        assert client.get(reverse("portal:checkout")).status_code == 200
    return len(queries)


def test_the_fields_of_a_further_place_carry_its_number(world, split, site):
    page = split.get(reverse("portal:checkout")).content.decode()

    assert re.search(rf'name="option-{site.pk}"[^>]* value="{world.standard.pk}" checked', page)
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
