"""An account with fifty thousand orders: suggestions ask for no more than its latest ones."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts.selectors import actor_for
from apps.catalogue.models import Product
from apps.catalogue.rules import Ask
from apps.recommendations.selectors import (
    due_to_reorder,
    missing_from_range,
    next_order,
    savings_for,
    services_that_fit,
    shortages_ahead,
    sooner_instead,
    suggested_with,
    usually_added,
)
from apps.recommendations.services import (
    look_for_all_shortages,
    rebuild_range_gaps,
    rebuild_regulars,
    rebuild_segment_demand,
)
from tests.recommendations.test_suggestions import order

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ORDERS, PRODUCTS = 50_000, 400


@pytest.fixture
def large(world):
    Product.objects.bulk_create(
        Product(sku=f"BLT-{n}", name=f"Hex bolt number {n}", category=world.bolts, brand=world.brand)
        for n in range(PRODUCTS)
    )
    ids = list(Product.objects.filter(sku__startswith="BLT-").order_by("pk").values_list("pk", flat=True))
    first = order(world.brightwater, timezone.localdate(), (world.bolt, 100))
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO ordering_order SELECT (jsonb_populate_record(o, jsonb_build_object(
                   'id', 1000000 + n, 'number', 'LO-' || n, 'placed_at', o.placed_at - n * interval '50 minutes'))).*
               FROM ordering_order o, generate_series(1, %s) n WHERE o.id = %s""",
            [ORDERS, first.pk],
        )
        cursor.execute(
            """INSERT INTO ordering_orderline SELECT (jsonb_populate_record(l, jsonb_build_object(
                   'id', 1000000 + 4 * n + m, 'order_id', 1000000 + n, 'position', m + 1,
                   'product_id', (%s::bigint[])[1 + (n * (m + 1) + 17 * m) %% %s]))).*
               FROM ordering_orderline l, generate_series(1, %s) n, generate_series(0, 3) m WHERE l.order_id = %s""",
            [ids, len(ids), ORDERS, first.pk],
        )
        cursor.execute("ANALYZE ordering_order, ordering_orderline, catalogue_product")
    return ids


def test_it_costs_no_more_than_its_latest_orders(world, large):
    actor, on, now = actor_for(world.anna.user), timezone.localdate(), timezone.now()
    some, asks = large[:20], [Ask(pk, 1) for pk in large[:20]]
    kinds = {
        "usually_added": lambda: usually_added(actor, some, on),
        "goes_with": lambda: suggested_with(actor, some, on),
        "sooner": lambda: sooner_instead(actor, asks, world.dock, now),
        "savings": lambda: savings_for(actor, asks, on),
        "services": lambda: services_that_fit(actor, some, on),
        "missing": lambda: missing_from_range(actor, on),
        "next_order": lambda: next_order(actor, on),
        "due": lambda: due_to_reorder(actor, on),
        "short": lambda: shortages_ahead(actor, on),
    }
    for rebuild in (rebuild_regulars, rebuild_segment_demand, rebuild_range_gaps):
        rebuild()
    look_for_all_shortages(now=now)
    for name, kind in kinds.items():
        kind()
        with CaptureQueriesContext(connection) as asked:
            kind()
        assert len(asked) <= 7, name
