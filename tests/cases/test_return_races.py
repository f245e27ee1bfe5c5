"""Many at once: no piece comes back twice, and nothing is credited twice."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.availability.models import StockLevel
from apps.cases.models import Return, ReturnReceipt
from apps.cases.services import returns as services
from apps.cases.services.returns import Arrived, Wanted
from apps.core.errors import Refusal
from apps.core.scoping import SYSTEM
from apps.fulfilment.services import confirm_delivery
from apps.invoicing.models import Invoice
from apps.invoicing.services import issue_invoice
from apps.ordering.errors import NotLeftToReturn
from apps.ordering.services.returning import free_from_return, hold_for_return
from tests.ordering.test_races import at_once
from tests.ordering.trade import actor, shipped
from tests.world import build

pytestmark = [pytest.mark.django_db(transaction=True)]


def test_the_last_piece_comes_back_once_is_received_once_and_credited_once():
    world = build()
    world.now = timezone.now() - timedelta(minutes=5)
    order, shipments = shipped(world, world.boris, (world.drill, 1))
    for shipment in shipments:
        confirm_delivery(SYSTEM, shipment, received_by="Rick", delivered_at=world.now, now=world.now)
        issue_invoice(shipment.pk, now=world.now)
    wanted = {order.lines.get().pk: Wanted(1, "damaged")}

    def ask(who_and_key):
        who, key = who_and_key
        return services.ask_return(actor(who), order, wanted, key=key, now=world.now)

    held = at_once(lambda _one: hold_for_return({order.lines.get().pk: 1}), range(4))
    assert sum(isinstance(each, NotLeftToReturn) for each in held) == 3
    free_from_return({order.lines.get().pk: 1})
    asked = at_once(ask, [(world.boris, "b"), (world.rick, "r"), (world.boris, "b"), (world.rick, "r")])
    shown = Return.objects.get()
    assert sum(isinstance(each, Refusal) for each in asked) == 2
    line = shown.lines.get()
    before = StockLevel.objects.get(product=world.drill, warehouse=world.north).on_hand

    def receive(key):
        arrived = [Arrived(line.pk, 1, "as_new", "restock")]
        return services.receive_return(actor(world.otto), shown, arrived, key=key, now=world.now)

    at_once(receive, ["same", "same", "other", "another"])
    assert ReturnReceipt.objects.count() == 1
    assert StockLevel.objects.get(product=world.drill, warehouse=world.north).on_hand == before + 1
    at_once(lambda _time: services.credit_return(SYSTEM, shown, now=world.now), range(4))
    assert Invoice.objects.filter(kind="credit_note").count() == 1
    order_line = order.lines.get()
    assert (order_line.returned_quantity, order_line.returning_quantity) == (1, 0)
