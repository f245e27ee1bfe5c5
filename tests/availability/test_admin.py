"""Operations count and receive in the admin."""

import pytest
from django.urls import reverse

from apps.availability import services
from apps.availability.models import IncomingSupply, StockLevel
from apps.availability.rules import Demand
from apps.core.models import Event


@pytest.fixture
def otto(world, signed_in):
    return signed_in(world.otto)


def run(client, model, action, rows, **fields):
    data = {"action": action, "_selected_action": [row.pk for row in rows], **fields}
    answer = client.post(reverse(f"admin:availability_{model}_changelist"), data, follow=True)
    return [str(message) for message in answer.context["messages"]]


@pytest.mark.parametrize("model", ["warehouse", "stocklevel", "incomingsupply", "supplieroffer", "reservation"])
def test_every_list_opens_at_a_constant_number_of_queries(world, otto, model, django_assert_max_num_queries):
    services.reserve([Demand("SO-1/1", world.gloves.pk, 60)], on=world.today)
    with django_assert_max_num_queries(12):
        answer = otto.get(reverse(f"admin:availability_{model}_changelist"))
    assert answer.status_code == 200


def test_receiving(world, otto):
    assert run(otto, "incomingsupply", "receive", [world.incoming]) == ["1 delivery received."]
    assert run(otto, "incomingsupply", "receive", [world.incoming]) == ["PO-1-1 has been received already."]

    assert StockLevel.objects.get(warehouse=world.north, product=world.gloves).on_hand == 240
    assert IncomingSupply.objects.get().received_on is not None
    assert Event.objects.get(name="supply.received").actor_name == "Otto"


def test_counting(world, otto):
    stock = StockLevel.objects.get(warehouse=world.north, product=world.gloves)
    services.reserve([Demand("SO-1/1", world.gloves.pk, 30)], on=world.today)

    assert run(otto, "stocklevel", "set_counted", [stock], counted="35", reason="count") == ["1 stock level set."]
    assert Event.objects.get(name="stock.adjusted").facts == {"was": 40, "on_hand": 35, "reason": "count"}
    assert run(otto, "stocklevel", "set_counted", [stock], counted="29") == [
        "GLV-NIT-L in Leeds: 30 are reserved, fewer cannot be on hand."
    ]
    assert run(otto, "stocklevel", "set_counted", [stock], counted="-3") == [
        "Say how many were counted, beside the action."
    ]
    stock.refresh_from_db()
    assert stock.on_hand == 35
