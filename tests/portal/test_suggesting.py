"""Suggestions where a buyer meets them: each with its reason, each can be sent away, each says its kind and place."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Account
from apps.availability.models import StockLevel
from apps.catalogue.models import ProductRelation
from apps.recommendations.models import NextLine, RangeGap, Shortage, SuggestionDay
from tests.portal.buying import add, placed
from tests.recommendations.test_suggestions import order

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
BLOCK = re.compile(r'data-suggestion-kind="(\w+)" data-suggestion-place="(\w+)"')


@pytest.fixture
def anna(world, signed_in):
    return signed_in(world.anna)


@pytest.fixture
def habits(world):
    """Anna's orders of bolts have gloves with them."""
    for n in range(3, 7):
        order(world.brightwater, timezone.localdate() - timedelta(days=7 * n), (world.bolt, 100), (world.gloves, 3))


def gap(world, product):
    RangeGap.objects.create(account=world.brightwater, product=product, accounts=31, of_accounts=40, place=1)


def next_line(world, product):
    NextLine.objects.create(
        account=world.brightwater, product=product, place=1, quantity=2, due_on=timezone.localdate(), kind="rhythm",
        because={"times": 5, "gap": 30, "last": "2026-02-01"},
    )  # fmt: skip


def fetched(client, name, *args, **query) -> str:
    answer = client.get(reverse(f"portal:{name}", args=args), query, headers=HTMX)
    assert answer.status_code == 200
    return answer.content.decode().replace("\u2068", "").replace("\u2069", "")


def test_the_cart_says_what_is_usually_added_and_services_that_fit(world, anna, habits):
    add(anna, world.bolt, 100)
    told = fetched(anna, "cart_together")
    assert BLOCK.findall(told) == [("usually_added", "cart"), ("service", "cart")]
    assert f"In 4 of your latest 4 orders with {world.bolt.name}" in told
    assert f"Done for you: for {world.bolt.name}" in told
    assert f'data-sku="{world.gloves.sku}"' in told
    assert 'name="quantity" value="3"' in told
    whole = anna.get(reverse("portal:cart_together")).content.decode()
    assert "<html" in whole


def test_a_short_line_of_the_cart_has_a_substitute_with_its_day(world, anna):
    StockLevel.objects.create(warehouse=world.north, product=world.bolt_long, on_hand=50_000)
    add(anna, world.bolt, 9_000)
    told = fetched(anna, "cart_together")
    assert ("substitute", "cart") in BLOCK.findall(told)
    assert f", {world.bolt.name} on " in told
    assert "20 mm longer" in told
    page = anna.get(reverse("portal:product", args=[world.bolt.sku]), {"quantity": "9000"}).content.decode()
    assert "only=sooner&amp;quantity=9000" in page
    told = fetched(anna, "together", world.bolt.sku, only="sooner", quantity="9000")
    assert BLOCK.findall(told) == [("substitute", "product")]
    assert fetched(anna, "together", world.bolt.sku, only="sooner", quantity="100").strip() == ""
    assert "only=sooner" not in anna.get(reverse("portal:product", args=[world.bolt.sku])).content.decode()


def test_dismissed_where_it_stands_it_stays_away_everywhere(world, anna, habits):
    add(anna, world.bolt, 100)
    here = f"http://testserver{reverse('portal:cart')}"
    said = anna.post(reverse("portal:dismiss"), {"never": world.gloves.sku}, headers={"Referer": here})
    assert said.url == here
    elsewhere = anna.post(
        reverse("portal:dismiss"), {"never": world.oil.sku}, headers={"Referer": "http://evil.example/"}
    )
    assert elsewhere.url == reverse("portal:home")
    assert world.gloves.sku not in fetched(anna, "cart_together")
    assert world.gloves.sku not in fetched(anna, "together", world.bolt.sku)


def test_the_quick_order_takes_a_suggestion_as_a_line(world, anna, habits):
    anna.post(reverse("portal:quick_add"), {"code": world.bolt.sku, "quantity": "100"})
    assert f'hx-get="{reverse("portal:quick_together")}"' in anna.get(reverse("portal:quick_order")).content.decode()
    told = fetched(anna, "quick_together")
    assert ("usually_added", "quick_order") in BLOCK.findall(told)
    add = f"{reverse('portal:quick_add')}?suggestion=usually_added:quick_order"
    assert f'hx-post="{add}"' in told
    answer = anna.post(add, {"sku": world.gloves.sku, "quantity": "3"}, headers=HTMX)
    assert answer.headers["HX-Refresh"] == "true"
    page = anna.get(reverse("portal:quick_order")).content.decode()
    assert world.gloves.name in page
    assert measured() == {("usually_added", "quick_order", 1)}


def measured() -> set[tuple]:
    return set(SuggestionDay.objects.values_list("kind", "place", "added"))


def test_every_suggestion_says_with_its_form_where_it_comes_from(world, anna, habits):
    add(anna, world.bolt, 100)
    told = fetched(anna, "cart_together")
    for kind, place in BLOCK.findall(told):
        assert f'action="{reverse("portal:cart_add")}?suggestion={kind}:{place}"' in told
    anna.post(f"{reverse('portal:cart_add')}?suggestion=usually_added:cart", {"sku": world.gloves.sku, "quantity": "2"})
    assert measured() == {("usually_added", "cart", 1)}


def test_who_is_held_out_is_shown_nothing_but_what_is_there_sooner(world, anna, habits, monkeypatch):
    monkeypatch.setattr("apps.recommendations.earning.is_held_out", lambda *_: True)
    gap(world, world.drill)
    add(anna, world.bolt, 100)
    assert BLOCK.findall(fetched(anna, "cart_together")) == []
    StockLevel.objects.create(warehouse=world.north, product=world.bolt_long, on_hand=50_000)
    add(anna, world.bolt, 9_000)
    assert BLOCK.findall(fetched(anna, "cart_together")) == [("substitute", "cart")]
    assert BLOCK.findall(fetched(anna, "missing")) == []


def test_after_an_order_there_is_something_for_the_next(world, anna):
    number = placed(anna, world.bolt, 100)
    gap(world, world.drill)
    address = reverse("portal:order_together", args=[number])
    assert f'hx-get="{address}"' in anna.get(reverse("portal:confirmation", args=[number])).content.decode()
    told = fetched(anna, "order_together", number)
    assert BLOCK.findall(told) == [("service", "confirmation"), ("missing_range", "confirmation")]
    assert "31 of 40 businesses like yours order it; you order nothing of Power tools from us" in told


def test_a_stranger_has_no_suggestions_of_anothers_order(world, anna, signed_in):
    number = placed(anna, world.bolt, 100)
    assert signed_in(world.xaver).get(reverse("portal:order_together", args=[number])).status_code == 404


def test_an_empty_search_shows_what_is_due_of_the_nearest_category_first(world, anna):
    next_line(world, world.drill)
    next_line(world, world.gloves)
    told = anna.get(reverse("portal:catalogue"), {"q": "glovez xyzzyq"}).content.decode()
    assert ("next_order", "search") in BLOCK.findall(told)
    assert f'data-sku="{world.gloves.sku}"' in told
    NextLine.objects.filter(product=world.gloves).delete()
    told = anna.get(reverse("portal:catalogue"), {"q": "xyzzyq"}).content.decode()
    assert f'data-sku="{world.drill.sku}"' in told
    assert BLOCK.findall(anna.get(reverse("portal:catalogue"), {"q": "bolt"}).content.decode()) == []


def test_home_says_what_is_missing_below_and_what_runs_short_at_once(world, anna):
    gap(world, world.drill)
    day = timezone.localdate()
    Shortage.objects.create(
        account=world.brightwater, product=world.bolt, needed_on=day + timedelta(days=9), quantity=400, on_hand=100,
        comes_on=day + timedelta(days=17), ready_on=day + timedelta(days=17), substitute=world.bolt_long,
        substitute_on=day, noticed_at=world.now,
    )  # fmt: skip
    page = anna.get(reverse("portal:home")).content.decode()
    assert f'hx-get="{reverse("portal:missing")}"' in page
    assert "You need 400 on" in page
    assert "100 are on hand, the next delivery comes on" in page
    for sku, quantity in (("BLT-M8-40", "400"), ("BLT-M8-60", "400")):
        assert f'name="sku" value="{sku}"><input type="hidden" name="quantity" value="{quantity}"' in page
    assert BLOCK.findall(fetched(anna, "missing")) == [("missing_range", "home")]


def test_the_next_order_names_what_is_there_by_the_day(world, anna):
    StockLevel.objects.create(warehouse=world.north, product=world.bolt_long, on_hand=50_000)
    next_line(world, world.bolt)
    NextLine.objects.update(quantity=9_000)
    told = fetched(anna, "next_order_instead")
    assert BLOCK.findall(told) == [("substitute", "next_order")]
    NextLine.objects.update(due_on=timezone.localdate() + timedelta(days=60))
    assert BLOCK.findall(fetched(anna, "next_order_instead")) == []


def test_who_has_no_history_gets_pages_without_suggestions(world, signed_in):
    xaver = signed_in(world.xaver)
    for name in ("missing", "cart_together", "quick_together", "next_order_instead"):
        assert fetched(xaver, name).strip() == ""
    assert Account.objects.get(pk=world.calder.pk)


def test_who_may_not_order_sees_reasons_but_no_buttons(world, signed_in):
    ProductRelation.objects.all().delete()
    for n in range(2, 6):
        order(world.calder, world.today - timedelta(days=n), (world.bolt, 100), (world.drill, 1))
    told = fetched(signed_in(world.rick), "together", world.bolt.sku)
    assert world.drill.sku in told
    assert "<form" not in told


@pytest.mark.parametrize("lines", [1, 4])
def test_fragments_ask_as_much_for_many_lines_as_for_one(world, anna, habits, lines, django_assert_max_num_queries):
    for product in (world.bolt, world.oil, world.drill, world.cutting)[:lines]:
        add(anna, product, 9_000)
    fetched(anna, "cart_together")
    with django_assert_max_num_queries(38):
        fetched(anna, "cart_together")
