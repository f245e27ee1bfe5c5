"""The ERP reports stock and prices with its own key."""

import pytest

from apps.availability.models import StockLevel
from apps.core.models import Feed
from apps.pricing.models import Price

pytestmark = pytest.mark.django_db
STOCK = {"rows": [{"sku": "BLT-M8-40", "warehouse": "LDS", "on_hand": 4_000, "version": 7}]}
PRICES = {"rows": [{"sku": "OIL-5L", "price_list": "BASE", "unit_price": "33.5000", "version": 7}]}


def on_hand(world) -> int:
    return StockLevel.objects.get(product=world.bolt, warehouse=world.north).on_hand


def test_stock_is_reported(world, erp):
    status, answer = erp.post("stock-feed", STOCK, Idempotency_Key="1")
    assert (status, answer["applied"], answer["read"]) == (200, 1, 1)
    assert on_hand(world) == 4_000
    assert Feed.objects.get().source == "API 1"


def test_prices_are_reported(world, erp):
    status, answer = erp.post("price-feed", PRICES, Idempotency_Key="1")
    assert (status, answer["applied"]) == (200, 1)
    assert Price.objects.filter(product=world.oil, unit_price="33.5").count() == 1


def test_what_is_unknown_or_unreadable_is_said_and_the_rest_is_applied(world, erp):
    rows = [*STOCK["rows"], {"sku": "NO-SUCH", "warehouse": "LDS", "on_hand": 1}, {"sku": "OIL-5L"}]
    status, answer = erp.post("stock-feed", {"rows": rows}, Idempotency_Key="1")
    assert (status, answer["applied"], answer["unknown_sku"], answer["unreadable"]) == (200, 1, 1, 1)
    assert answer["samples"]["unknown_sku"] == ["NO-SUCH"]


def test_the_same_call_again_gets_the_same_answer_and_another_under_its_key_is_refused(world, erp):
    first = erp.post("stock-feed", STOCK, Idempotency_Key="1")
    assert erp.post("stock-feed", STOCK, Idempotency_Key="1") == first
    assert Feed.objects.count() == 1
    other = {"rows": [{**STOCK["rows"][0], "on_hand": 1}]}
    status, problem = erp.post("stock-feed", other, Idempotency_Key="1")
    assert (status, problem["type"]) == (422, "urn:tradewell:problem:idempotency_key_reused")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"rows": []}, 400),
        ({"rows": "all"}, 400),
        ({"rows": [1]}, 400),
        ({"rows": STOCK["rows"] * 5_001}, 400),
        ({**STOCK, "full": True}, 400),
    ],
    ids=["nothing", "no rows", "no list", "no object", "too many", "an unknown field"],
)
def test_another_body_is_refused_and_changes_nothing(world, erp, body, status):
    assert erp.post("stock-feed", body, Idempotency_Key="1")[0] == status
    assert on_hand(world) == 5_000


def test_a_call_without_a_key_of_its_own_is_refused(world, erp):
    assert erp.post("stock-feed", STOCK)[0] == 422


@pytest.mark.parametrize("who", ["procurement", "carrier"])
@pytest.mark.parametrize(("path", "body"), [("stock-feed", STOCK), ("price-feed", PRICES)])
def test_nobody_else_reports(world, request, who, path, body):
    assert request.getfixturevalue(who).post(path, body, Idempotency_Key="1")[0] == 403
    assert on_hand(world) == 5_000
