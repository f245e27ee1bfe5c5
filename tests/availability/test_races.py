"""Many at once for the same SKUs: nothing is sold twice, nobody dies of a deadlock."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from apps.availability import services
from apps.availability.models import StockLevel
from apps.availability.rules import Demand
from tests.availability.test_services import assert_books_balance, figures, level
from tests.world import build

pytestmark = [pytest.mark.django_db(transaction=True)]


def at_once(work, arguments, threads=16):
    def closing(argument):
        try:
            return work(argument)
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(closing, arguments))


def test_sixteen_orders_of_the_same_skus_never_oversell():
    world = build()
    products = [world.bolt.pk, world.gloves.pk, world.drill.pk, world.oil.pk]

    def order(n):
        wanted = random.Random(n).sample(products, 4)
        demands = [Demand(f"SO-{n}/{i}", product_id, 3) for i, product_id in enumerate(wanted)]
        return services.reserve(demands, on=world.today)

    placed = at_once(order, range(64))

    from_stock = [lot for lots in placed for given in lots.values() for lot in given if lot.source == "stock"]
    assert len(placed) == 64
    assert sum(lot.quantity for lot in from_stock) == 64 * 3 + 40 + 1 + 12  # bolts for all, the rest to the last piece
    assert figures(level(world.north, world.gloves)) == (40, 40)
    assert_books_balance()


def test_placing_sending_off_cancelling_and_counting_at_once():
    world = build()
    products = [world.bolt.pk, world.gloves.pk, world.oil.pk]
    services.reserve([Demand(f"OLD-{n}/{p}", p, 2) for n in range(16) for p in products], on=world.today)

    def happen(n):
        refs = [f"OLD-{n}/{p}" for p in random.Random(n).sample(products, 3)]
        if n % 4 == 0:
            services.release(refs)
        elif n % 4 == 1:
            services.consume_all(dict.fromkeys(((ref, None) for ref in refs), 2))
        elif n % 4 == 2:
            services.load_stock((world.south.pk, p, 500) for p in random.Random(n).sample(products, 3))
        else:
            services.reserve([Demand(f"NEW-{n}/{p}", p, 5) for p in reversed(products)], on=world.today)

    at_once(happen, range(16))

    assert_books_balance()
    assert StockLevel.objects.filter(product=world.bolt, warehouse=world.south).get().on_hand == 500
