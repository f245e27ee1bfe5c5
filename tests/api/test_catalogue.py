"""Products, prices and dates for machines."""

import pytest

from apps.accounts.selectors import actor_for
from apps.catalogue.models import PackagingUnit, ProductCode
from apps.catalogue.rules import normal_code
from apps.catalogue.services import set_part_number
from tests.api.keys import machine, person

pytestmark = pytest.mark.django_db


def test_products_are_found_by_words_and_codes_page_by_page(procurement):
    status, page = procurement.get("products", q="bolt", size=1)
    assert status == 200
    assert (page["total"], page["more"], len(page["products"])) == (2, False, 1)
    _status, following = procurement.get("products", q="bolt", size=1, after=page["next"])
    assert {page["products"][0]["sku"], following["products"][0]["sku"]} == {"BLT-M8-40", "BLT-M8-60"}
    _status, back = procurement.get("products", q="bolt", size=1, before=following["previous"])
    assert back["products"] == page["products"]
    _status, coded = procurement.get("products", q="4006381333931")
    assert coded["products"][0]["url"] == "/api/v1/products/BLT-M8-40"
    assert procurement.get("products", q="hydralic")[1]["corrected"] == "hydraulic"


def test_one_product_has_everything_about_it(world, procurement):
    set_part_number(actor_for(world.anna.user), world.bolt, "BW-12", world.now)
    status, page = procurement.get("products/BLT-M8-40")
    assert status == 200
    assert (page["product"]["minimum_quantity"], page["mpn"], page["part_number"]) == (100, "TV-M8X40", "BW-12")
    assert page["categories"] == ["Fasteners", "Hex bolts"]
    assert page["substitutes"] == [{"sku": "BLT-M8-60", "name": "Hex bolt M8 x 60 zinc plated", "note": "20 mm longer"}]
    assert {"code": "length", "name": "Length", "value": 40, "unit": "mm"} in page["specifications"]


def test_prices_say_where_they_come_from_and_what_was_passed_over(procurement):
    asks = [{"code": "blt m8 40", "quantity": 500}, {"code": "NOPE", "quantity": 1}]
    status, said = procurement.post("prices", {"on": "2026-03-04", "asks": asks})
    assert status == 200
    bolt, unknown = said["answers"]
    assert (bolt["sku"], bolt["price"]["unit_price"], bolt["price"]["source"]) == ("BLT-M8-40", "0.1600", "contract")
    assert bolt["price"]["next_break"] == {"min_quantity": 1000, "unit_price": "0.1400", "in_packs": None}
    passed_over = [(p["source"], p["unit_price"], p["why"]) for p in bolt["price"]["passed_over"]]
    assert ("list", "0.1800", "higher") in passed_over
    assert ("contract", "0.1400", "not_reached") in passed_over
    assert (unknown["sku"], unknown["problem"], unknown["price"]) == (None, "unknown_code", None)


def test_breaks_are_told_in_whole_cartons(world, procurement):
    PackagingUnit.objects.create(product=world.bolt, name="Carton", quantity=200)
    asks = [{"code": "BLT-M8-40", "quantity": 100}]
    [bolt] = procurement.post("prices", {"on": "2026-03-04", "asks": asks})[1]["answers"]
    assert bolt["price"]["next_break"]["in_packs"] == {"count": 5, "name": "Carton"}
    assert bolt["price"]["breaks"][0]["in_packs"] is None


def test_an_ambiguous_code_is_not_guessed(world, procurement):
    for product in (world.oil, world.drill):
        ProductCode.objects.create(product=product, kind="competitor", code="X-1", normal=normal_code("X-1"))
    [answer] = procurement.post("prices", {"asks": [{"code": "x1", "quantity": 1}]})[1]["answers"]
    assert (answer["problem"], sorted(answer["candidates"])) == ("ambiguous_code", ["DRL-18V", "OIL-5L"])


def test_every_line_gets_a_date(world, procurement):
    asks = [{"code": "GLV-NIT-L", "quantity": 40}, {"code": "GLV-NIT-L", "quantity": 100}]
    status, said = procurement.post("availability", {"asks": asks})
    assert status == 200
    now, later = (answer["promise"] for answer in said["answers"])
    assert (now["short"], now["lots"][0]["source"]) == (0, "stock")
    assert (later["on_hand"], later["short"]) == (40, 60)
    assert later["ready_on"] >= now["ready_on"]
    assert all(answer["arrives_on"] for answer in said["answers"])


def test_delivery_options_have_charges_and_dates(world, procurement):
    wanted = {"ship_to": world.dock.pk, "asks": [{"code": "OIL-5L", "quantity": 2}]}
    status, said = procurement.post("delivery-options", wanted)
    assert status == 200
    assert {option["option"]: option["charge"] for option in said["options"]} == {
        "standard": "6.90",
        "express": "14.50",
    }


@pytest.mark.parametrize("path", ["prices", "availability"])
@pytest.mark.parametrize("asks", [1, 60])
def test_queries_do_not_grow_with_asks(world, procurement, path, asks, django_assert_max_num_queries):
    codes = ["BLT-M8-40", "BLT-M8-60", "GLV-NIT-L", "DRL-18V", "OIL-5L", "SVC-CUT"]
    body = {"asks": [{"code": codes[n % 6], "quantity": 100 * (n + 1)} for n in range(asks)]}
    procurement.post(path, body)
    with django_assert_max_num_queries(16):
        assert procurement.post(path, body)[0] == 200


def test_another_accounts_prices_and_numbers_are_its_own(world, stranger):
    set_part_number(actor_for(world.anna.user), world.bolt, "BW-12", world.now)
    asks = [{"code": "BLT-M8-40", "quantity": 500}, {"code": "BW-12", "quantity": 100}]
    bolt, own = stranger.post("prices", {"on": "2026-03-04", "asks": asks})[1]["answers"]
    assert (bolt["price"]["unit_price"], bolt["price"]["source"]) == ("0.1800", "list")
    assert own["problem"] == "unknown_code"
    answer = stranger.post("availability", {"ship_to": world.dock.pk, "asks": [{"code": "OIL-5L", "quantity": 1}]})
    assert answer[0] == 404


def test_who_sees_no_prices_asks_in_vain(world):
    status, said = person(world.rick).post("prices", {"asks": [{"code": "OIL-5L", "quantity": 1}]})
    assert (status, said["type"]) == (403, "urn:tradewell:problem:permission_missing")
    assert machine(world, "carrier").get("products")[0] == 403


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"asks": [{"code": "OIL-5L", "quantity": 1, "price": "0.01"}]}, "price"),
        ({"account": "AC-3", "asks": [{"code": "OIL-5L", "quantity": 1}]}, "account"),
        ({"asks": [{"code": "OIL-5L", "quantity": -3}]}, "quantity"),
        ({"asks": [{"code": "OIL-5L", "quantity": 1.5}]}, "quantity"),
        ({"asks": [{"code": "OIL-5L", "quantity": True}]}, "quantity"),
        ({"asks": [{"code": "OIL-5L", "quantity": 10**308}]}, "quantity"),
        ({"asks": [{"code": "x\u0000", "quantity": 1}]}, "code"),
        ({"asks": [{"code": "\ud800", "quantity": 1}]}, "code"),
        ({"asks": [{"code": 7, "quantity": 1}]}, "code"),
        ({"asks": []}, "asks"),
        ({"asks": [{"code": "OIL-5L", "quantity": 1}] * 501}, "asks"),
        ({"on": "tomorrow", "asks": [{"code": "OIL-5L", "quantity": 1}]}, "on"),
        ({}, "asks"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(procurement, body, field):
    status, said = procurement.post("prices", body)
    assert status == 400
    assert procurement.response["Content-Type"] == "application/problem+json"
    assert field in str(said["errors"])


@pytest.mark.parametrize("text", ["{", '{"asks": [{"code": "OIL-5L", "quantity": NaN}]}', "[]", "null", '"x"'])
def test_what_is_no_document_is_refused(procurement, text):
    assert procurement.post("prices", text)[0] == 400


@pytest.mark.parametrize("wrong", [{"size": 1000000000}, {"sort": "price"}, {"colour": "red"}, {"size": "many"}])
def test_parameters_are_read_strictly(procurement, wrong):
    status, said = procurement.get("products", **wrong)
    assert (status, list(said["errors"])) == (400, list(wrong))


@pytest.mark.parametrize("path", ["products/NOPE", "products/%00", "products?category=nowhere"])
def test_what_is_absent_is_a_problem_document(procurement, path):
    status, said = procurement.get(path)
    assert (status, said["status"]) == (404, 404)


def test_without_a_key_there_is_nothing(client):
    for path in ("products", "orders", "me"):
        answer = client.get(f"/api/v1/{path}")
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Token")
    assert client.get("/api/v1/products", headers={"Authorization": "Token tw_wrong"}).status_code == 401
