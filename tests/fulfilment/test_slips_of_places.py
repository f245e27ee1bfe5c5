"""An order goes to two places, and what is for one of them comes late: the other is left alone."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from apps.accounts.models import ShipTo
from apps.availability.services import reschedule
from apps.core.models import Event
from apps.core.scoping import SYSTEM
from apps.fulfilment import tasks
from apps.fulfilment.models import Shipment, Slip
from apps.fulfilment.services import answer_slip, follow_supply, plan_shipments
from apps.ordering.models import CartLine
from apps.ordering.rules.deliveries import DeliveryWish
from apps.ordering.services import confirm_order
from apps.ordering.services.splitting import split_line
from tests.ordering.trade import actor, fill, place


@pytest.fixture
def hull(world):
    """Brightwater's second place."""
    return ShipTo.objects.create(
        account=world.brightwater, code="HUL", name="Hull site", street="2 Dock Road", postal_code="HU1 1AA",
        city="Hull",
    )  # fmt: skip


def late(world, hull, *more, here=30, there=20, is_complete=None):
    """Forty of fifty gloves lie there, and the dock is served first: the last ten, for Hull, come a week late."""
    fill(world, world.boris, (world.gloves, here + there), *more)
    lines = CartLine.objects.filter(cart__contact=world.boris)
    shares = {world.gloves: there, world.oil: 2}
    for line in lines.select_related("product"):
        if line.product in shares:
            split_line(actor(world.boris), line.pk, {hull.pk: shares[line.product]}, main=world.dock.pk, now=world.now)
    wish = DeliveryWish(hull.pk, world.express.pk, is_complete=is_complete)
    order = place(world, world.boris, key="two places", further=[wish], is_complete=is_complete)
    order = confirm_order(SYSTEM, order, now=world.now)
    plan_shipments(order.pk, now=world.now)
    reschedule(world.incoming, world.incoming.due_on + timedelta(days=7), now=world.now, on=world.today)
    before = going(order, None)
    follow_supply(world.gloves.sku, because="supply_late", now=world.now)
    assert going(order, None) == before
    return order


def going(order, destination):
    """What leaves for one place, and when."""
    planned = Shipment.objects.filter(order=order, destination=destination, status="planned").order_by(
        "ready_on", "pk", "lines"
    )
    about = ("number", "ready_on", "promised_on", "expected_on", "warehouse", "lines__order_line", "lines__quantity")
    return list(planned.values_list(*about))


def choose(world, order, choice, **more):
    slip = order.slips.get(order_line__sku="GLV-NIT-L", ended_at=None)
    return answer_slip(
        actor(world.boris), order, slip.order_line.position, choice, comes_on=slip.comes_on, now=world.now, **more
    )


def test_the_slip_is_of_the_line_that_goes_there_and_its_day_that_of_its_own_way(world, hull):
    order = late(world, hull)
    [there] = order.destinations.all()
    [slip] = Slip.objects.select_related("order_line__destination", "order")
    assert (slip.quantity, slip.goes, slip.first_on) == (10, there, slip.order_line.promised_on)
    last = Shipment.objects.filter(destination=there).order_by("ready_on").last()
    assert last.expected_on == slip.comes_on == last.ready_on + timedelta(days=1)  # express
    assert {each.expected_on for each in Shipment.objects.filter(order=order).exclude(pk=last.pk)} == {None}


def test_letter_page_desk_and_api_name_the_place(world, hull, signed_in):
    order = late(world, hull)
    tasks.send_slip_notice(Event.objects.get(name="order.slipped").pk)
    [letter] = mail.outbox
    assert "10 x GLV-NIT-L" in letter.body and "To Hull site" in letter.body and "Main dock" not in letter.body
    assert "To <bdi>Hull site</bdi>" in letter.alternatives[0][0]
    page = signed_in(world.boris).get(reverse("portal:later", args=[order.number])).content.decode()
    assert "<bdi>Hull site</bdi>" in page and "Main dock" not in page
    assert "To <bdi>Hull site</bdi>" in signed_in(world.rhea).get(reverse("workspace:slips")).content.decode()


def test_to_send_what_is_there_splits_the_delivery_to_that_place_alone(world, hull):
    order = late(world, hull, (world.drill, 3), is_complete=True)
    [there] = order.destinations.all()
    here = going(order, None)
    assert len({day for _number, day, *_rest in here}) == len({each[1] for each in going(order, there)}) == 1
    choose(world, order, "split")
    assert going(order, None) == here
    assert len({each[1] for each in going(order, there)}) == 2


def test_something_else_instead_goes_to_that_place_free(world, hull):
    order = late(world, hull)
    [there] = order.destinations.all()
    here = going(order, None)
    slip = choose(world, order, "substitute", product_id=world.bolt.pk, quantity=100)
    assert (slip.substitute.ship_to, slip.substitute.delivery_option, slip.substitute.freight_net) == (
        hull, there.delivery_option, 0
    )  # fmt: skip
    assert order.lines.get(destination=there).quantity == 10
    assert order.lines.get(destination=None).quantity == 30 and going(order, None) == here


def test_with_the_last_piece_called_off_the_place_costs_nothing_more(world, hull):
    order = late(world, hull, here=40, there=10)
    [there] = order.destinations.all()
    here, freight = going(order, None), order.freight_net - there.freight_net
    assert there.freight_net > 0
    choose(world, order, "cancel")
    order.refresh_from_db()
    there.refresh_from_db()
    assert (order.freight_net, there.freight_net, there.promised_on) == (freight, 0, None)
    assert going(order, there) == [] and going(order, None) == here
    assert order.promised_on == order.lines.get(destination=None).promised_on
