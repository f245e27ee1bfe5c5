"""Quotes and call-offs go by the same ways as a cart: in slots, at branches, complete or in parts, on the same day."""

import re
from datetime import time, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.availability.models import StockLevel
from apps.core.formatting import long_date, weekday_date
from apps.delivery.models import DeliveryOption, Slot, SlotBooking, SlotWindow
from apps.ordering.models import BlanketOrder, Order
from apps.ordering.services import quotes
from tests.ordering.trade import actor
from tests.portal.buying import add, placed


@pytest.fixture
def van(world):
    return SlotWindow.objects.create(
        option=world.express, weekdays="1234567", starts_at=time(9), ends_at=time(11), capacity=1
    )


@pytest.fixture
def counter(world):
    world.north.is_branch = world.south.is_branch = True
    world.north.save()
    world.south.save()
    return DeliveryOption.objects.create(code="counter", name="Trade counter", kind="pick_up", position=9)


@pytest.fixture
def quote(world):
    return offered(world, (world.bolt, 200))


def offered(world, *lines):
    found = quotes.request_quote_for(
        actor(world.anna), lines=[(product.pk, quantity) for product, quantity in lines], now=world.now
    )
    prices = dict.fromkeys(found.lines.values_list("pk", flat=True), Decimal("0.5"))
    until = timezone.localdate() + timedelta(days=9)
    quotes.offer_quote(actor(world.rhea), found, prices=prices, valid_until=until, now=world.now)
    return found


@pytest.fixture
def blanket(world):
    today = timezone.localdate()
    found = BlanketOrder.objects.create(
        number="BO-7", account=world.brightwater, name="Bolts", currency="GBP", starts_on=today,
        ends_on=today + timedelta(days=99), made_at=world.now,
    )  # fmt: skip
    found.lines.create(product=world.bolt, unit_price=Decimal("0.1"), agreed=1000)
    return found


def doors(kind, quote, blanket):
    """Where it is shown, where it is ordered, and what that form always sends."""
    if kind == "quote":
        form = {"key": "k", "seen": "1", "total": "100.00"}
        return reverse("portal:quote", args=[quote.number]), reverse("portal:accept_quote", args=[quote.number]), form
    here = reverse("portal:call_off", args=[blanket.number])
    form = {f"call-{blanket.lines.get().pk}": "200", "key": "k"}
    return f"{here}?call-{blanket.lines.get().pk}=200", here, form


KINDS = pytest.mark.parametrize("kind", ["quote", "call-off"])


def words(answer) -> str:
    return re.sub(r"</?bdi>", "", answer.content.decode())


@KINDS
def test_in_a_slot_that_is_refused_in_words_once_it_is_taken(world, signed_in, van, quote, blanket, kind):
    anna = signed_in(world.anna)
    page, order, form = doors(kind, quote, blanket)
    form |= {"ship_to": world.dock.pk, "option": world.express.pk, "po_number": "PO-7"}
    assert "Express" in words(anna.get(page))
    shown = anna.post(order, form | {"show": "1"})
    slot = shown.context["ways"].going.slots[0]
    assert f"{weekday_date(slot.day_on, 'en')}, 09:00–11:00" in words(shown)
    assert not Order.objects.exists()

    taken = Slot.objects.create(window=van, day_on=slot.day_on, capacity=1, booked=1)
    refused = anna.post(order, form | {"slot": slot.code})
    assert refused.status_code == 409
    assert "The next free ones are" in words(refused) and 'value="PO-7"' in words(refused)
    quote.refresh_from_db()
    assert (quote.status, blanket.lines.get().called) == ("offered", 0)
    assert not Order.objects.exists() and not SlotBooking.objects.exists()
    assert sum(StockLevel.objects.values_list("reserved", flat=True)) == 0

    taken.delete()
    answer = anna.post(order, form | {"slot": slot.code})
    found = Order.objects.get()
    assert answer.url == reverse("portal:confirmation", args=[found.number])
    assert (found.promised_on, found.is_complete, found.po_number) == (slot.day_on, True, "PO-7")
    assert found.slot_to - found.slot_from == timedelta(hours=2)
    assert SlotBooking.objects.get().order_number == found.number


@KINDS
def test_picked_up_at_a_branch(world, signed_in, counter, quote, blanket, kind):
    anna = signed_in(world.anna)
    _page, order, form = doors(kind, quote, blanket)
    form |= {"ship_to": world.dock.pk, "option": counter.pk}
    assert "Where you pick it up" in words(anna.post(order, form | {"show": "1"}))
    assert anna.post(order, form | {"branch": "999999"}).status_code == 422
    assert anna.post(order, form | {"branch": world.north.pk}).status_code == 302
    assert Order.objects.get().branch_text == world.north.name


def test_complete_or_in_parts_with_their_price(world, signed_in):
    DeliveryOption.objects.update(part_charge=4, free_from=None)
    anna, quote = signed_in(world.anna), offered(world, (world.bolt, 200), (world.drill, 3))
    order = reverse("portal:accept_quote", args=[quote.number])
    form = {"key": "k", "seen": "1", "total": "101.50", "ship_to": world.dock.pk, "option": world.standard.pk}
    shown = anna.post(order, form | {"show": "1"})

    assert "2 deliveries, £10.90" in words(shown)
    assert shown.context["ways"].charge == Decimal("6.90")
    anna.post(order, form | {"sending": "parts"})
    placed_order = Order.objects.get()
    assert (placed_order.is_complete, placed_order.freight_net) == (False, Decimal("10.90"))
    assert {line.promised_on for line in placed_order.lines.all()} == set(shown.context["ways"].chosen.days)


@KINDS
def test_a_wish_that_cannot_be_met_says_why_and_what_would(world, signed_in, quote, blanket, kind):
    anna = signed_in(world.anna)
    page, order, form = doors(kind, quote, blanket)
    express = next(way for way in anna.get(page).context["ways"].ways if way.option.code == "express")
    form |= {"ship_to": world.dock.pk, "option": world.standard.pk, "requested_on": express.arrives_on}
    said = words(anna.post(order, form | {"show": "1"}))

    assert "Not everything can be there on" in said and re.search("Express brings everything by .* for", said)
    closed = anna.post(order, form | {"requested_on": "2020-01-01"})
    assert closed.status_code == 422 and "has passed" in words(closed)
    assert not Order.objects.exists()


@KINDS
@pytest.mark.parametrize("typed", [{"slot": "nonsense"}, {"option": "x"}, {"requested_on": "x", "sending": "both"}])
def test_whatever_is_typed_is_shown_and_nothing_ordered(world, signed_in, quote, blanket, kind, typed):
    _page, order, form = doors(kind, quote, blanket)
    shown = signed_in(world.anna).post(order, form | {"ship_to": world.dock.pk, "show": "1"} | typed)

    assert shown.status_code == 200 and "Arrives" in words(shown)
    assert not Order.objects.exists()


def test_every_way_to_an_order_promises_the_same_day(world, signed_in, quote, blanket):
    """The product, the cart's checkout, the quote and the call-off ask for the same goods, one after the other."""
    StockLevel.objects.filter(product=world.bolt).update(on_hand=9000)
    anna, days = signed_in(world.anna), []
    add(anna, world.bolt, 200)
    days.append(anna.get(reverse("portal:checkout")).context["going"].last_on)
    days.append(Order.objects.get(number=placed(anna, world.bolt, 200)).promised_on)
    for kind in ("quote", "call-off"):
        page, order, form = doors(kind, quote, blanket)
        shown = anna.get(page)
        days.append(shown.context["ways"].going.last_on)
        assert long_date(days[-1], "en") in words(shown)
        anna.post(order, form | {"key": kind, "ship_to": world.dock.pk, "option": world.standard.pk})
        found = Order.objects.latest("pk")
        assert long_date(found.promised_on, "en") in words(anna.get(reverse("portal:order", args=[found.number])))
        days.append(found.promised_on)

    assert len(set(days)) == 1 and Order.objects.count() == 3
