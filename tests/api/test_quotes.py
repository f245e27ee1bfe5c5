"""Quotes are read, and blanket orders called off, by machines."""

from datetime import time, timedelta

from django.utils import timezone

from apps.accounts.models import ShipTo
from apps.delivery.models import SlotWindow
from apps.ordering.models import BlanketOrder, Order
from apps.ordering.services import quotes
from tests.api.keys import machine
from tests.ordering.trade import actor


def test_a_quote_with_every_round(world, procurement, stranger):
    lines = [(world.bolt.pk, 1000)]
    quote = quotes.request_quote_for(actor(world.anna), lines=lines, message="please", now=world.now)
    price = {quote.lines.get().pk: quote.lines.get().current_price / 2}
    quotes.offer_quote(actor(world.rhea), quote, prices=price, valid_until=world.today, now=world.now)
    [found] = procurement.get("quotes")[1]["quotes"]
    assert (found["number"], found["status"], found["round"]) == (quote.number, "offered", 1)
    status, page = procurement.get(f"quotes/{quote.number}")
    told = [(turn["kind"], turn["side"], [(one["unit_price"], one["moved"]) for one in turn["prices"]])
            for turn in page["exchange"]]  # fmt: skip
    assert (status, told) == (200, [("requested", "buyer", []), ("offered", "rep", [("0.0700", "down")])])
    assert page["lines"][0]["price_when_asked"] == "0.1400"
    assert stranger.get(f"quotes/{quote.number}")[0] == 404 and stranger.get("quotes")[1]["quotes"] == []


def test_a_blanket_order_is_called_off_once_for_a_key(world, procurement, stranger):
    today = timezone.localdate()
    blanket = BlanketOrder.objects.create(
        number="BO-7", account=world.brightwater, name="Oil", currency="GBP", starts_on=today,
        ends_on=today + timedelta(days=99), made_at=world.now,
    )  # fmt: skip
    blanket.lines.create(product=world.oil, unit_price=30, agreed=10)
    body = {"ship_to": world.dock.pk, "lines": [{"code": "OIL-5L", "quantity": 4}]}
    made = [procurement.post("blanket-orders/BO-7/call-offs", body, Idempotency_Key="one") for _time in range(2)]
    assert made[0] == made[1] and made[0][0] == 201
    [line] = made[0][1]["lines"]
    assert (line["unit_price"], line["price_source"]) == ("30.0000", "blanket")
    [shown] = procurement.get("blanket-orders")[1]["blanket_orders"]
    assert [(one["agreed"], one["called_off"], one["left"]) for one in shown["lines"]] == [(10, 4, 6)]
    too_much = procurement.post(
        "blanket-orders/BO-7/call-offs", body | {"lines": [{"code": "OIL-5L", "quantity": 7}]}, Idempotency_Key="two"
    )
    assert too_much[0] == 422 and too_much[1]["type"].endswith(":call_off_refused")
    other = body | {"lines": [{"code": "GLV-NIT-L", "quantity": 1}]}
    assert procurement.post("blanket-orders/BO-7/call-offs", other, Idempotency_Key="three")[0] == 422
    assert stranger.post("blanket-orders/BO-7/call-offs", body, Idempotency_Key="four")[0] == 404
    assert machine(world, "erp").get("blanket-orders/BO-7")[0] == 200
    assert Order.objects.count() == 1


def test_a_call_off_goes_in_a_slot_and_one_that_is_taken_is_refused(world, procurement):
    van = SlotWindow.objects.create(
        option=world.express, weekdays="1234567", starts_at=time(9), ends_at=time(11), capacity=1
    )
    today = timezone.localdate()
    blanket = BlanketOrder.objects.create(
        number="BO-7", account=world.brightwater, name="Oil", currency="GBP", starts_on=today,
        ends_on=today + timedelta(days=99), made_at=world.now,
    )  # fmt: skip
    line = blanket.lines.create(product=world.oil, unit_price=30, agreed=10)
    lines = [{"code": "OIL-5L", "quantity": 2}]
    _status, said = procurement.post("delivery-options", {"ship_to": world.dock.pk, "asks": lines})
    slot = next(each for each in said["options"] if each["slots"])["slots"][0]
    body, there = {"ship_to": world.dock.pk, "lines": lines, "slot": slot["slot"]}, "blanket-orders/BO-7/call-offs"

    status, placed = procurement.post(there, body, Idempotency_Key="one")
    assert (status, placed["order"]["promised_on"]) == (201, slot["day_on"])
    assert placed["order"]["slot_from"].startswith(slot["day_on"])
    status, said = procurement.post(there, body | {"delivery_option": "express"}, Idempotency_Key="two")
    assert (status, said["type"]) == (409, "urn:tradewell:problem:slot_taken")
    assert "The next free ones are" in said["detail"]
    line.refresh_from_db()
    assert (line.called, Order.objects.count(), van.slots.get().booked) == (2, 1, 1)


def test_no_way_there_says_which_there_are_and_why_not(world, procurement):
    body = {"ship_to": world.dock.pk, "lines": [{"code": "OIL-5L", "quantity": 2}], "delivery_option": "rocket"}
    status, said = procurement.post("orders", body, Idempotency_Key="one")
    assert (status, said["detail"]) == (
        422, "There is no such delivery option for this order. There are: standard and express.",
    )  # fmt: skip
    ShipTo.objects.update(receiving_days="7")
    status, said = procurement.post("orders", body, Idempotency_Key="two")
    assert status == 422 and "standard: It does not run on any day on which you receive goods." in said["detail"]
    assert not Order.objects.exists()
