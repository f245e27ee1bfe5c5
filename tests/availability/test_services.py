"""Holding, giving back, sending off, receiving."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum

from apps.availability import services
from apps.availability.errors import NotReserved, NowhereToShipFrom, StockRefused, SupplyRefused
from apps.availability.models import IncomingSupply, Reservation, StockLevel, SupplierOffer, Warehouse
from apps.availability.rules import Demand
from apps.availability.selectors import held_for
from apps.core.models import Event


def level(warehouse, product):
    return StockLevel.objects.get(warehouse=warehouse, product=product)


def figures(stock):
    return stock.on_hand, stock.reserved


def assert_books_balance():
    """What is reserved of each source is what its reservations hold."""
    for model, source in ((StockLevel, "stock"), (IncomingSupply, "incoming"), (SupplierOffer, "offer")):
        for row in model.objects.all():
            held = Reservation.objects.filter(**{source: row}, state="held").aggregate(n=Sum("quantity"))["n"] or 0
            assert row.reserved == held


def test_a_demand_holds_its_lots(world):
    lots = services.reserve(
        [Demand("SO-1/1", world.gloves.pk, 50), Demand("SO-1/2", world.drill.pk, 30)], on=world.today
    )

    assert [(lot.quantity, lot.source) for lot in lots["SO-1/1"]] == [(40, "stock"), (10, "incoming")]
    assert [(lot.quantity, lot.source) for lot in lots["SO-1/2"]] == [(1, "stock"), (25, "supplier"), (4, "sourced")]
    assert figures(level(world.north, world.gloves)) == (40, 40)
    assert IncomingSupply.objects.get().reserved == 10
    assert SupplierOffer.objects.get().reserved == 25
    assert held_for(["SO-1/1", "SO-1/2"]) == lots
    assert_books_balance()


def test_a_second_demand_gets_what_is_left(world):
    services.reserve([Demand("SO-1/1", world.oil.pk, 10)], on=world.today)
    lots = services.reserve([Demand("SO-2/1", world.oil.pk, 10)], on=world.today)["SO-2/1"]

    assert [(lot.quantity, lot.source) for lot in lots] == [(2, "stock"), (8, "sourced")]
    assert_books_balance()


def test_two_demands_for_one_product_in_one_order(world):
    lots = services.reserve((Demand(ref, world.oil.pk, 8) for ref in ("SO-1/1", "SO-1/2")), on=world.today)

    assert [lot.quantity for given in lots.values() for lot in given] == [8, 4, 4]
    assert figures(level(world.south, world.oil)) == (12, 12)


@pytest.mark.parametrize("many", [4, 400])
def test_the_number_of_queries_does_not_grow_with_the_demands(world, django_assert_num_queries, many):
    products = [world.bolt, world.gloves, world.drill, world.oil]
    demands = [Demand(f"SO-1/{n}", products[n % 4].pk, 60) for n in range(many)]

    # one lock, an update for each of three kinds of source, one insert
    with django_assert_num_queries(5):
        services.reserve(demands, on=world.today)
    assert_books_balance()


def test_a_service_is_held_without_stock(world):
    services.reserve([Demand("SO-1/1", world.cutting.pk, 2), Demand("SO-1/2", world.oil.pk, 1)], on=world.today)

    assert Reservation.objects.get(product=world.cutting).warehouse == world.south


@pytest.mark.parametrize("quantity", [0, -3])
def test_a_demand_is_for_one_piece_at_least(world, quantity):
    with pytest.raises(StockRefused):
        services.reserve([Demand("SO-1/1", world.oil.pk, quantity)], on=world.today)


def test_without_a_warehouse_nothing_is_promised(world):
    IncomingSupply.objects.all().delete()
    Warehouse.objects.all().delete()
    with pytest.raises(NowhereToShipFrom):
        services.reserve([Demand("SO-1/1", world.oil.pk, 1)], on=world.today)


def test_what_is_released_is_free_again_once(world):
    services.reserve([Demand("SO-1/1", world.gloves.pk, 50), Demand("SO-1/2", world.drill.pk, 3)], on=world.today)

    assert services.release(["SO-1/1"]) == 50
    assert services.release(["SO-1/1", "SO-9/9"]) == 0
    assert figures(level(world.north, world.gloves)) == (40, 0)
    assert figures(level(world.north, world.drill)) == (1, 1)
    assert_books_balance()


def test_what_leaves_is_neither_on_hand_nor_reserved(world):
    services.reserve([Demand("SO-1/1", world.gloves.pk, 50)], on=world.today)
    services.consume("SO-1/1", 30)

    assert figures(level(world.north, world.gloves)) == (10, 10)
    assert sum(lot.quantity for lot in held_for(["SO-1/1"])["SO-1/1"]) == 20
    services.consume("SO-1/1", 20)
    assert figures(level(world.north, world.gloves)) == (0, 0)
    assert held_for(["SO-1/1"]) == {}
    assert Reservation.objects.filter(state="consumed").aggregate(n=Sum("quantity"))["n"] == 50
    assert_books_balance()


def test_a_shipment_takes_from_its_own_warehouse(world):
    services.reserve([Demand("SO-1/1", world.bolt.pk, 6_000)], on=world.today)
    services.consume_all({("SO-1/1", world.south.pk): 1_000})

    assert figures(level(world.south, world.bolt)) == (1_000, 0)
    assert figures(level(world.north, world.bolt)) == (5_000, 5_000)


def test_no_more_leaves_than_is_held(world):
    services.reserve([Demand("SO-1/1", world.bolt.pk, 100)], on=world.today)
    for ref, quantity, warehouse in (("SO-1/1", 101, None), ("SO-1/1", 1, world.south.pk), ("SO-2/1", 1, None)):
        with pytest.raises(NotReserved):
            services.consume(ref, quantity, warehouse_id=warehouse)
    assert figures(level(world.north, world.bolt)) == (5_000, 100)


def test_supply_that_arrives_is_held_by_those_who_waited(world):
    services.reserve([Demand("SO-1/1", world.gloves.pk, 60)], on=world.today)
    stock = services.receive(world.incoming, now=world.now, on=world.today)

    assert figures(stock) == (240, 60)
    assert [(lot.quantity, lot.source, lot.ready_on) for lot in held_for(["SO-1/1"])["SO-1/1"]] == [
        (40, "stock", world.today), (20, "stock", world.today),
    ]  # fmt: skip
    assert Event.objects.get(name="supply.received").facts["quantity"] == 200
    assert_books_balance()
    with pytest.raises(SupplyRefused):
        services.receive(world.incoming, now=world.now, on=world.today)


def test_too_little_arrives(world):
    services.reserve([Demand("SO-1/1", world.gloves.pk, 60), Demand("SO-2/1", world.gloves.pk, 30)], on=world.today)
    stock = services.receive(world.incoming, quantity=25, now=world.now, on=world.today)

    assert figures(stock) == (65, 65)
    assert [(lot.quantity, lot.source) for lot in held_for(["SO-2/1"])["SO-2/1"]] == [(5, "stock"), (25, "sourced")]
    assert_books_balance()


def test_what_was_to_be_sourced_is_served_first(world):
    services.reserve([Demand("SO-1/1", world.bolt_long.pk, 300)], on=world.today)
    supply = IncomingSupply.objects.create(
        number="PO-2-1", warehouse=world.north, product=world.bolt_long, quantity=200, due_on=world.today
    )
    stock = services.receive(supply, now=world.now, on=world.today)

    assert figures(stock) == (200, 200)
    assert [(lot.quantity, lot.source) for lot in held_for(["SO-1/1"])["SO-1/1"]] == [(200, "stock"), (100, "sourced")]
    assert_books_balance()


def test_a_count_is_recorded(world):
    stock = level(world.north, world.gloves)
    services.set_on_hand(stock, 35, now=world.now, reason="count")
    services.set_on_hand(stock, 35, now=world.now)

    event = Event.objects.get(name="stock.adjusted")
    assert event.subject == "stock:LDS/GLV-NIT-L"
    assert event.facts == {"was": 40, "on_hand": 35, "reason": "count"}


def test_a_count_below_what_is_reserved_is_refused(world):
    services.reserve([Demand("SO-1/1", world.gloves.pk, 30)], on=world.today)
    with pytest.raises(StockRefused):
        services.set_on_hand(level(world.north, world.gloves), 29, now=world.now)
    assert level(world.north, world.gloves).on_hand == 40


def test_stock_is_loaded_and_loaded_again(world):
    services.reserve([Demand("SO-1/1", world.gloves.pk, 30)], on=world.today)
    rows = [
        (world.north.pk, world.bolt.pk, 4_000),
        (world.south.pk, world.gloves.pk, 9),
        (world.north.pk, world.gloves.pk, 10),
        (world.south.pk, world.oil.pk, 12),
    ]

    assert services.load_stock(rows) == 3
    assert services.load_stock(iter(rows)) == 0
    assert figures(level(world.north, world.gloves)) == (30, 30)
    assert level(world.north, world.bolt).on_hand == 4_000


def test_the_table_refuses_to_oversell(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        StockLevel.objects.filter(product=world.oil).update(reserved=13)
