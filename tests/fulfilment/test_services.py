from datetime import timedelta

import pytest
from django.core import mail

from apps.accounts.errors import PermissionMissing
from apps.availability.models import Reservation, StockLevel
from apps.core.models import Event
from apps.core.scoping import SYSTEM, Actor
from apps.fulfilment import services, tasks
from apps.fulfilment.errors import DeliveryRefused, ShipmentMovedOn, ShipmentNotFound
from apps.fulfilment.models import Shipment, TrackingEvent
from apps.fulfilment.selectors import deliveries_due, facts_of, late_shipments, shipment_for, shipments_of
from apps.ordering.errors import WrongStatus
from apps.ordering.services import cancel_order, confirm_order
from tests.ordering.test_races import at_once
from tests.ordering.trade import actor, confirmed, place, shipped

CARRIER = Actor(role="carrier", name="Northern Parcels", carrier="Northern Parcels")


def deliver(world, shipment, who=SYSTEM, **more):
    said = {"received_by": "Rick", "delivered_at": world.now + timedelta(hours=2), "now": world.now + timedelta(days=1)}
    return services.confirm_delivery(who, shipment, **said | more)


def say(world, shipment, kind, n=1, after=timedelta(hours=1), **more):
    at = {"happened_at": world.now + after, "now": world.now + timedelta(days=1)}
    return services.record_tracking(CARRIER, shipment, kind=kind, source="northern", message_id=f"m-{n}", **at | more)


def test_what_leaves_one_warehouse_on_one_day_goes_together(world):
    order, shipments = confirmed(
        world, world.boris, (world.bolt, 200), (world.gloves, 60), (world.oil, 2), (world.cutting, 1)
    )
    said = [
        (shipment.warehouse.code, sorted((line.order_line.sku, line.quantity) for line in shipment.lines.all()))
        for shipment in shipments_of(actor(world.anna), order)
    ]
    assert said == [
        ("LDS", [("BLT-M8-40", 200), ("GLV-NIT-L", 40)]),
        ("RDG", [("OIL-5L", 2)]),
        ("LDS", [("GLV-NIT-L", 20), ("SVC-CUT", 1)]),  # with the incoming gloves, and the service with the last
    ]
    assert all(shipment.promised_on and shipment.carrier == "Northern Parcels" for shipment in shipments)


def test_planning_twice_plans_once(world):
    order, shipments = confirmed(world)
    assert services.plan_shipments(order.pk, now=world.now) == shipments
    assert Shipment.objects.count() == 1


def test_only_confirmed_orders_are_planned(world):
    assert services.plan_shipments(place(world).pk, now=world.now) == []


def test_planning_costs_the_same_for_one_line_and_for_many(world, django_assert_max_num_queries):
    one = confirm_order(SYSTEM, place(world), now=world.now)
    many = place(world, world.boris, (world.bolt, 100), (world.gloves, 2), (world.bolt_long, 100), (world.drill, 1))
    many = confirm_order(SYSTEM, many, now=world.now)
    with django_assert_max_num_queries(10) as counted:
        services.plan_shipments(one.pk, now=world.now)
    with django_assert_max_num_queries(len(counted)):
        services.plan_shipments(many.pk, now=world.now)


def test_a_cancelled_order_is_not_picked(world):
    order, [shipment] = confirmed(world)
    cancel_order(actor(world.otto), order, now=world.now)
    tasks.cancel_shipments_of_order(Event.objects.get(name="order.cancelled").pk)
    shipment.refresh_from_db()
    assert shipment.status == "cancelled"
    with pytest.raises(ShipmentMovedOn):
        services.dispatch_shipment(SYSTEM, shipment, now=world.now)


def test_a_dispatched_shipment_has_left_the_stock(world):
    order, [shipment] = shipped(world)
    level = StockLevel.objects.get(product=world.gloves)
    order.refresh_from_db()
    assert (level.on_hand, level.reserved) == (30, 0)
    assert (order.status, order.lines.get().shipped_quantity) == ("shipped", 10)
    assert Reservation.objects.get().state == "consumed"
    assert Event.objects.get(name="shipment.dispatched").subject == f"shipment:{shipment.number}"
    with pytest.raises(ShipmentMovedOn):
        services.dispatch_shipment(SYSTEM, shipment, now=world.now)
    with pytest.raises(WrongStatus):
        cancel_order(actor(world.otto), order, now=world.now)


def test_who_may_not_dispatch_or_confirm_is_refused(world):
    _order, [shipment] = confirmed(world)
    with pytest.raises(PermissionMissing):
        services.dispatch_shipment(actor(world.rhea), shipment, now=world.now)
    with pytest.raises(PermissionMissing):
        deliver(world, shipment, actor(world.anna))


def test_a_delivery_abroad_is_judged_and_shown_by_the_day_it_is_there(world, signed_in):
    """The account is at home and the site in Bangkok: what comes there at 06:00 is a day later than in London."""
    order, [shipment] = shipped(world)
    world.dock.country, world.dock.time_zone = "TH", ""
    world.dock.save()
    shipment.promised_on = world.today
    shipment.save()

    shipment = deliver(world, shipment, delivered_at=world.now.replace(hour=23))

    assert world.dock.time_zone == "Asia/Bangkok"
    assert shipment.is_late and shipment.delivered_on == world.today + timedelta(days=1)
    page = signed_in(world.anna).get(f"/orders/{order.number}/").content.decode()
    assert "Thursday, 5 March 2026" in page and "Wednesday, 4 March 2026" not in page.partition("promise-day")[2][:80]


def test_a_delivery_in_full_and_in_time(world):
    order, [shipment] = shipped(world)
    shipment = deliver(world, shipment)
    order.refresh_from_db()
    assert (shipment.status, shipment.received_by, order.status) == ("delivered", "Rick", "delivered")
    assert order.lines.get().delivered_quantity == 10
    assert not (shipment.is_late or shipment.is_short or shipment.is_damaged)
    event = Event.objects.get(name="shipment.delivered")
    assert (event.facts["otif"], event.facts["faults"]) == (True, [])
    assert event.occurred_at == world.now + timedelta(hours=2)


def test_a_delivery_late_short_and_damaged(world):
    order, [shipment] = shipped(world, world.anna, (world.gloves, 10), (world.bolt, 100))
    gloves, bolt = order.lines.all()
    late = {"delivered_at": world.now + timedelta(days=20), "now": world.now + timedelta(days=20)}
    shipment = deliver(world, shipment, lines={gloves.pk: (9, 2)}, **late)
    assert shipment.is_late and shipment.is_short and shipment.is_damaged
    facts = facts_of(shipment_for(SYSTEM, shipment.number))
    assert facts["faults"] == [{"sku": "GLV-NIT-L", "shipped": 10, "delivered": 9, "damaged": 2}]
    assert facts["days_late"] > 0 and not facts["otif"] and facts["lines"] == 2
    gloves.refresh_from_db()
    bolt.refresh_from_db()
    assert (gloves.delivered_quantity, bolt.delivered_quantity) == (9, 100)


@pytest.mark.parametrize("said", [(11, 0), (5, 6), (-1, 0)])
def test_what_cannot_have_been_received_is_refused(world, said):
    order, [shipment] = shipped(world)
    with pytest.raises(DeliveryRefused):
        deliver(world, shipment, lines={order.lines.get().pk: said})
    with pytest.raises(DeliveryRefused):
        deliver(world, shipment, lines={999_999: (1, 0)})
    shipment.refresh_from_db()
    assert shipment.status == "shipped" and not TrackingEvent.objects.exists()


def test_a_delivery_in_the_future_is_refused(world):
    _order, [shipment] = shipped(world)
    with pytest.raises(DeliveryRefused):
        deliver(world, shipment, delivered_at=world.now + timedelta(days=3))


def test_the_first_word_about_a_delivery_counts(world):
    order, [shipment] = shipped(world)
    deliver(world, shipment)
    again = deliver(world, shipment, received_by="Somebody else", lines={order.lines.get().pk: (1, 1)})
    assert (again.received_by, again.is_short) == ("Rick", False)
    assert Event.objects.filter(name="shipment.delivered").count() == 1


@pytest.mark.django_db(transaction=True)
def test_eight_confirmations_at_once_are_one():
    from tests.world import build

    world = build()
    _order, [shipment] = shipped(world)
    at_once(lambda _n: deliver(world, shipment), range(8))
    assert Event.objects.filter(name="shipment.delivered").count() == 1


def test_a_delivery_of_what_nobody_dispatched_dispatches_it(world):
    order, [shipment] = confirmed(world)
    deliver(world, shipment)
    order.refresh_from_db()
    assert order.status == "delivered"
    assert StockLevel.objects.get(product=world.gloves).on_hand == 30
    assert Event.objects.filter(name="shipment.dispatched").exists()


def test_an_order_is_delivered_when_all_of_it_is(world):
    order, shipments = shipped(world, world.boris, (world.gloves, 10), (world.oil, 2))
    deliver(world, shipments[0])
    order.refresh_from_db()
    assert order.status == "shipped"
    deliver(world, shipments[1])
    order.refresh_from_db()
    assert order.status == "delivered"


def test_a_receiver_confirms_their_own_delivery_and_no_other(world):
    _order, [shipment] = shipped(world)
    assert deliver(world, shipment, actor(world.rick)).status == "delivered"
    _order, [theirs] = shipped(world, world.xaver, (world.gloves, 1), ship_to=world.calder_dock)
    with pytest.raises(ShipmentNotFound):
        deliver(world, theirs, actor(world.rick))


def test_carriers_move_a_shipment_forwards_only(world):
    _order, [shipment] = confirmed(world)
    say(world, shipment, "out_for_delivery", 1, timedelta(hours=5))
    say(world, shipment, "picked_up", 2, timedelta(hours=1))  # heard late, happened first
    shipment.refresh_from_db()
    assert (shipment.status, shipment.shipped_at) == ("shipped", world.now + timedelta(hours=5))
    say(world, shipment, "delivered", 3, timedelta(hours=6), note="Rick")
    late = say(world, shipment, "in_transit", 4, timedelta(hours=2))
    shipment.refresh_from_db()
    assert (shipment.status, shipment.received_by) == ("delivered", "Rick")
    assert not late.applied and late.unapplied_because
    assert [event.message_id for event in shipment.tracking.all()] == ["m-2", "m-4", "m-1", "m-3"]


def test_a_carrier_delivers_nothing_that_never_left(world):
    _order, [shipment] = confirmed(world)
    with pytest.raises(DeliveryRefused, match="has not left yet"):
        deliver(world, shipment, CARRIER)
    heard = say(world, shipment, "delivered", 1)
    shipment.refresh_from_db()
    assert (shipment.status, heard.applied, heard.unapplied_because) == (
        "planned", False, "the shipment has not left yet",
    )  # fmt: skip
    say(world, shipment, "picked_up", 2)
    assert deliver(world, shipment, CARRIER).status == "delivered", "what it took with it, it may deliver"


@pytest.mark.parametrize("carrier", ["Southern Freight", "", "Northern"])
def test_a_carrier_knows_nothing_of_what_another_carries(world, carrier):
    _order, [shipment] = shipped(world)
    other = Actor(role="carrier", name="Northern Parcels", carrier=carrier)
    for deed in (lambda: deliver(world, shipment, other), lambda: shipment_for(other, shipment.number)):
        with pytest.raises(ShipmentNotFound):
            deed()
    assert not other.sees_everything and deliveries_due(other) == []


def test_a_message_heard_twice_is_kept_once(world):
    _order, [shipment] = shipped(world)
    first = say(world, shipment, "delivered", 1)
    assert say(world, shipment, "delivered", 1) == first
    assert TrackingEvent.objects.count() == Event.objects.filter(name="shipment.delivered").count() == 1


@pytest.mark.parametrize("after", [timedelta(days=5), timedelta(days=-5)])
def test_a_message_about_a_time_that_cannot_be_is_kept_and_not_believed(world, after):
    _order, [shipment] = shipped(world)
    event = say(world, shipment, "delivered", 1, after)
    shipment.refresh_from_db()
    assert shipment.status == "shipped"
    assert not event.applied and event.unapplied_because


def test_an_overdue_delivery_is_noticed_once(world):
    order, [shipment] = shipped(world)
    assert services.notice_overdue(now=world.now) == 0
    late = world.now + timedelta(days=20)
    assert services.notice_overdue(now=late) == 1
    assert services.notice_overdue(now=late) == 0
    assert Event.objects.get(name="shipment.overdue").facts["order"] == order.number
    assert late_shipments(actor(world.rhea)) == [shipment]
    assert not late_shipments(actor(world.ruben))


def test_deliveries_due_are_the_accounts_own(world, django_assert_num_queries):
    _order, [shipment] = shipped(world)
    me = actor(world.anna)
    with django_assert_num_queries(1):
        [due] = deliveries_due(me, 5)
    assert (due, due.line_count) == (shipment, 1)
    assert deliveries_due(actor(world.xaver), 5) == []
    with pytest.raises(ShipmentNotFound):
        shipment_for(actor(world.xaver), shipment.number)


def test_the_buyer_hears_that_it_is_on_its_way_once(world):
    order, [shipment] = shipped(world)
    event = Event.objects.get(name="shipment.dispatched")
    for _delivered_twice in range(2):
        tasks.send_dispatch_notice(event.pk)
    [letter] = mail.outbox
    assert letter.to == [world.anna.email] and order.number in letter.subject
    assert shipment.number in letter.body and "GLV-NIT-L" in letter.body


def test_a_confirmed_order_is_planned_by_its_reaction(world):
    order = confirm_order(SYSTEM, place(world), now=world.now)
    event = Event.objects.get(name="order.confirmed")
    for _delivered_twice in range(2):
        tasks.plan_shipments_of_order(event.pk)
    assert order.shipments.count() == 1
