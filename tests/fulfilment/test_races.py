"""Two in the warehouse, or two at the door, at the same moment: each thing happens once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.db.models import Sum

from apps.availability.models import IncomingSupply, Reservation, StockLevel
from apps.core.errors import Refusal
from apps.core.models import Event
from apps.core.scoping import SYSTEM
from apps.fulfilment import services
from apps.fulfilment.models import Insert, InsertBudget, InsertRule, Parcel, Proof, Shipment, ShipmentInsert, Wave
from apps.fulfilment.services import Packed
from apps.fulfilment.services.messages import carrier_actor
from tests.ordering.trade import confirmed, shipped
from tests.world import build

pytestmark = pytest.mark.django_db(transaction=True)


def together(*deeds) -> list:
    """What each deed returned, or the refusal it met; all begin at the same moment."""
    start = Barrier(len(deeds))

    def do(deed):
        try:
            start.wait(10)
            return deed()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))


def release(world, warehouse):
    return lambda: services.release_wave(SYSTEM, warehouse, now=world.now)


def test_waves_that_are_released_at_once_share_nothing():
    world = build()
    IncomingSupply.objects.all().delete()
    for _ in range(12):
        confirmed(world, world.boris, (world.gloves, 3), (world.bolt, 100))
    found = together(*[release(world, world.north)] * 4)
    waves = [each for each in found if isinstance(each, Wave)]
    assert len(waves) == 1 and Shipment.objects.filter(wave__in=waves).count() == 12
    assert all(each.code == "nothing_to_release" for each in found if each not in waves)
    picked = (
        Shipment.objects.filter(wave__isnull=False).values_list("lines__order_line").annotate(n=Sum("lines__quantity"))
    )
    assert {pieces for _line, pieces in picked} == {3, 100}


def test_two_halves_of_a_line_are_released_by_two_waves_only_as_far_as_they_lie_there():
    """The second half waits for supply; whoever releases at the same moment does not take the first half's goods."""
    world = build()
    order, [shipment] = confirmed(world, world.boris, (world.gloves, 6))
    line = shipment.lines.get()
    line.quantity = 4
    line.save()
    later = Shipment.objects.create(
        number="SH-LATER", order=order, account=order.account, warehouse=world.north, created_at=world.now,
        ready_on=world.today, promised_on=world.today - timedelta(days=1),
    )  # fmt: skip
    later.lines.create(order_line=line.order_line, quantity=4)
    found = together(*[release(world, world.north)] * 4)
    assert sum(isinstance(each, Wave) for each in found) == 1
    assert Shipment.objects.filter(wave__isnull=False).count() == 1


def test_inserts_of_waves_at_once_are_counted_once():
    world = build()
    sample = Insert.objects.create(name="Oil", kind="sample", product=world.oil, cost=2)
    InsertRule.objects.create(name="Oil", insert=sample, held_out_percent=0, rest_days=0, budget=5, priority=1)
    leaflet = Insert.objects.create(name="Thanks", kind="leaflet", cost=1)
    InsertRule.objects.create(name="Thanks", insert=leaflet, held_out_percent=0, rest_days=90, budget=100)
    for product in (world.gloves, world.bolt_long):
        for who, dock in ((world.boris, world.dock), (world.xaver, world.calder_dock)):
            confirmed(world, who, (product, 100 if product is world.bolt_long else 1), ship_to=dock)
    places = set(Shipment.objects.values_list("warehouse__code", flat=True))
    together(release(world, world.north), release(world, world.south), release(world, world.north))
    chosen = ShipmentInsert.objects.filter(state="chosen")
    spent = dict(InsertBudget.objects.values_list("rule__name", "spent"))
    assert spent["Oil"] == 2 * chosen.filter(insert=sample).count() <= 5
    assert spent["Thanks"] == chosen.filter(insert=leaflet).count() == 2  # one for each account, whatever the wave
    held = Reservation.objects.filter(product=world.oil, state="held").aggregate(n=Sum("quantity"))["n"] or 0
    assert held == chosen.filter(insert=sample).count()
    assert places and StockLevel.objects.filter(product=world.oil).aggregate(n=Sum("reserved"))["n"] == held


def test_two_pickers_of_one_list_pick_it_once():
    world = build()
    order, [shipment] = confirmed(world, world.boris, (world.gloves, 10))
    services.release_wave(SYSTEM, world.north, now=world.now)
    line = shipment.lines.get()

    def pick(found):
        box = [Packed(f"NP-{found}", {line.pk: found})]
        return lambda: services.confirm_picks(SYSTEM, shipment, {line.pk: found}, parcels=box, now=world.now)

    told = together(pick(10), pick(7), pick(10), pick(7))
    assert sum(isinstance(each, Shipment) for each in told) == 1
    assert {each.code for each in told if isinstance(each, Refusal)} == {"shipment_moved_on"}
    shipment.refresh_from_db()
    in_it, later = shipment.lines.get().quantity, order.shipments.filter(status="planned", wave=None)
    assert in_it + sum(each.lines.get().quantity for each in later) == 10
    assert Parcel.objects.get().lines.get().quantity == in_it
    held = Reservation.objects.filter(state="held", product=world.gloves).aggregate(n=Sum("quantity"))["n"]
    assert held == 10 and Event.objects.filter(name="shipment.picked").count() == 1


def test_a_proof_and_the_carriers_word_at_once_deliver_once():
    world = build()
    _order, [shipment] = shipped(world, world.boris, (world.gloves, 10))
    at = world.now + timedelta(hours=2)
    line = shipment.lines.get()
    body = {"message_id": "1", "shipment": shipment.number, "kind": "delivered", "happened_at": at.isoformat()}
    body |= {"received_by": "By the carrier", "lines": [{"position": 1, "delivered": 9, "damaged": 0}]}

    def prove():
        said = {"received_by": "By the driver", "taken_at": at, "key": "k", "now": at}
        return services.prove_delivery(SYSTEM, shipment, lines={line.order_line_id: (8, 0)}, **said)

    def hear():
        return services.take_in(carrier_actor("Northern Parcels"), [body], channel="api", now=at)[0]

    proof, message = together(prove, hear)
    shipment.refresh_from_db()
    line.refresh_from_db()
    assert Event.objects.filter(name="shipment.delivered").count() == 1
    by_driver = shipment.received_by == "By the driver"
    assert line.delivered_quantity == (8 if by_driver else 9)
    assert Proof.objects.get().counts is by_driver
    assert (message.state, "delivered already" in message.reason) == (
        ("kept", True) if by_driver else ("applied", False)
    )
    assert proof.pk
