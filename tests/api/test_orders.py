"""Orders of machines: placed once, decided like every order."""

from datetime import time, timedelta

import pytest
from django.utils import timezone

from apps.accounts.models import ShipTo
from apps.catalogue.models import ProductRelation
from apps.core.idempotency import GIVEN_UP_AFTER
from apps.core.models import IdempotentRequest
from apps.delivery.models import SlotWindow
from apps.ordering.models import Order, PaymentPlan
from apps.pricing.models import Coupon
from tests.api.keys import person

pytestmark = pytest.mark.django_db
ASKED = {"po_number": "PO-7", "lines": [{"code": "OIL-5L", "quantity": 2}, {"code": "blt m8 40", "quantity": 200}]}


@pytest.fixture
def body(world):
    return {"ship_to": world.dock.pk, **ASKED}


def test_an_order_is_placed_and_read(procurement, body):
    status, placed = procurement.post("orders", body, Idempotency_Key="k-1")
    assert status == 201
    assert [(line["sku"], line["quantity"], line["unit_price"]) for line in placed["lines"]] == [
        ("OIL-5L", 2, "32.4000"),
        ("BLT-M8-40", 200, "0.1600"),
    ]
    order = placed["order"]
    assert (order["status"], order["goods_net"], order["freight_net"], order["channel"]) == (
        "placed",
        "96.80",
        "6.90",
        "api",
    )
    assert all(line["promised_on"] for line in placed["lines"])
    assert procurement.get(f"orders/{order['number']}") == (200, placed)
    assert [each["number"] for each in procurement.get("orders", q="PO-7")[1]["orders"]] == [order["number"]]


def test_the_same_key_and_body_is_one_order_and_one_answer(procurement, body):
    first = procurement.post("orders", body, Idempotency_Key="k-1")
    assert procurement.post("orders", dict(reversed(body.items())), Idempotency_Key="k-1") == first
    assert Order.objects.count() == 1
    assert procurement.post("orders", body, Idempotency_Key="k-2")[1]["order"] != first[1]["order"]


def test_an_order_is_paid_by_a_plan_that_is_offered_and_by_no_other(procurement, body):
    PaymentPlan.objects.create(code="2X", name="Halves", kind="instalments", parts=2, fee_percent=1)
    status, placed = procurement.post("orders", body | {"payment": "2X"}, Idempotency_Key="k-1")
    assert (status, placed["order"]["fee_net"]) == (201, "1.04")
    status, said = procurement.post("orders", body | {"payment": "FREE"}, Idempotency_Key="k-2")
    assert (status, said["type"]) == (422, "urn:tradewell:problem:way_to_pay_refused")
    assert Order.objects.count() == 1


@pytest.fixture
def coupon(world):
    now = timezone.localdate()
    given = {"code": "SPRING-10", "name": "Ten off", "percent": 10, "limit": 1}
    return Coupon.objects.create(**given, valid_from=now - timedelta(1), valid_until=now + timedelta(1))


def test_a_coupon_is_told_with_the_prices_and_used_by_one_order(procurement, body, coupon):
    asked = {"coupon": " spring-10", "asks": body["lines"]}
    told = procurement.post("prices", asked)[1]
    assert told["coupon"] == {
        "code": "SPRING-10", "name": "Ten off", "saved": "9.68", "freight_up_to": "0.00", "missing": "0.00",
        "refused": "", "why": "",
    }  # fmt: skip
    assert [each["price"]["unit_price"] for each in told["answers"]] == ["29.1600", "0.1440"]

    status, placed = procurement.post("orders", body | {"coupon": " spring-10"}, Idempotency_Key="k-1")
    order = placed["order"]
    assert (status, order["coupon"], order["coupon_saved"], order["goods_net"]) == (201, "SPRING-10", "9.68", "87.12")
    assert {line["price_source"] for line in placed["lines"]} == {"coupon"}
    assert procurement.post("orders", body | {"coupon": " spring-10"}, Idempotency_Key="k-1") == (201, placed)
    coupon.refresh_from_db()
    assert coupon.used == 1

    told = procurement.post("prices", asked)[1]
    assert (told["coupon"]["refused"], told["answers"][0]["price"]["unit_price"]) == ("used_up", "32.4000")
    assert told["coupon"]["why"]


@pytest.mark.parametrize(
    ("change", "reason"), [({"used": 1}, "used_up"), ({"minimum_net": 97}, "below_minimum"), ({"code": "X"}, "unknown")]
)
def test_an_order_with_a_coupon_that_does_nothing_is_refused_whole(procurement, body, coupon, change, reason):
    Coupon.objects.update(**change)
    status, said = procurement.post("orders", body | {"coupon": "SPRING-10"}, Idempotency_Key="k-1")
    assert (status, said["type"], said["reason"]) == (422, "urn:tradewell:problem:coupon_refused", reason)
    assert "SPRING-10" in said["errors"]["coupon"][0]
    assert not Order.objects.exists()
    assert procurement.post("orders", body, Idempotency_Key="k-1")[1]["order"]["coupon"] == ""


def test_a_coupon_is_asked_about_for_an_account(world, coupon):
    asked = {"coupon": "SPRING-10", "asks": [{"code": "OIL-5L", "quantity": 1}]}
    status, said = person(world.rhea).post("prices", asked)
    assert (status, said["type"]) == (403, "urn:tradewell:problem:no_account_chosen")


def test_the_same_key_with_another_body_is_refused(procurement, body):
    procurement.post("orders", body, Idempotency_Key="k-1")
    status, said = procurement.post("orders", body | {"po_number": "PO-8"}, Idempotency_Key="k-1")
    assert (status, said["type"]) == (422, "urn:tradewell:problem:idempotency_key_reused")
    assert Order.objects.count() == 1


def test_a_request_in_flight_is_not_answered_twice_and_a_dead_one_can_be_taken_up(procurement, body):
    first = procurement.post("orders", body, Idempotency_Key="k-1")
    IdempotentRequest.objects.update(status=None, answer=None)
    assert procurement.post("orders", body, Idempotency_Key="k-1")[0] == 409
    claimed = IdempotentRequest.objects.get()
    claimed.created_at -= GIVEN_UP_AFTER
    claimed.save()
    assert procurement.post("orders", body, Idempotency_Key="k-1") == first
    assert Order.objects.count() == 1


def test_strangers_may_use_the_same_key(world, procurement, stranger, body):
    procurement.post("orders", body, Idempotency_Key="k-1")
    status, placed = stranger.post("orders", body | {"ship_to": world.calder_dock.pk}, Idempotency_Key="k-1")
    assert (status, placed["order"]["account"]) == (201, "AC-3")


@pytest.mark.parametrize("key", ["", "k" * 81])
def test_a_key_is_needed(procurement, body, key):
    status, said = procurement.post("orders", body, Idempotency_Key=key)
    assert (status, list(said["errors"])) == (422, ["Idempotency-Key"])


@pytest.mark.parametrize(
    ("change", "status", "word"),
    [
        ({"price": "0.01"}, 400, "price"),
        ({"status": "confirmed"}, 400, "status"),
        ({"lines": [{"code": "OIL-5L", "quantity": 1, "unit_price": "0.01"}]}, 400, "unit_price"),
        ({"lines": [{"code": "NOPE", "quantity": 1}]}, 422, "NOPE"),
        ({"lines": [{"code": "BLT-M8-40", "quantity": 150}]}, 422, "BLT-M8-40"),
        ({"lines": [{"code": "OIL-5L", "quantity": 1, "expected_price": "30.0000"}]}, 409, "32.4000"),
        ({"delivery_option": "teleport"}, 422, "delivery_option"),
        ({"requested_on": "2020-01-01"}, 422, "requested_on"),
        ({"requested_on": "9999-12-31"}, 422, "no later than"),
    ],
)
def test_a_refused_order_says_why_and_leaves_the_key_free(procurement, body, change, status, word):
    answered, said = procurement.post("orders", body | change, Idempotency_Key="k-1")
    assert (answered, said["status"]) == (status, status)
    assert word in str(said)
    assert not Order.objects.exists()
    assert procurement.post("orders", body, Idempotency_Key="k-1")[0] == 201


def test_a_po_number_is_one_line_whatever_was_sent(procurement, body):
    sent = body | {"po_number": " PO-7\r\nBcc: all@evil.example\u202e "}
    placed = procurement.post("orders", sent, Idempotency_Key="k-1")[1]
    assert placed["order"]["po_number"] == "PO-7 Bcc: all@evil.example"


def test_the_way_of_delivery_can_be_chosen(procurement, body):
    placed = procurement.post("orders", body | {"delivery_option": "express"}, Idempotency_Key="k-1")[1]
    assert placed["order"]["freight_net"] == "14.50"


def test_the_stranger_reads_no_orders_and_ships_to_no_dock_of_others(procurement, stranger, body):
    number = procurement.post("orders", body, Idempotency_Key="k-1")[1]["order"]["number"]
    absent, theirs = stranger.get("orders/SO-999"), stranger.get(f"orders/{number}")
    assert absent == theirs
    assert absent[0] == 404
    assert stranger.get("orders")[1]["orders"] == []
    assert stranger.post("orders", body, Idempotency_Key="k-9")[0] == 404


def test_a_buyer_over_the_limit_waits_for_an_approver_here_too(world, body):
    lines = [{"code": "DRL-18V", "quantity": 6}]
    status, placed = person(world.anna).post("orders", body | {"lines": lines}, Idempotency_Key="k-1")
    assert (status, placed["order"]["status"]) == (201, "awaiting_approval")
    assert placed["approvals"] == [{"reason": "spend_limit", "state": "waiting"}]


@pytest.mark.parametrize("role", ["rick", "fiona"])
def test_a_role_that_does_not_order_does_not_order_by_api(world, body, role):
    assert person(getattr(world, role)).post("orders", body, Idempotency_Key="k-1")[0] == 403
    assert not Order.objects.exists()


def test_who_sees_no_prices_reads_orders_without_them(world, procurement, body):
    number = procurement.post("orders", body, Idempotency_Key="k-1")[1]["order"]["number"]
    status, page = person(world.rick).get(f"orders/{number}")
    assert status == 200
    assert [page["order"][name] for name in ("goods_net", "freight_net", "tax", "gross")] == [None] * 4
    assert {(line["unit_price"], line["net"]) for line in page["lines"]} == {(None, None)}
    assert [order["gross"] for order in person(world.rick).get("orders")[1]["orders"]] == [None]


def test_our_own_systems_order_for_nobody(erp, carrier, body):
    assert erp.post("orders", body, Idempotency_Key="k-1")[0] == 403
    assert carrier.get("orders")[0] == 403


def test_a_time_slot_is_asked_for_and_ordered(procurement, body, world):
    SlotWindow.objects.create(option=world.express, weekdays="1234567", starts_at=time(9), ends_at=time(11), capacity=1)
    asks = [{"code": "OIL-5L", "quantity": 2}]
    _status, said = procurement.post("delivery-options", {"ship_to": world.dock.pk, "asks": asks})
    express = next(each for each in said["options"] if each["option"] == "express")
    slot = express["slots"][0]
    wanted = body | {"delivery_option": "express", "slot": slot["slot"]}

    status, placed = procurement.post("orders", wanted, Idempotency_Key="k-1")
    assert (status, placed["order"]["promised_on"], placed["order"]["is_complete"]) == (201, slot["day_on"], True)
    assert placed["order"]["slot_from"].startswith(slot["day_on"])
    status, said = procurement.post("orders", wanted, Idempotency_Key="k-2")
    assert (status, said["type"]) == (409, "urn:tradewell:problem:slot_taken")
    status, placed = procurement.post("orders", body, Idempotency_Key="k-3")
    assert (status, placed["order"]["slot_from"]) == (201, None)


def test_the_date_that_is_asked_for_is_the_date_that_is_promised(procurement, body, world):
    asks = [{"code": line["code"], "quantity": line["quantity"]} for line in body["lines"]]
    _status, said = procurement.post("availability", {"ship_to": world.dock.pk, "asks": asks})
    _status, options = procurement.post("delivery-options", {"ship_to": world.dock.pk, "asks": asks})
    _status, placed = procurement.post("orders", body, Idempotency_Key="k-1")

    promised = [line["promised_on"] for line in placed["lines"]]
    assert [each["arrives_on"] for each in said["answers"]] == promised
    assert options["options"][0]["arrives_on"] == max(promised) == placed["order"]["promised_on"]


def test_a_wished_day_that_cannot_be_says_why_and_what_would_meet_it(procurement, world):
    ProductRelation.objects.create(product=world.drill, other=world.oil, kind="substitute")
    oil, drills = {"code": "OIL-5L", "quantity": 2}, {"code": "DRL-18V", "quantity": 3}

    def options(*asks, **more):
        wanted = {"ship_to": world.dock.pk, "asks": asks} | more
        status, said = procurement.post("delivery-options", wanted)
        return status, {each["option"]: each for each in said["options"]} if status == 200 else said

    _status, alone = options(oil)
    _status, both = options(oil, drills)  # two of the drills come from their maker
    wished = alone["standard"]["arrives_on"]
    assert both["standard"]["unmet"] is None
    status, said = options(oil, drills, requested_on=wished)
    unmet = said["standard"]["unmet"]
    assert (status, unmet["wished_on"], unmet["in_time"], unmet["options_in_time"]) == (200, wished, 1, [])
    assert [(line["sku"], line["substitutes"]) for line in unmet["late"]] == [("DRL-18V", ["OIL-5L"])]
    assert unmet["arrives_on"] == unmet["late"][0]["arrives_on"] > wished
    _status, said = options(oil, drills, requested_on=unmet["arrives_on"])
    assert said["standard"]["unmet"] is None
    sooner = alone["express"]["arrives_on"]
    assert sooner < wished
    _status, said = options(oil, requested_on=sooner)
    assert (said["standard"]["unmet"]["options_in_time"], said["express"]["unmet"]) == (["express"], None)
    for day in ("2020-01-01", "2099-01-01"):
        status, refused = options(oil, requested_on=day)
        assert (status, list(refused["errors"])) == (422, ["requested_on"])


@pytest.fixture
def site(world):
    return ShipTo.objects.create(
        account=world.brightwater,
        code="HUL",
        name="Hull site",
        street="2 Dock Road",
        postal_code="HU1 1AA",
        city="Hull",
    )


def test_lines_go_to_ship_tos_of_their_own_in_one_order(world, procurement, body, site):
    lines = [*body["lines"], {"code": "OIL-5L", "quantity": 1, "ship_to": site.pk}]
    deliveries = [{"ship_to": site.pk, "delivery_option": "express"}]
    status, placed = procurement.post("orders", body | {"lines": lines, "deliveries": deliveries}, Idempotency_Key="k")

    assert status == 201
    found = [(each["delivery_option"], each["lines"], each["charge"]) for each in placed["deliveries"]]
    assert found == [("standard", [1, 2], "6.90"), ("express", [3], "14.50")]
    assert [(line["sku"], line["quantity"]) for line in placed["lines"]] == [
        ("OIL-5L", 2), ("BLT-M8-40", 200), ("OIL-5L", 1),
    ]  # fmt: skip
    assert placed["lines"][2]["ship_to"].startswith("Hull")
    assert placed["order"]["freight_net"] == "21.40"
    assert Order.objects.count() == 1


def test_without_a_word_each_delivery_goes_by_the_first_way_that_can_be_chosen(procurement, body, site):
    lines = [{**line, "ship_to": site.pk} for line in body["lines"][:1]] + body["lines"][1:]
    status, placed = procurement.post("orders", body | {"lines": lines}, Idempotency_Key="k")

    assert (status, [each["delivery_option"] for each in placed["deliveries"]]) == (201, ["standard", "standard"])


@pytest.mark.parametrize("of", ["calder_dock", "leeds_dock"])
def test_a_line_goes_to_nobody_elses_address(world, procurement, body, of):
    lines = [body["lines"][0] | {"ship_to": getattr(world, of).pk}]
    status, said = procurement.post("orders", body | {"lines": lines}, Idempotency_Key="k")

    assert (status, said["type"]) == (404, "urn:tradewell:problem:ship_to_unknown")
    assert not Order.objects.exists()
