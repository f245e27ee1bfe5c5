"""What an account finds that others do not: its own numbers, what it bought, what is there now."""

import pytest

from apps.accounts.selectors import actor_for
from apps.availability.models import StockLevel
from apps.catalogue.search import Query, find
from apps.catalogue.services import set_part_number
from apps.ordering.models import Order, OrderLine

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(world):
    return actor_for(world.anna.user)


@pytest.fixture
def xaver(world):
    return actor_for(world.xaver.user)


def skus(actor, **query) -> set[str]:
    return {product.sku for product in find(actor, Query(**query)).products}


def buy(world, account, product, status="delivered"):
    number = f"SO-{Order.objects.count() + 1}"
    order = Order.objects.create(number=number, account=account, currency="GBP", status=status, placed_at=world.now)
    OrderLine.objects.create(
        order=order, position=1, product=product, sku=product.sku, name=product.name, quantity=100, unit_price=1,
        price_source="base", net=100,
    )  # fmt: skip


def test_own_part_numbers_find_products_for_their_account_and_no_other(world, anna, xaver):
    set_part_number(anna, world.gloves, "BW-77-001", world.now)
    assert skus(anna, text="bw77001") == skus(anna, text="BW-77") == {"GLV-NIT-L"}
    assert skus(xaver, text="bw77001") == set()


def test_what_was_bought_before_is_ones_own(world, anna, xaver):
    buy(world, world.brightwater, world.bolt)
    buy(world, world.calder, world.oil)
    assert skus(anna, bought_before=True) == {"BLT-M8-40"}
    assert skus(xaver, bought_before=True) == {"OIL-5L"}


def test_a_parent_finds_what_its_subsidiaries_bought(world, anna):
    buy(world, world.leeds, world.drill)
    assert skus(actor_for(world.boris.user), bought_before=True) == {"DRL-18V"}
    assert skus(anna, bought_before=True) == set()


def test_a_cancelled_order_was_not_bought(world, anna):
    buy(world, world.brightwater, world.bolt, status="cancelled")
    assert skus(anna, bought_before=True) == set()


def test_in_stock_is_what_can_be_promised_now(world, anna):
    StockLevel.objects.all().delete()
    for product, on_hand, reserved, safety in ((world.bolt, 500, 100, 0), (world.oil, 20, 15, 5)):
        StockLevel.objects.create(
            warehouse=world.north, product=product, on_hand=on_hand, reserved=reserved, safety_stock=safety
        )
    assert skus(anna, in_stock=True) == {"BLT-M8-40"}
    counted = {facet.code: facet.values[0].count for facet in find(anna, Query()).facets if facet.kind == "flag"}
    assert counted == {"in_stock": 1}


def test_flags_and_brand_narrow_together_in_eight_queries(world, anna, django_assert_max_num_queries):
    buy(world, world.brightwater, world.bolt)
    with django_assert_max_num_queries(8):
        assert skus(anna, text="bolt", bought_before=True, in_stock=True, brands=("torvik",)) == {"BLT-M8-40"}
