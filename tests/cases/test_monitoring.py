"""What failed in the house: a case for whom it concerns, a line for operations, once; closed when it is healed."""

from datetime import timedelta

import pytest

from apps.accounts.selectors import actor_for
from apps.cases import services
from apps.cases.models import Case
from apps.cases.selectors import opening_notices, trouble_notices
from apps.cases.services.monitoring import watch_the_house
from apps.core.events import record
from apps.core.mail import compose
from apps.core.models import Event, ParkedReaction
from apps.fulfilment.models import CarrierMessage
from apps.invoicing.models import Receipt
from tests.feedback.deliveries import delivered

pytestmark = pytest.mark.django_db


def parked(world, task="apps.ordering.tasks.send_order_confirmation", account=True) -> ParkedReaction:
    order = delivered(world).order
    event = record(
        "order.noted", f"order:{order.number}", at=world.now, account_id=order.account_id if account else None
    )
    return ParkedReaction.objects.create(event=event, task_name=task, error="OSError: no", parked_at=world.now)


def received(world, account, **more) -> Receipt:
    return Receipt.objects.create(
        bank_reference=f"b{Receipt.objects.count()}", received_on=world.today - timedelta(days=3), amount="120.50",
        currency="GBP", account=account, **more,
    )  # fmt: skip


def message(world, hours=5, **body) -> CarrierMessage:
    at = world.now - timedelta(hours=hours)
    return CarrierMessage.objects.create(
        carrier="Northern Parcels", message_id="1", digest="x", channel="api", body=body, state="quarantined",
        reason="Not understood", received_at=at,
    )  # fmt: skip


def watch(world, **later) -> int:
    return watch_the_house(now=world.now + timedelta(**later))


def test_a_reaction_that_failed_for_good_is_one_case_of_its_account(world):
    row = parked(world)
    assert [watch(world), watch(world, hours=1)] == [1, 0]
    case = Case.objects.get()
    assert (case.account, case.order.number, case.origin, case.contact) == (
        world.brightwater, row.event.subject.partition(":")[2], "house", None,
    )  # fmt: skip
    assert case.messages.get().is_internal
    assert case.owner == world.sam
    assert [notice["to"] for notice in opening_notices(Event.objects.get(name="case.opened"))] == [world.sam.user.email]


def test_what_is_healed_closes_a_case_that_nobody_has_touched(world):
    row = parked(world)
    watch(world)
    row.delete()
    watch(world, hours=1)
    case = Case.objects.get()
    assert (case.status, case.awaits_proof) == ("resolved", False)
    assert "meantime" in case.resolution


def test_who_is_at_it_already_is_told_once(world):
    row = parked(world)
    watch(world)
    case = Case.objects.get()
    services.acknowledge(actor_for(world.sam.user), case, now=world.now)
    row.delete()
    for hours in (1, 2):
        watch(world, hours=hours)
    case.refresh_from_db()
    assert case.status == "acknowledged"
    assert case.messages.filter(body__contains="meantime").count() == 1


def test_what_concerns_no_account_is_told_to_operations_once(world):
    parked(world, "apps.insights.tasks.count_journey")
    received(world, None, payer_name="Somebody")
    message(world, shipment="SH-999")
    assert [watch(world), watch(world, hours=1)] == [3, 0]
    assert not Case.objects.exists()
    (notice,) = trouble_notices(Event.objects.get(name="troubles.noticed"))
    assert notice["to"] == world.otto.email
    told = {name: notice[name] for name in ("to", "template", "context", "language")}
    assert "Somebody" in compose(**told).body


def test_money_and_messages_of_an_account_are_cases_that_say_what_they_are_about(world):
    shipment = delivered(world)
    received(world, world.calder)
    received(world, world.calder, match="reference")
    message(world, shipment=shipment.number)
    watch(world)
    assert {(case.account, case.cause, case.shipment) for case in Case.objects.all()} == {
        (world.calder, "invoice", None), (world.brightwater, "delivery", shipment),
    }  # fmt: skip
    assert Case.objects.filter(title__contains="120.50").exists()


def test_what_is_fresh_is_left_to_whoever_is_at_it(world):
    message(world, hours=1)
    assert watch(world) == 0


def test_a_carrier_that_falls_silent_while_goods_are_with_it_is_told(world):
    shipment = delivered(world)
    type(shipment).objects.filter(pk=shipment.pk).update(status="shipped", carrier="Northern Parcels")
    CarrierMessage.objects.bulk_create(
        CarrierMessage(
            carrier="Northern Parcels", message_id=f"m{at}", digest="x", channel="api", body={}, state="applied",
            received_at=world.now - timedelta(days=3, hours=at),
        )
        for at in range(20)
    )  # fmt: skip
    assert [watch(world), watch(world, hours=1)] == [1, 0]
    assert Event.objects.get(name="trouble.noticed").subject.startswith("trouble:silent:Northern Parcels")
