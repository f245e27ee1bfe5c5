"""How an order goes: slots, branches, complete or in parts, wished days; and that every face says the same date."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse

from apps.availability.models import StockLevel
from apps.core.scoping import SYSTEM
from apps.delivery.errors import SlotTaken
from apps.delivery.models import DeliveryOption, Lane, Slot, SlotBooking, SlotWindow
from apps.fulfilment.services import plan_shipments
from apps.ordering import services
from apps.ordering.errors import DateRefused, OptionRefused
from apps.ordering.models import CartLine, Order
from apps.ordering.selectors.terms import delivery_terms_of
from tests.ordering.trade import actor, fill, place

THURSDAY = date(2026, 3, 5)


@pytest.fixture
def van(world):
    """Express comes in one slot a day, for one order."""
    return SlotWindow.objects.create(option=world.express, starts_at=time(8), ends_at=time(10), capacity=1)


def in_slot(world, van, who=None, day=THURSDAY, **more):
    return place(world, who, option=world.express, slot=f"{van.pk}@{day}", **more)


def test_an_order_keeps_its_slot_and_gives_it_back_when_it_is_cancelled(world, van):
    order = in_slot(world, van)

    assert (order.promised_on, order.is_complete) == (THURSDAY, True)
    assert order.slot_from == datetime(2026, 3, 5, 8, tzinfo=UTC)
    assert Slot.objects.get().booked == 1

    services.cancel_order(actor(world.anna), order, now=world.now)
    assert (Slot.objects.get().booked, SlotBooking.objects.count()) == (0, 0)


def test_a_slot_taken_meanwhile_names_the_next_and_leaves_everything(world, van):
    in_slot(world, van, world.xaver, ship_to=world.calder_dock)
    fill(world, world.anna, (world.gloves, 5))
    with pytest.raises(SlotTaken, match=r"Fri 6 Mar, 08:00–10:00") as refusal:
        in_slot(world, van, key="another")

    assert refusal.value.facts["free"][0] == f"{van.pk}@2026-03-06"
    assert (Order.objects.count(), CartLine.objects.count()) == (1, 1)
    assert sum(StockLevel.objects.values_list("reserved", flat=True)) == 10


@pytest.mark.parametrize("slot", ["", "nonsense", "999@2026-03-05", "1@9999-12-31"])
def test_no_slot_or_none_that_is_free_is_refused(world, van, slot):
    with pytest.raises((OptionRefused, SlotTaken)):
        place(world, option=world.express, slot=slot)


def test_a_slot_for_a_way_without_any_is_refused(world, van):
    with pytest.raises(OptionRefused):
        place(world, slot=f"{van.pk}@{THURSDAY}")


@pytest.mark.django_db(transaction=True)
def test_two_orders_at_once_for_the_last_place(world, van):
    fill(world, world.anna, (world.bolt, 100))
    fill(world, world.xaver, (world.bolt, 100))

    def order(who, dock):
        try:
            return in_slot(world, van, who, ship_to=dock, key="mine").number
        except SlotTaken:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        found = [
            each.result()
            for each in [pool.submit(order, world.anna, world.dock), pool.submit(order, world.xaver, world.calder_dock)]
        ]

    assert sum(bool(number) for number in found) == 1
    assert sum(StockLevel.objects.values_list("reserved", flat=True)) == 100


def two_parts(world, **more):
    """Bolts are there; of sixty boxes of gloves some come on the 12th."""
    DeliveryOption.objects.filter(pk=world.standard.pk).update(part_charge=4, free_from=None)
    return place(world, world.anna, (world.bolt, 100), (world.gloves, 60), **more)


@pytest.mark.parametrize(
    ("said", "is_complete", "days", "freight"),
    [
        (False, False, {date(2026, 3, 6), date(2026, 3, 16)}, "10.90"),
        (True, True, {date(2026, 3, 16)}, "6.90"),
        (None, True, {date(2026, 3, 16)}, "6.90"),  # parts cost more, and nobody asked for them
    ],
)
def test_complete_on_one_day_or_in_parts(world, said, is_complete, days, freight):
    order = two_parts(world, is_complete=said)

    assert {line.promised_on for line in order.lines.all()} == days
    assert (order.freight_net, order.is_complete) == (Decimal(freight), is_complete)


def test_the_ship_to_prefers_and_its_rules_stand_on_the_order(world):
    world.dock.prefers_complete, world.dock.is_blind, world.dock.gate = True, True, "Gate 4"
    world.dock.save()
    order = two_parts(world)
    world.dock.gate = "Gate 5"
    world.dock.save()
    terms = delivery_terms_of(Order.objects.get(pk=order.pk))

    assert order.is_complete
    assert (terms.gate, terms.is_blind, terms.receiving_from, terms.is_complete) == ("Gate 4", True, "08:00", True)


@pytest.mark.parametrize(
    ("wished", "why"),
    [
        (date(2026, 3, 8), "The next day is Monday 9 March 2026"),
        (date(2026, 4, 3), "The next day is Monday 6 April 2026"),
        (date(2026, 3, 3), "has passed"),
        (date(9999, 12, 31), "no later than"),
    ],
)
def test_a_wished_day_that_cannot_be_is_refused(world, wished, why):
    with pytest.raises(DateRefused, match=why):
        place(world, requested_on=wished)
    assert not Order.objects.exists()


def test_a_wished_day_on_which_the_carrier_does_not_run_is_refused(world):
    world.dock.receiving_days = "123456"
    world.dock.save()
    with pytest.raises(DateRefused, match=r"does not run on Saturday 7 March 2026. The next day is Monday 9 March"):
        place(world, requested_on=date(2026, 3, 7))


def test_a_carrier_that_never_comes_when_goods_are_received_is_refused_in_words(world):
    world.dock.receiving_days = "6"
    world.dock.save()
    with pytest.raises(OptionRefused, match="does not run on any day on which you receive"):
        place(world)


def test_picked_up_at_the_branch_that_was_chosen(world):
    counter = DeliveryOption.objects.create(code="counter", name="Trade counter", kind="pick_up", position=9)
    world.south.is_branch = True
    world.south.save()
    Lane.objects.create(option=counter, warehouse=world.north, branch=world.south, transit_days=1)
    order = place(world, world.anna, (world.gloves, 10), option=counter, branch_id=world.south.pk)

    assert (order.branch_text, order.promised_on) == ("Reading", THURSDAY)
    with pytest.raises(OptionRefused):
        place(world, option=counter, branch_id=999)


def test_an_option_of_another_region_posted_by_hand_is_refused(world):
    abroad = DeliveryOption.objects.create(code="abroad", name="Abroad", kind="standard", position=9)
    Lane.objects.create(option=abroad, warehouse=world.north, country="DE", transit_days=1)

    with pytest.raises(OptionRefused):
        place(world, option=abroad)


def test_a_declined_order_frees_its_slot(world, van):
    fill(world, world.anna, (world.drill, 6))
    order = place(world, world.anna, (world.drill, 1), option=world.express, slot=f"{van.pk}@2026-03-12")
    assert Slot.objects.get().booked == 1
    services.cancel_order(SYSTEM, order, now=world.now)
    assert Slot.objects.get().booked == 0


@pytest.mark.parametrize(("is_complete", "days"), [(False, 2), (True, 1)])
def test_what_was_ordered_complete_leaves_complete(world, is_complete, days):
    order = two_parts(world, is_complete=is_complete)
    services.confirm_order(SYSTEM, order, now=world.now)

    assert len({shipment.ready_on for shipment in plan_shipments(order.pk, now=world.now)}) == days


def test_operations_read_the_address_with_its_country(world, signed_in):
    order = place(world)
    page = signed_in(world.otto).get(reverse("admin:ordering_order_change", args=[order.pk])).content.decode()

    assert "United Kingdom" in page
