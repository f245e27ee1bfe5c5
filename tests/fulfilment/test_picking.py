"""What is picked and packed, and what happens to what was not found."""

from datetime import timedelta
from html import unescape

import pytest
from django.core import mail

from apps.availability.models import Reservation, StockLevel
from apps.catalogue.models import PackagingUnit
from apps.core.models import Event
from apps.core.scoping import SYSTEM
from apps.fulfilment import services, tasks
from apps.fulfilment.errors import PickRefused, ShipmentMovedOn
from apps.fulfilment.models import Parcel, Shipment
from apps.fulfilment.rules.allocation import codes_of, scanned_code
from apps.fulfilment.services import Packed
from tests.ordering.trade import confirmed


@pytest.fixture
def picking(world):
    """An order of gloves and oil-free bolts, released in Leeds."""
    order, [shipment] = confirmed(world, world.boris, (world.gloves, 10), (world.bolt, 200))
    services.release_wave(SYSTEM, world.north, now=world.now)
    shipment.refresh_from_db()
    gloves, bolts = shipment.lines.order_by("order_line__position")
    return order, shipment, gloves, bolts


def test_what_was_not_found_is_promised_anew_and_the_buyer_is_told(world, picking):
    order, shipment, gloves, _bolts = picking
    first_promise = shipment.promised_on
    services.confirm_picks(SYSTEM, shipment, {gloves.pk: 4}, now=world.now)
    level = StockLevel.objects.get(product=world.gloves)
    assert (level.on_hand, level.reserved) == (34, 10)  # six are not there; the other six are held from what is
    later = order.shipments.get(status="planned", wave=None)
    assert (later.lines.get().quantity, later.promised_on) == (6, first_promise)
    event = Event.objects.get(name="shipment.picked_short")
    assert [(line["sku"], line["missing"]) for line in event.facts["lines"]] == [("GLV-NIT-L", 6)]
    tasks.send_short_pick_notice(event.pk)
    tasks.send_short_pick_notice(event.pk)
    [letter] = mail.outbox
    assert "6 x GLV-NIT-L" in letter.body and "With you by" in letter.body
    services.dispatch_shipment(SYSTEM, shipment, now=world.now)
    services.dispatch_shipment(SYSTEM, later, now=world.now)
    level.refresh_from_db()
    order.refresh_from_db()
    assert (level.on_hand, level.reserved) == (24, 0) and order.status == "shipped"
    assert order.lines.get(sku="GLV-NIT-L").shipped_quantity == 10


def test_what_comes_only_later_has_a_later_day_and_keeps_its_first_promise(world, picking):
    order, shipment, gloves, _bolts = picking
    StockLevel.objects.filter(product=world.gloves).update(on_hand=10)
    services.confirm_picks(SYSTEM, shipment, {gloves.pk: 0}, now=world.now)
    later = order.shipments.get(status="planned", wave=None)
    assert later.expected_on > later.promised_on and later.comes_on == later.expected_on
    assert later.ready_on == world.incoming.due_on
    assert Reservation.objects.filter(state="held", incoming=world.incoming).get().quantity == 10
    assert not shipment.lines.filter(pk=gloves.pk).exists()


def test_a_shipment_of_which_nothing_was_found_is_called_off(world):
    order, [shipment] = confirmed(world)
    services.release_wave(SYSTEM, world.north, now=world.now)
    services.confirm_picks(SYSTEM, shipment, {shipment.lines.get().pk: 0}, now=world.now)
    assert sorted(order.shipments.values_list("status", flat=True)) == ["cancelled", "planned"]
    assert order.shipments.get(status="planned").lines.get().quantity == 10


@pytest.mark.parametrize("said", [{0: 11}, {0: -1}, {99_999: 1}])
def test_what_cannot_have_been_picked_is_refused(world, picking, said):
    _order, shipment, gloves, _bolts = picking
    with pytest.raises(PickRefused):
        picked = {gloves.pk if pk == 0 else pk: quantity for pk, quantity in said.items()}
        services.confirm_picks(SYSTEM, shipment, picked, now=world.now)
    shipment.refresh_from_db()
    assert shipment.picked_at is None


def test_a_shipment_is_picked_once_and_only_in_a_wave(world, picking):
    _order, shipment, *_lines = picking
    services.confirm_picks(SYSTEM, shipment, {}, now=world.now)
    with pytest.raises(ShipmentMovedOn):
        services.confirm_picks(SYSTEM, shipment, {}, now=world.now)
    _order, [loose] = confirmed(world)
    with pytest.raises(ShipmentMovedOn):
        services.confirm_picks(SYSTEM, loose, {}, now=world.now)


def test_parcels_hold_no_more_than_the_shipment_and_arrive_one_by_one(world, picking):
    _order, shipment, gloves, bolts = picking
    with pytest.raises(PickRefused):
        services.pack(SYSTEM, shipment, [Packed("A", {gloves.pk: 6}), Packed("B", {gloves.pk: 5})], now=world.now)
    with pytest.raises(PickRefused):
        services.pack(SYSTEM, shipment, [Packed("A"), Packed("A")], now=world.now)
    boxes = [Packed("NP-1", {gloves.pk: 10}), Packed("NP-2", {bolts.pk: 200})]
    services.confirm_picks(SYSTEM, shipment, {}, parcels=boxes, now=world.now)
    services.dispatch_shipment(SYSTEM, shipment, now=world.now)
    carrier = services.messages.carrier_actor("Northern Parcels")

    def say(number, code):
        row = {"message_id": number, "tracking_number": code, "kind": "delivered", "received_by": "Rick"}
        row["happened_at"] = (world.now + timedelta(hours=3)).isoformat()
        [message] = services.take_in(carrier, [row], channel="api", now=world.now + timedelta(hours=4))
        shipment.refresh_from_db()
        return message.state, shipment.status

    assert say("1", "NP-1") == ("applied", "shipped")
    assert Parcel.objects.get(tracking_number="NP-1").status == "delivered"
    assert say("2", "NP-2") == ("applied", "delivered")
    assert Shipment.objects.get(pk=shipment.pk).received_by == "Rick"


def test_a_picker_scans_a_shipment_and_says_what_was_there(world, picking, signed_in):
    order, shipment, gloves, bolts = picking
    desk = signed_in(world.otto)
    wave = f"/workspace/picking/{shipment.wave_id}/"
    assert shipment.number in desk.get(wave).content.decode()
    found = desk.get(wave, {"scan": shipment.number.lower()})
    assert found.url == f"{wave}{shipment.number}/"
    assert "is not in this wave" in desk.get(wave, {"scan": "SH-1"}).content.decode()
    said = {f"picked-{gloves.pk}": "4", f"box-{gloves.pk}": "1", f"picked-{bolts.pk}": "200", f"box-{bolts.pk}": "2"}
    assert desk.post(found.url, said | {f"picked-{gloves.pk}": "some"}).status_code == 422
    assert desk.post(found.url, said | {f"picked-{gloves.pk}": "11"}).status_code == 422
    page = desk.post(found.url, said | {"tracking": "NP-1\nNP-2"}, follow=True)
    assert "1 line is short" in page.content.decode()
    assert "Being picked" not in desk.get(wave).content.decode()
    assert list(Parcel.objects.values_list("tracking_number", "lines__quantity")) == [("NP-1", 4), ("NP-2", 200)]
    assert desk.post(found.url, said).status_code == 409
    read = signed_in(world.boris).get(f"/orders/{order.number}/").content.decode()
    assert "Parcel 1 of 2" in read and "NP-2" in read


@pytest.mark.parametrize(
    ("scanned", "known"),
    [(" blt-m8-40 ", 0), ("4006381333931", 1), ("04006381333931", 1), ("14006381333938", 500), ("4006381", None)],
)
def test_a_code_that_is_scanned_stands_for_so_many_pieces(scanned, known):
    codes = codes_of("BLT-M8-40", "4006381333931", [("14006381333938", 500), ("", 50)])
    assert codes.get(scanned_code(scanned)) == known


def test_a_line_goes_into_several_boxes(world, picking, signed_in):
    order, shipment, gloves, bolts = picking
    PackagingUnit.objects.create(product=world.bolt, name="carton", quantity=100, gtin="14006381333938")
    desk = signed_in(world.otto)
    page = f"/workspace/picking/{shipment.wave_id}/{shipment.number}/"
    seen = unescape(desk.get(page).content.decode())
    assert '"4006381333931": 1' in seen and '"14006381333938": 100' in seen and '"BLT-M8-40": 0' in seen
    said = {f"picked-{bolts.pk}": "200", f"box-{bolts.pk}": "1", f"more-box-{bolts.pk}": ["2", "3", ""]}
    too_much = said | {f"more-quantity-{bolts.pk}": ["150", "60", ""]}
    assert "count again" in desk.post(page, too_much).content.decode()
    assert desk.post(page, said | {f"more-quantity-{bolts.pk}": ["some", "", ""]}).status_code == 422
    assert not Parcel.objects.exists()
    desk.post(page, said | {f"more-quantity-{bolts.pk}": ["100", "50", ""], f"box-{gloves.pk}": "3"})
    packed = Parcel.objects.order_by("position", "lines__line").values_list(
        "position", "lines__line", "lines__quantity"
    )
    assert list(packed) == [(1, bolts.pk, 50), (2, bolts.pk, 100), (3, gloves.pk, 10), (3, bolts.pk, 50)]
    read = " ".join(unescape(signed_in(world.boris).get(f"/orders/{order.number}/").content.decode()).split())
    assert "Parcel 3 of 3" in read
    [_, first, second, third] = read.split("Parcel ")[:4]
    assert [part.count("Hex bolt M8 x 40") for part in (first, second)] == [1, 1]
    assert "100 " in second and "Nitrile gloves" in third


def test_a_buyer_lets_everything_come_together(world, signed_in):
    order, _shipments = confirmed(world, world.boris, (world.gloves, 60))
    buyer = signed_in(world.boris)
    assert "Send everything together" in buyer.get(f"/orders/{order.number}/").content.decode()
    buyer.post(f"/orders/{order.number}/shipping/", {"decision": "together"})
    assert "Send each part as it is ready" in buyer.get(f"/orders/{order.number}/").content.decode()
    assert order.shipments.filter(status="planned").count() == 1


def test_parcels_go_where_their_shipment_goes(world, picking):
    _order, shipment, gloves, bolts = picking
    boxes = [Packed("", {gloves.pk: 10}), Packed("", {bolts.pk: 200})]
    services.confirm_picks(SYSTEM, shipment, {}, parcels=boxes, now=world.now)
    told = []
    services.dispatch_shipment(SYSTEM, shipment, now=world.now)
    told.append({parcel.status for parcel in shipment.parcels.all()})
    later = world.now + timedelta(days=1)
    services.confirm_delivery(SYSTEM, shipment, received_by="Rick", delivered_at=later, now=later)
    told.append({parcel.status for parcel in shipment.parcels.all()})
    assert told == [{"shipped"}, {"delivered"}]
