"""Promises out of the world's stock."""

from datetime import date

import pytest

from apps.availability.models import StockLevel
from apps.availability.rules import Ask
from apps.availability.selectors import incoming_for, promises_for, stock_by_warehouse


def promised(product, quantity, on):
    ask = Ask(product.pk, quantity)
    return promises_for([ask], on)[ask]


@pytest.mark.parametrize(
    ("sku", "quantity", "sources", "ready_on", "short"),
    [
        ("bolt", 5_000, ["stock"], date(2026, 3, 4), 0),
        ("bolt", 6_000, ["stock", "stock"], date(2026, 3, 4), 0),
        ("gloves", 50, ["stock", "incoming"], date(2026, 3, 12), 10),
        ("drill", 2, ["stock", "supplier"], date(2026, 3, 10), 1),
        ("drill", 40, ["stock", "supplier", "sourced"], date(2026, 3, 14), 39),
        ("bolt_long", 100, ["sourced"], date(2026, 3, 18), 100),
        ("cutting", 3, ["service"], date(2026, 3, 4), 0),
    ],
)
def test_there_is_always_a_date(world, sku, quantity, sources, ready_on, short):
    found = promised(getattr(world, sku), quantity, world.today)

    assert [lot.source for lot in found.lots] == sources
    assert (found.ready_on, found.short) == (ready_on, short)


def test_reserved_and_safety_stock_are_not_promised(world):
    StockLevel.objects.filter(warehouse=world.north, product=world.gloves).update(reserved=10, safety_stock=5)

    assert promised(world.gloves, 25, world.today).short == 0
    assert promised(world.gloves, 26, world.today).short == 1


def test_received_supply_is_no_longer_coming(world):
    world.incoming.received_on = world.today
    world.incoming.save()

    assert [lot.source for lot in promised(world.gloves, 50, world.today).lots] == ["stock", "sourced"]


@pytest.mark.parametrize("many", [1, 6])
def test_the_number_of_queries_does_not_grow_with_the_asks(world, django_assert_num_queries, many):
    products = [world.bolt, world.bolt_long, world.gloves, world.drill, world.oil, world.cutting][:many]

    with django_assert_num_queries(1):
        found = promises_for([Ask(product.pk, 10) for product in products], world.today)
    assert len(found) == many


def test_nothing_asked_and_nothing_known(world):
    assert promises_for([], world.today) == {}
    assert promises_for([Ask(-1, 1)], world.today) == {}


def test_stock_and_supply_of_a_product(world):
    assert [(level.warehouse.code, level.on_hand) for level in stock_by_warehouse(world.bolt.pk)] == [
        ("LDS", 5_000), ("RDG", 2_000),
    ]  # fmt: skip
    assert [supply.number for supply in incoming_for(world.gloves.pk)] == ["PO-1-1"]
