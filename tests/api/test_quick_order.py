"""Codes by the thousand, and lists, as machines use them."""

from apps.accounts.models import ShipTo
from apps.catalogue.models import AssortmentRule
from apps.ordering.models import BuyingList
from apps.ordering.services import lists as services
from tests.ordering.trade import actor

GLOVES = {"code": "GLV-NIT-L", "quantity": 5, "par": 20, "note": "Bay 4"}


def test_every_line_is_answered_in_order(world, procurement):
    lines = [("TV-M8X40", "60"), ("blt m8 40", "40 pcs"), ("NO-SUCH", "1"), ("GLV-NIT-L", "1.000"), ("", "2")]
    sent = {"lines": [{"code": code, "quantity": quantity} for code, quantity in lines]}
    status, answer = procurement.post("resolve", sent)
    assert status == 200
    told = [(line["verdict"], line["problem"], line["sku"], line["quantity"]) for line in answer["lines"]]
    assert told == [
        ("found", None, "BLT-M8-40", 100),
        ("found", None, "BLT-M8-40", None),
        ("unknown", "unknown_code", None, None),
        ("found", "unreadable_quantity", "GLV-NIT-L", None),
        ("no_code", "no_code", None, None),
    ]
    assert answer["lines"][1]["counted_with"] == 0
    assert (answer["ready"], answer["goods_net"], answer["lines"][0]["net"]) == (2, "16.00", "16.00")


def test_a_line_may_name_its_ship_to(world, procurement):
    site = ShipTo.objects.create(
        account=world.brightwater, code="HUL", name="Hull site", street="2 Dock Road", city="Hull"
    )
    lines = [("GLV-NIT-L", "Hull site"), ("GLV-NIT-L", ""), ("GLV-NIT-L", "Hull")]
    sent = [{"code": code, "quantity": "3", "ship_to": place} for code, place in lines]
    _status, answer = procurement.post("resolve", {"lines": sent})
    told = [(line["problem"], line["ship_to"], line["quantity"], line["counted_with"]) for line in answer["lines"]]
    assert told == [(None, site.pk, 6, None), (None, None, None, 0), ("unknown_ship_to", None, None, None)]
    assert [(share["code"], share["quantity"]) for share in answer["lines"][0]["goes"]] == [
        (world.dock.code, 3),
        ("HUL", 3),
    ]
    assert answer["lines"][2]["likely_ship_tos"] == ["HUL"]


def test_what_is_outside_the_assortment_is_unknown(world, procurement):
    AssortmentRule.objects.create(effect="exclude", account=world.brightwater, product=world.oil)
    _status, answer = procurement.post("resolve", {"lines": [{"code": "OIL-5L", "quantity": "1"}]})
    assert (answer["lines"][0]["problem"], answer["lines"][0]["candidates"]) == ("unknown_code", [])


def test_a_list_is_made_once_read_replaced_and_deleted(world, procurement, stranger):
    body = {"name": "Stores", "lines": [GLOVES, {"code": "TV-M8X40", "quantity": 100}]}
    made = [procurement.post("lists", body, Idempotency_Key="one") for _time in range(2)]
    assert made[0] == made[1]
    assert made[0][0] == 201
    address = f"lists/{made[0][1]['id']}"
    assert [line["sku"] for line in procurement.get(address)[1]["lines"]] == ["GLV-NIT-L", "BLT-M8-40"]
    assert stranger.get(address)[0] == 404
    assert stranger.get("lists")[1] == {"lists": []}
    status, replaced = procurement.put(address, body | {"name": "Ours", "lines": [GLOVES]})
    assert (status, replaced["name"], len(replaced["lines"])) == (200, "Ours", 1)
    twice = procurement.put(address, body | {"lines": [GLOVES, GLOVES]})
    assert twice[0] == 422
    assert procurement.delete(address)[0] == 204
    assert not BuyingList.objects.exists()


def test_a_machine_sees_no_personal_list(world, procurement):
    own = services.make_list(actor(world.anna), name="Anna's bench", now=world.now)
    assert procurement.get("lists")[1] == {"lists": []}
    assert procurement.delete(f"lists/{own.pk}")[0] == 404
