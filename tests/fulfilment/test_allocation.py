"""From confirmed lines to a released wave and its papers."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.urls import reverse

from apps.accounts.models import ShipTo
from apps.availability.models import StockLevel
from apps.availability.services.supply import receive
from apps.catalogue.models import PackagingUnit
from apps.core.models import Event
from apps.core.scoping import SYSTEM
from apps.fulfilment import papers, services
from apps.fulfilment.errors import NothingToRelease, ShipmentMovedOn
from apps.fulfilment.hints import hints_of
from apps.fulfilment.models import PickLocation, Shipment
from apps.fulfilment.rules.allocation import Packs, Part, departures, in_packs
from apps.fulfilment.rules.code128 import _WIDTHS, symbols, widths
from apps.fulfilment.selectors.picking import picks_of, shipment_to_pick
from tests.ordering.trade import actor, confirmed

MON, TUE, FRI = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 6)


def found(wanted, parts, picked=None, together=False):
    given = departures(wanted, [Part(*part) for part in parts], picked=picked or {}, together=together, today=MON)
    return [(place.warehouse_id, place.leaves_on, lines) for place, lines in given.items()]


@pytest.mark.parametrize(
    ("wanted", "parts", "more", "leaves"),
    [
        ({1: 10}, [(1, 7, MON, 10)], {}, [(7, MON, {1: 10})]),
        ({1: 10}, [(1, 7, FRI, 6), (1, 7, TUE, 4)], {}, [(7, TUE, {1: 4}), (7, FRI, {1: 6})]),
        ({1: 10}, [(1, 7, FRI, 6), (1, 7, TUE, 4)], {"together": True}, [(7, FRI, {1: 10})]),
        ({1: 4, 2: 1}, [(1, 7, TUE, 4), (2, 8, FRI, 1)], {"together": True}, [(7, FRI, {1: 4}), (8, FRI, {2: 1})]),
        ({1: 4, 2: 1}, [(1, 7, TUE, 4)], {}, [(7, TUE, {1: 4, 2: 1})]),  # what nothing is held for goes with the last
        ({2: 1}, [], {}, [(None, MON, {2: 1})]),
        ({1: 4}, [(1, 7, date(2026, 2, 1), 4)], {}, [(7, MON, {1: 4})]),  # never before today
        ({1: 6}, [(1, 7, TUE, 4), (1, 7, FRI, 6)], {"picked": {(1, (7, "")): 4}}, [(7, FRI, {1: 6})]),
        ({}, [(1, 7, TUE, 4)], {"picked": {(1, (7, "")): 4}}, []),
        # straight from the supplier, beside what leaves a warehouse
        ({1: 10}, [(1, 7, TUE, 4), (1, None, TUE, 6, "Torvik")], {}, [(None, TUE, {1: 6}), (7, TUE, {1: 4})]),
    ],
)
def test_what_leaves_together(wanted, parts, more, leaves):
    assert found(wanted, parts, **more) == leaves


@pytest.mark.parametrize(
    ("quantity", "packs", "counted"),
    [
        (250, [("box", 100), ("carton", 1000)], [(2, "box", 100), (50, "", 1)]),
        (2100, [("box", 100), ("carton", 1000)], [(2, "carton", 1000), (1, "box", 100)]),
        (7, [], [(7, "", 1)]),
        (7, [("piece", 1)], [(7, "", 1)]),
    ],
)
def test_a_quantity_is_counted_in_the_largest_packs(quantity, packs, counted):
    assert in_packs(quantity, packs) == [Packs(*pack) for pack in counted]


def test_a_barcode_has_its_check_character_and_modules():
    assert symbols("PJJ123C")[-2] == 55  # 879 modulo 103
    assert len(_WIDTHS) == 107 and len(set(_WIDTHS)) == 107
    assert {sum(map(int, each)) for each in _WIDTHS[:-1]} == {11} and sum(map(int, _WIDTHS[-1])) == 13
    assert sum(widths("SH-1000001")) == 11 * (1 + 10 + 1) + 13
    assert widths("ปลา") == [] and widths("") == []


def test_an_order_that_goes_complete_waits_for_its_last_piece(world, signed_in):
    order, shipments = confirmed(world, world.boris, (world.gloves, 60))
    assert [each.ready_on for each in shipments] == [world.today, world.incoming.due_on]
    services.choose_shipping(actor(world.boris), order, together=True, now=world.now)
    [left] = Shipment.objects.filter(order=order, status="planned")
    assert (left.ready_on, left.lines.get().quantity) == (world.incoming.due_on, 60)
    assert Event.objects.get(name="order.shipping_chosen").facts == {"together": True}
    services.choose_shipping(actor(world.boris), order, together=False, now=world.now)
    assert [each.lines.get().quantity for each in order.shipments.filter(status="planned").order_by("ready_on")] == [
        40,
        20,
    ]


def test_who_chooses_too_late_is_told(world):
    order, _shipments = confirmed(world)
    services.release_wave(SYSTEM, world.north, now=world.now)
    with pytest.raises(ShipmentMovedOn):
        services.choose_shipping(actor(world.anna), order, together=True, now=world.now)


def test_a_wave_takes_what_is_due_and_there_and_the_first_promise_first(world):
    _order, [first] = confirmed(world, world.anna, (world.gloves, 10))
    _order, [there, waits] = confirmed(world, world.boris, (world.gloves, 60))
    _order, [far] = confirmed(world, world.boris, (world.oil, 2))
    with pytest.raises(NothingToRelease):
        services.release_wave(SYSTEM, world.north, now=world.now - timedelta(days=1))
    wave = services.release_wave(SYSTEM, world.north, now=world.now, size=1)
    assert list(wave.shipments.all()) == [first]
    other = services.release_wave(SYSTEM, world.north, now=world.now + timedelta(days=30))
    assert list(other.shipments.all()) == [there]  # the rest has not arrived, whatever its day
    assert {each.wave for each in Shipment.objects.filter(pk__in=[waits.pk, far.pk])} == {None}


def test_backorders_follow_what_arrives_in_the_order_of_their_promise(world):
    early, [_here, first] = confirmed(world, world.boris, (world.gloves, 60))
    late, [second] = confirmed(world, world.boris, (world.gloves, 30))
    receive(world.incoming, now=world.now, on=world.today, quantity=35)
    assert "apps.fulfilment.tasks.follow_arrival" in settings.REACTIONS["supply.received"]
    assert services.follow_supply(world.gloves.sku, because="supply_short", now=world.now) == 1
    ready = {
        (each.order_id, each.ready_on): sum(line.quantity for line in each.lines.all())
        for each in Shipment.objects.filter(status="planned")
    }
    # 20 of the first order and 15 of the second have come; the other 15 are sourced anew.
    assert ready[early.pk, world.today] == 60
    assert sorted(quantity for (order_id, _on), quantity in ready.items() if order_id == late.pk) == [15, 15]
    assert {first.number, second.number} <= set(Shipment.objects.values_list("number", flat=True))
    assert StockLevel.objects.get(product=world.gloves).reserved == 75


def test_what_is_being_picked_stays_as_it_is(world):
    order, [here, later] = confirmed(world, world.boris, (world.gloves, 60))
    services.release_wave(SYSTEM, world.north, now=world.now)
    receive(world.incoming, now=world.now, on=world.today)
    services.plan_shipments(order.pk, now=world.now)
    here.refresh_from_db()
    later.refresh_from_db()
    assert (here.lines.get().quantity, later.lines.get().quantity) == (40, 20)
    assert later.ready_on == world.today and here.wave is not None


def test_papers_say_what_lies_where_in_which_packs_and_what_the_address_wants(world):
    PackagingUnit.objects.create(product=world.bolt, name="box", quantity=100)
    PickLocation.objects.create(product=world.bolt, warehouse=world.north, location="A-04-2")
    world.dock.markings, world.dock.gate = "Line 3", "Gate 4"
    world.dock.save()
    world.dock.refresh_from_db()
    _order, [shipment] = confirmed(world, world.boris, (world.gloves, 2), (world.bolt, 250 - 50))
    shipment = shipment_to_pick(SYSTEM, shipment.number)
    picks = picks_of([shipment])[shipment.pk]
    assert [(pick.location, pick.sku) for pick in picks] == [("A-04-2", "BLT-M8-40"), ("", "GLV-NIT-L")]
    assert papers.packs_in_words(picks[0].packs) == "2 × box (100)"
    hints = " ".join(hints_of(shipment.order))
    assert "Line 3" in hints and "Gate 4" in hints and "08:00" in hints
    wave = services.release_wave(SYSTEM, world.north, now=world.now)
    assert papers.pick_list(wave).startswith(b"%PDF-")
    for language in ("en", "th", "fa"):
        shipment.account.language = language
        assert papers.packing_slip(shipment).startswith(b"%PDF-")


def test_papers_keep_to_what_was_agreed_and_ring_who_is_there_now(world):
    world.dock.gate, world.dock.contact_name, world.dock.is_blind = "Gate 4", "Dora", True
    world.dock.delivery_note = "Cost centre 12"
    world.dock.save()
    _order, [shipment] = confirmed(world)
    ShipTo.objects.update(gate="Gate 9", is_blind=False, receiving_from="11:00", contact_name="Emil", phone="0113 4")
    order = shipment_to_pick(SYSTEM, shipment.number).order

    assert [hint.translate({0x2068: None, 0x2069: None}) for hint in hints_of(order)] == [
        "Receives from 08:00 to 16:00.",
        "Blind shipment: no paper and no parcel with our name.",
        "On the delivery note: Cost centre 12",
        "Gate: Gate 4",
        "Contact: Emil 0113 4",
    ]
    order.ship_to.is_active, order.slot_from, order.slot_to = False, world.now, world.now + timedelta(hours=2)
    first, *_rest, last = hints_of(order)
    assert first == "Time slot: Wed 4 Mar, 10:00–12:00." and "Dora" in last
    order.branch_text = "Leeds"
    assert "Picked up at" in hints_of(order)[0]


def test_an_order_from_before_terms_were_kept_has_those_of_its_address(world):
    order, _shipments = confirmed(world)
    order.delivery_terms = {}

    assert "Receives from 08:00 to 16:00." in hints_of(order)
    order.ship_to = None
    assert hints_of(order) == []


def test_operations_release_a_wave_and_print_its_papers(world, signed_in):
    _order, [shipment] = confirmed(world)
    desk = signed_in(world.otto)
    page = reverse("admin:fulfilment_wave_add")
    refused = desk.post(page, {"warehouse": world.south.pk, "size": 5})
    assert "No shipment from Reading is due" in refused.content.decode()
    listed = desk.post(page, {"warehouse": world.north.pk, "size": 5}, follow=True)
    shipment.refresh_from_db()
    assert shipment.wave.number in listed.content.decode()
    urls = [
        reverse("admin:fulfilment_wave_pick_list", args=[shipment.wave_id]),
        reverse("admin:fulfilment_shipment_packing_slip", args=[shipment.pk]),
    ]
    assert all(desk.get(url).content.startswith(b"%PDF-") for url in urls)
    stranger = signed_in(world.anna)
    assert {stranger.get(url).status_code for url in urls} <= {302, 403}
