"""The catalogue by the account's own prices, by the day goods arrive, by what firms like it buy."""

import re

import pytest
from django.urls import reverse

from apps.catalogue.search import pages
from apps.ordering.models import Order, OrderLine
from apps.portal import arranging
from apps.recommendations.services import rebuild_segment_demand

pytestmark = pytest.mark.django_db


def listing(client, **asked) -> str:
    return client.get(reverse("portal:catalogue"), asked).content.decode()


def skus(page: str) -> list[str]:
    """The SKUs of a page's cards, in their order."""
    return re.findall(r'class="product-meta"><bdi class="ident">([^<]+)</bdi>', page)


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("price", ["BLT-M8-40", "BLT-M8-60", "SVC-CUT", "GLV-NIT-L", "OIL-5L", "DRL-18V"]),
        ("unit_price", ["BLT-M8-40", "BLT-M8-60", "DRL-18V", "GLV-NIT-L", "SVC-CUT", "OIL-5L"]),
    ],
)
def test_by_the_accounts_own_price(world, signed_in, sort, expected):
    page = listing(signed_in(world.anna), sort=sort)
    assert skus(page) == expected
    assert f'<option value="{sort}" selected>' in page
    assert "£6.48 per litre" in page


def test_a_price_of_ones_own_changes_the_order_for_oneself_alone(world, signed_in):
    world.contract.prices.create(product=world.drill, min_quantity=1, unit_price="0.01")
    assert skus(listing(signed_in(world.anna), sort="price"))[0] == "DRL-18V"
    assert skus(listing(signed_in(world.xaver), sort="price"))[0] == "BLT-M8-40"


def test_what_has_no_price_stands_last(world, signed_in):
    world.base_list.prices.filter(product=world.bolt_long).delete()
    assert skus(listing(signed_in(world.anna), sort="price"))[-1] == "BLT-M8-60"


def test_who_may_see_no_prices_is_not_offered_an_order_by_them_and_cannot_ask_for_it(world, signed_in):
    page = listing(signed_in(world.rick), sort="price")
    assert skus(page) == skus(listing(signed_in(world.rick)))
    assert "Your price" not in page and "agreed prices" not in page and "Earliest arrival" in page


def test_by_the_day_of_arrival(world, signed_in):
    page = listing(signed_in(world.anna), sort="arrival")
    first, last = skus(page)[:4], skus(page)[-1]
    assert set(first) == {"BLT-M8-40", "GLV-NIT-L", "OIL-5L", "SVC-CUT"} or "DRL-18V" in first
    assert last == "BLT-M8-60", "nothing is there and nothing is due"


def test_by_what_firms_of_the_same_kind_buy(world, signed_in):
    for account in (world.brightwater, world.leeds):
        order = Order.objects.create(
            number=f"SO-{account.pk}", account=account, currency="GBP", status="delivered", placed_at=world.now
        )
        OrderLine.objects.create(
            order=order, position=1, product=world.oil, sku="OIL-5L", name="Oil", quantity=1, unit_price=1,
            price_source="base", net=1,
        )  # fmt: skip
    rebuild_segment_demand()
    assert skus(listing(signed_in(world.anna), sort="alike"))[0] == "OIL-5L"
    assert skus(listing(signed_in(world.xaver), sort="alike")) == skus(listing(signed_in(world.xaver)))


def test_an_order_of_a_part_says_so_and_how_to_have_all(world, signed_in, monkeypatch):
    anna = signed_in(world.anna)
    assert "worked out when you ask" not in listing(anna, sort="price")
    monkeypatch.setattr(pages, "MOST_ARRANGED", 3)
    page = listing(anna, sort="price")
    assert "the 3 most ordered of 6 products" in page
    assert len(skus(page)) == 3
    assert "the 3 best matches of 6 products" in listing(anna, sort="price", q="torvik")


def test_only_at_agreed_prices(world, signed_in):
    page = listing(signed_in(world.anna), on_contract=1)
    assert skus(page) == ["BLT-M8-40"] and "1 product at your prices" in page
    assert skus(listing(signed_in(world.lena), on_contract=1)) == ["BLT-M8-40"], "a contract reaches subsidiaries"
    assert skus(listing(signed_in(world.xaver), on_contract=1)) == []


@pytest.mark.parametrize(
    ("said", "expected"),
    [("3", {"BLT-M8-40", "GLV-NIT-L", "OIL-5L", "DRL-18V"}), ("1", set()), ("yesterday", None), ("9999999999", None)],
)
def test_only_what_is_there_by_a_day(world, signed_in, monkeypatch, said, expected):
    monkeypatch.setattr("django.utils.timezone.now", lambda: world.now)
    anna = signed_in(world.anna)
    found = set(skus(listing(anna, by=said)))
    everything = set(skus(listing(anna)))
    assert found - {"SVC-CUT"} == (everything - {"SVC-CUT"} if expected is None else expected)


def test_where_nothing_is_there_in_time_the_first_day_is_told_and_offered(world, signed_in, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: world.now)
    anna = signed_in(world.anna)
    page = listing(anna, by="1", q="bolt")
    assert "can be at your door on <bdi>6 Mar</bdi>" in page
    [offered] = re.findall(r"by_date=([-\d]+)", page)
    assert skus(listing(anna, by_date=offered, q="bolt")) == ["BLT-M8-40"]


def test_counts_of_brands_and_attributes_are_right_for_the_day(world, signed_in, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: world.now)
    page = listing(signed_in(world.anna), by_date="2026-03-06", brand="torvik", q="bolt")
    assert skus(page) == ["BLT-M8-40"]
    assert "There by 6 Mar" in page
    assert re.search(r'value="M8"[^>]*>\s*<span>M8</span> <bdi class="facet-count">1</bdi>', page)


@pytest.mark.parametrize("sort", arranging._KEYS)
def test_pages_of_an_own_order_follow_one_another(world, signed_in, monkeypatch, sort):
    monkeypatch.setattr("apps.portal.listing.PAGE_SIZE", 2)
    anna, seen = signed_in(world.anna), []
    after = ""
    for _ in range(3):
        page = listing(anna, sort=sort, after=after)
        seen += skus(page)
        further = [token for token in re.findall(r"[?&;]after=([\w-]+)", page) if token != after]
        after = further[0] if further else ""
    assert len(seen) == len(set(seen)) == 6 and not after
