"""Returns are asked for and followed by machines."""

import pytest

from apps.cases.models import Return
from tests.api.keys import machine
from tests.cases.test_returns import delivered


@pytest.fixture
def order(world):
    return delivered(world, (world.gloves, 10))


def test_what_can_come_back_is_asked_for_once_for_a_key(world, order, procurement, stranger):
    status, found = procurement.get(f"orders/{order.number}/returnable")
    [line] = found["lines"]
    options = {option["reason"]: option for option in line["options"]}
    assert (status, line["left"], line["why_not"]) == (200, 10, "")
    assert options["changed_mind"]["fee_percent"] == "15.00" and options["changed_mind"]["is_possible"]
    assert options["damaged"]["we_pay_freight"] and "free of charge" in options["damaged"]["words"].lower()
    body = {"order": order.number, "lines": [{"position": 1, "quantity": 3, "reason": "wrong_item"}]}
    made = [procurement.post("returns", body, Idempotency_Key="one") for _time in range(2)]
    assert made[0] == made[1] and made[0][0] == 201 and Return.objects.count() == 1
    told = made[0][1]
    assert (told["status"], told["lines"][0]["approved_quantity"], told["we_pay_freight"]) == ("approved", 3, True)
    assert procurement.get(f"returns/{told['number']}")[1] == told
    assert procurement.get("returns?status=open")[1]["returns"] == [told]
    other = body | {"lines": [{"position": 1, "quantity": 4, "reason": "wrong_item"}]}
    assert procurement.post("returns", other, Idempotency_Key="one")[0] == 422
    for read in (f"returns/{told['number']}", f"orders/{order.number}/returnable"):
        assert stranger.get(read)[0] == 404
    assert stranger.get("returns")[1]["returns"] == []
    assert stranger.post("returns", body, Idempotency_Key="one")[0] == 404
    assert machine(world, "erp").post("returns", body, Idempotency_Key="e")[0] == 403


@pytest.mark.parametrize(
    ("change", "status", "kind"),
    [
        ({"lines": [{"position": 1, "quantity": 11, "reason": "damaged"}]}, 409, "not_left_to_return"),
        ({"lines": [{"position": 9, "quantity": 1, "reason": "damaged"}]}, 422, "return_refused"),
        ({"lines": [{"position": 1, "quantity": 1, "reason": "damaged"}] * 2}, 422, "invalid"),
        ({"lines": [{"position": 1, "quantity": 1, "reason": "bored"}]}, 400, ""),
        ({"lines": [{"position": 1, "quantity": 0, "reason": "damaged"}]}, 400, ""),
        ({"status": "approved"}, 400, ""),
        ({"order": "SO-0"}, 404, "order_not_found"),
    ],
)
def test_what_cannot_come_back_is_refused_and_changes_nothing(order, procurement, change, status, kind):
    body = {"order": order.number, "lines": [{"position": 1, "quantity": 1, "reason": "damaged"}]} | change
    found, problem = procurement.post("returns", body, Idempotency_Key="one")
    assert found == status and problem["type"].endswith(kind) and not Return.objects.exists()
    assert procurement.post("returns", body)[0] == 422  # without a key
