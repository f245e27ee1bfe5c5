"""Dated promises for 50 SKUs out of all warehouses; a stock feed of 50,000 rows."""

import random
import time

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.availability.models import StockLevel
from apps.availability.rules import Ask
from apps.availability.selectors import promises_for
from apps.availability.services import take_stock
from apps.catalogue.models import Product
from apps.core.feeds import Told
from tests.bench.figures import Figure, Plan, over_rounds, p50, p95

IN_A_ROUND = 40
FEED = 50_000


def measure(plan: Plan) -> list[Figure]:
    chance, on = random.Random(1), timezone.localdate()
    products = list(Product.objects.filter(status="active").values_list("pk", flat=True)[:100_000])
    draw = lambda: [Ask(pk, chance.choice((1, 10, 500))) for pk in chance.sample(products, 50)]  # noqa: E731
    promises_for(draw(), on)
    times = []
    for turn in range(plan.rounds):
        plan.say(f"availability, round {turn + 1} of {plan.rounds}")
        times.append([_timed(draw(), on) for _ in range(IN_A_ROUND)])
    with CaptureQueriesContext(connection) as captured:
        promises_for(draw(), on)
    rows, seconds = _feed()
    return [
        Figure("availability", "fifty_p50_ms", over_rounds(times, p50), "ms"),
        Figure("availability", "fifty_p95_ms", over_rounds(times, p95), "ms", "10"),
        Figure("availability", "fifty_queries", len(captured), "", "3"),
        Figure("availability", "feed_rows_per_s", round(rows / seconds), "/s", "8,000", f"{rows:,} rows, all changed"),
    ]


def _timed(asks: list[Ask], on) -> float:
    started = time.perf_counter()
    promises_for(asks, on)
    return (time.perf_counter() - started) * 1000


def _feed() -> tuple[int, float]:
    """(rows changed, seconds) of a feed in which every row is news; undone afterwards."""
    levels = list(StockLevel.objects.values_list("product__sku", "warehouse__code", "on_hand")[:FEED])
    rows = [
        {"sku": sku, "warehouse": warehouse, "on_hand": str(on_hand + 1), "version": "2"}
        for sku, warehouse, on_hand in levels
    ]
    with transaction.atomic():
        started = time.perf_counter()
        report = take_stock(rows, Told("bench"), now=timezone.now())
        seconds = time.perf_counter() - started
        transaction.set_rollback(True)
    return report.applied, seconds
