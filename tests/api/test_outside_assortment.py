"""Machines of an account: what is outside its assortment is unknown to them, order history excepted."""

import pytest

from apps.catalogue.models import AssortmentRule
from apps.ordering.models import Order

pytestmark = pytest.mark.django_db


@pytest.fixture
def shut(world):
    """Brightwater may not buy oil."""

    def forbid():
        AssortmentRule.objects.create(effect="exclude", category=world.oil.category, tree=world.brightwater)

    return forbid


def order(machine, world, code, key):
    body = {"ship_to": world.dock.pk, "lines": [{"code": code, "quantity": 1}]}
    return machine.post("orders", body, Idempotency_Key=key)


def test_products(shut, procurement, stranger):
    shut()
    status, said = procurement.get("products/OIL-5L")
    unknown_status, unknown = procurement.get("products/OIL-9L")
    assert (status, said["type"], said["title"]) == (unknown_status, unknown["type"], unknown["title"])
    assert status == 404
    assert procurement.get("products", q="hydraulic oil")[1]["total"] == 0
    assert procurement.get("products", category="lubricants")[0] == 404
    assert stranger.get("products/OIL-5L")[0] == 200
    assert stranger.get("products", q="hydraulic oil")[1]["total"] == 1


@pytest.mark.parametrize("path", ["prices", "availability"])
def test_prices_and_dates(shut, procurement, stranger, path):
    shut()
    asks = {"asks": [{"code": code, "quantity": 1} for code in ("OIL-5L", "OIL-9L", "DRL-18V")]}
    mine, unknown, other = procurement.post(path, asks)[1]["answers"]
    assert {**mine, "code": ""} == {**unknown, "code": ""}
    assert (mine["problem"], other["problem"]) == ("unknown_code", None)
    assert stranger.post(path, asks)[1]["answers"][0]["sku"] == "OIL-5L"


def test_delivery_options(world, shut, procurement):
    shut()
    ask = {"ship_to": world.dock.pk, "asks": [{"code": "OIL-5L", "quantity": 1}]}
    assert procurement.post("delivery-options", ask)[0] == 422


def test_orders_are_refused_and_past_ones_read(world, shut, procurement):
    status, made = order(procurement, world, "OIL-5L", "k1")
    assert status == 201
    shut()
    refused, unknown = (order(procurement, world, code, code) for code in ("OIL-5L", "OIL-9L"))
    assert (refused[0], refused[1]["type"]) == (unknown[0], unknown[1]["type"])
    assert refused[0] == 422
    assert Order.objects.count() == 1
    lines = procurement.get(f"orders/{made['order']['number']}")[1]["lines"]
    assert [line["sku"] for line in lines] == ["OIL-5L"]
