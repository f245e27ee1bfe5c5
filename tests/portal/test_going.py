"""The checkout says what comes when, and every face says the same date."""

import re
from datetime import time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.core.formatting import long_date, short_date
from apps.delivery.models import DeliveryOption, SlotWindow
from apps.ordering.models import Order
from tests.portal.buying import add, checkout_form, place


def page(client, **changes):
    return client.post(reverse("portal:checkout"), checkout_form(client) | changes).content.decode()


def test_product_cart_checkout_and_order_say_the_same_day(world, signed_in):
    anna = signed_in(world.anna)
    product = anna.get(reverse("portal:product", args=[world.bolt.sku])).content.decode()
    add(anna, world.bolt)
    cart = anna.get(reverse("portal:cart")).content.decode()
    checkout = anna.get(reverse("portal:checkout")).content.decode()
    place(anna)
    day = Order.objects.get().promised_on

    said = short_date(day, "en", timezone.localdate().year)
    assert said in product
    assert said in cart
    assert long_date(day, "en") in checkout
    answer = anna.get(reverse("portal:order", args=[Order.objects.get().number])).content.decode()
    assert long_date(day, "en") in answer


def test_together_or_in_parts_with_their_price(world, signed_in):
    DeliveryOption.objects.update(part_charge=4, free_from=None)
    anna = signed_in(world.anna)
    add(anna, world.bolt)
    add(anna, world.drill, 3)

    assert 'id="sending-complete" value="complete" checked' in page(anna)
    assert "2 deliveries" in page(anna)
    assert "£10.90" in page(anna)
    assert "from Leeds" in page(anna)
    assert 'id="sending-parts" value="parts" checked' in page(anna, sending="parts")
    place(anna, sending="complete")
    assert Order.objects.get().is_complete


def test_a_wish_that_cannot_be_met_says_why_and_what_would(world, signed_in):
    anna = signed_in(world.anna)
    add(anna, world.bolt)
    express = next(
        quote.arrives_on
        for quote in anna.get(reverse("portal:checkout")).context["view"].options
        if quote.option.pk == world.express.pk
    )
    said = page(anna, requested_on=express.isoformat(), option=str(world.standard.pk))

    assert "Not everything can be there on" in said
    assert re.search(r"Express brings everything by .* for", said)
    assert "See what could replace it" in said


@pytest.mark.parametrize("typed", ["", "nonsense", "0000-00-00", "9999-12-31", "2026-02-30"])
def test_any_wish_shows_the_page(world, signed_in, typed):
    anna = signed_in(world.anna)
    add(anna, world.bolt)

    assert 'id="checkout"' in page(anna, requested_on=typed)


def test_a_slot_is_chosen_and_its_hours_stand_on_the_order(world, signed_in):
    van = SlotWindow.objects.create(
        option=world.express, weekdays="1234567", starts_at=time(9), ends_at=time(11), capacity=1
    )
    anna = signed_in(world.anna)
    add(anna, world.bolt)
    form = checkout_form(anna) | {"option": str(world.express.pk), "place": "1"}

    refused = anna.post(reverse("portal:checkout"), form | {"slot": f"{van.pk}@2020-01-01"})
    assert refused.status_code == 409
    assert "The next free ones are" in refused.content.decode()
    slot = refused.context["going"].slots[0]
    assert anna.post(reverse("portal:checkout"), form | {"slot": slot.code}).status_code == 302
    order = Order.objects.get()
    assert order.promised_on == slot.day_on
    assert order.slot_to - order.slot_from == timedelta(hours=2)
    for door in ("portal:confirmation", "portal:order"):
        told = anna.get(reverse(door, args=[order.number])).content.decode()
        assert f"{long_date(slot.day_on, 'en')}, 09:00–11:00" in told
        assert "United Kingdom" in told


def test_the_preferred_weekday_is_offered(world, signed_in):
    anna = signed_in(world.anna)
    add(anna, world.bolt)
    day = anna.get(reverse("portal:checkout")).context["chosen"].arrives_on
    world.dock.preferred_weekday = day.isoweekday() % 5 + 1
    world.dock.save()
    said = page(anna)
    wish = re.search(r'name="wish" value="([^"]+)"', said).group(1)

    assert "Your preferred day would be" in said
    assert f'value="{wish}"' in page(anna, wish=wish)


def test_the_cart_says_how_far_it_is_from_free_delivery(world, signed_in):
    anna = signed_in(world.anna)
    add(anna, world.bolt)
    assert re.search(
        r"Standard delivery is free with <strong>.*134.00.* more", anna.get(reverse("portal:cart")).content.decode()
    )

    add(anna, world.gloves, 30)
    assert "Standard delivery is free" in anna.get(reverse("portal:cart")).content.decode()
