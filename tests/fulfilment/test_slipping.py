"""Supply comes on another day: who waits for it is promised anew, and told once."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.urls import reverse

from apps.availability.errors import SupplyRefused
from apps.availability.models import Reservation
from apps.availability.services import receive, reschedule
from apps.core.models import Event
from apps.fulfilment import services, tasks
from tests.ordering.trade import confirmed

LATER = date(2026, 3, 19)


@pytest.fixture
def waiting(world):
    """Fifty gloves: forty lie there, ten come with the incoming supply."""
    order, shipments = confirmed(world, world.boris, (world.gloves, 50))
    return order, next(each for each in shipments if each.ready_on == world.incoming.due_on)


def slip(world, due_on=LATER):
    reschedule(world.incoming, due_on, now=world.now, on=world.today)
    return services.follow_reschedule(world.gloves.sku, now=world.now)


def test_a_later_day_is_promised_anew_and_the_first_promise_is_kept(world, waiting):
    order, shipment = waiting
    first = shipment.promised_on
    assert [each.pk for each in slip(world)] == [shipment.pk]
    shipment.refresh_from_db()
    assert shipment.ready_on == LATER and shipment.promised_on == first == order.lines.get().promised_on
    assert shipment.comes_on > LATER
    assert Reservation.objects.get(incoming=world.incoming).ready_on == LATER
    facts = Event.objects.get(name="shipment.slipped").facts
    assert (facts["was"], facts["comes_on"]) == (first.isoformat(), shipment.comes_on.isoformat())


def test_a_day_is_told_once_and_only_while_it_holds(world, waiting):
    slip(world)
    assert slip(world) == [] and Event.objects.filter(name="supply.rescheduled").count() == 1
    event = Event.objects.get(name="shipment.slipped")
    for _again in range(2):
        tasks.send_slip_notice(event.pk)
    [letter] = mail.outbox
    assert "10 x GLV-NIT-L" in letter.body
    slip(world, LATER + timedelta(days=7))
    mail.outbox.clear()
    tasks.send_slip_notice(event.pk)
    assert mail.outbox == []


def test_what_comes_early_again_keeps_its_first_promise_and_alarms_nobody(world, waiting):
    _order, shipment = waiting
    slip(world)
    assert slip(world, date(2026, 3, 12)) == []
    shipment.refresh_from_db()
    assert shipment.expected_on is None
    assert Event.objects.filter(name="shipment.slipped").count() == 1


def test_what_is_past_is_ready_the_next_day_and_what_came_is_refused(world, waiting):
    reschedule(world.incoming, world.today - timedelta(days=3), now=world.now, on=world.today)
    assert Reservation.objects.get(incoming=world.incoming).ready_on == world.today + timedelta(days=1)
    receive(world.incoming, now=world.now, on=world.today)
    with pytest.raises(SupplyRefused):
        reschedule(world.incoming, LATER, now=world.now, on=world.today)


def test_operations_change_the_day_in_the_admin(world, waiting, signed_in):
    supply = world.incoming
    data = {"number": supply.number, "warehouse": supply.warehouse_id, "product": supply.product_id,
            "quantity": supply.quantity, "due_on": LATER.isoformat()}  # fmt: skip
    answer = signed_in(world.otto).post(reverse("admin:availability_incomingsupply_change", args=[supply.pk]), data)
    assert answer.status_code == 302
    supply.refresh_from_db()
    event = Event.objects.get(name="supply.rescheduled")
    assert supply.due_on == LATER and event.actor_name == "Otto"
    assert Reservation.objects.get(incoming=supply).ready_on >= LATER
