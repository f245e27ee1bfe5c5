"""Lists over HTTP: from wherever products stand onto a list, and from a list into the cart."""

import pytest
from django.urls import reverse

from apps.ordering.models import BuyingList, CartLine
from apps.ordering.services import lists as services
from tests.ordering.trade import actor
from tests.portal.buying import add, placed
from tests.portal.test_queries import MOST, count, more_bolts
from tests.portal.test_quick_order import paste, said


@pytest.fixture
def stores(world):
    lines = [(world.gloves.pk, 5, 20, "Bay 4"), (world.bolt.pk, 100, None, "=HYPERLINK(1)")]
    return services.make_list(actor(world.anna), name="Stores", shared=True, lines=lines, now=world.now)


def keep(client, **source):
    return client.post(reverse("portal:list_add"), source, follow=True)


def on(name: str) -> dict[str, int]:
    return dict(BuyingList.objects.get(name=name).lines.values_list("product__sku", "quantity"))


def test_products_go_on_a_list_from_wherever_they_stand(world, signed_in):
    anna = signed_in(world.anna)
    number = placed(anna, world.drill, 2)
    add(anna, world.gloves, 3)
    paste(anna, "OIL-5L 4\nNO-SUCH 1")
    keep(anna, sku="BLT-M8-40", quantity="100", name="Mine")
    mine = BuyingList.objects.get().pk
    for source in ({"cart": "1"}, {"order": number}, {"quick": "1"}, {"sku": ["BLT-M8-60", "BLT-M8-40"]}):
        page = anna.get(reverse("portal:list_add"), source)
        assert "Keep on a list" in said(page)
        answer = keep(anna, target=mine, **source)
    assert "1 line stood on it already." in said(answer)
    assert on("Mine") == {"BLT-M8-40": 100, "GLV-NIT-L": 3, "DRL-18V": 2, "OIL-5L": 4, "BLT-M8-60": 1}
    keep(anna, list=mine, name="Copy", shared="1")
    assert on("Copy") == on("Mine")


def test_a_stranger_finds_neither_the_list_nor_a_way_onto_it(world, signed_in, stores):
    xaver = signed_in(world.xaver)
    for name in ("list", "list_export", "list_delete"):
        assert xaver.get(reverse(f"portal:{name}", args=[stores.pk])).status_code == 404
    assert xaver.post(reverse("portal:list_add"), {"sku": "OIL-5L", "target": stores.pk}).status_code == 404
    assert xaver.get(reverse("portal:list_add"), {"list": stores.pk}).status_code == 404


def test_a_list_is_ordered_in_parts_and_up_to_par(world, signed_in, stores):
    anna, address = signed_in(world.anna), reverse("portal:list", args=[stores.pk])
    gloves, bolt = stores.lines.order_by("pk").values_list("pk", flat=True)
    typed = {f"quantity-{gloves}": "5", f"quantity-{bolt}": "60", f"shelf-{gloves}": "12"}
    assert "Put in" not in said(anna.get(address))
    assert anna.post(address, typed | {"decision": "chosen", "line": bolt}).url == reverse("portal:cart")
    assert CartLine.objects.values_list("product__sku", "quantity").get() == ("BLT-M8-40", 100)
    anna.post(address, typed | {"decision": "par"})
    assert CartLine.objects.get(product=world.gloves).quantity == 8
    refused = anna.post(address, typed | {f"quantity-{gloves}": "some", "decision": "keep"})
    assert refused.status_code == 422
    assert 'value="some"' in refused.content.decode()


def test_who_does_not_order_reads_a_shared_list(world, signed_in, stores):
    rick = signed_in(world.rick)
    page = rick.get(reverse("portal:list", args=[stores.pk])).content.decode()
    assert "Nitrile gloves" in page
    assert "Order all" not in page
    assert "£" not in page
    sent = {"decision": "order", f"quantity-{stores.lines.first().pk}": "1"}
    assert rick.post(reverse("portal:list", args=[stores.pk]), sent).status_code == 403


def test_the_export_is_read_by_a_quick_order_and_runs_nothing(world, signed_in, stores):
    text = signed_in(world.anna).get(reverse("portal:list_export", args=[stores.pk])).content.decode("utf-8-sig")
    assert text.splitlines()[0] == "SKU,Quantity,Par,Name,Note"
    assert "'=HYPERLINK(1)" in text


def test_a_list_is_deleted_after_a_question(world, signed_in, stores):
    anna, address = signed_in(world.anna), reverse("portal:list_delete", args=[stores.pk])
    assert "Delete the list Stores ?" in said(anna.get(address))
    assert BuyingList.objects.exists()
    anna.post(address)
    assert not BuyingList.objects.exists()


def test_a_long_list_costs_as_many_queries_as_a_short_one(world, signed_in, stores):
    anna = signed_in(world.anna)
    few = [count(anna, "list", stores.pk), count(anna, "lists")]
    wishes = [(bolt.pk, 1) for bolt in more_bolts(world)]
    services.put_on_list(actor(world.anna), stores, wishes, now=world.now)
    assert [count(anna, "list", stores.pk), count(anna, "lists")] == few
    assert max(few) <= MOST
