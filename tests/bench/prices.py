"""The account's prices of 50 SKUs and of 10,000, beside the bare statements."""

import random
import time
from datetime import date
from decimal import Decimal

import psycopg
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts.models import Account
from apps.catalogue.models import Product
from apps.pricing.models import Contract, ContractPrice
from apps.pricing.rules import Ask
from apps.pricing.selectors import prices_for_account
from tests.bench.figures import Figure, Plan, over_rounds, p50, p95

IN_A_ROUND = 40


def measure(plan: Plan) -> list[Figure]:
    chance, on = random.Random(1), timezone.localdate()
    accounts = list(Account.objects.values_list("pk", flat=True))
    products = list(Product.objects.filter(status="active").values_list("pk", flat=True)[:100_000])
    draw = lambda many: [Ask(pk, chance.choice((1, 10, 100))) for pk in chance.sample(products, many)]  # noqa: E731
    prices_for_account(accounts[0], draw(50), on)
    ours, bare = [], []
    for turn in range(plan.rounds):
        plan.say(f"prices, round {turn + 1} of {plan.rounds}")
        asked = [(chance.choice(accounts), draw(50)) for _ in range(IN_A_ROUND)]
        ours.append([_timed(lambda a=a, asks=asks: prices_for_account(a, asks, on)) for a, asks in asked])
        bare.append([_bare(a, asks, on) for a, asks in asked])
    with CaptureQueriesContext(connection) as captured:
        prices_for_account(accounts[0], draw(50), on)
    many = min(10_000, len(products))
    ten_thousand = [[_timed(lambda: prices_for_account(chance.choice(accounts), draw(many), on))] for _ in range(3)]
    fifty, plain = over_rounds(ours, p50), over_rounds(bare, p50)
    table, index, bytes_each = _sizes()
    among_many = _among_many_lists(lambda: prices_for_account(chance.choice(accounts), draw(50), on))
    return [
        Figure("prices", "fifty_p50_ms", fifty, "ms", "4"),
        Figure("prices", "fifty_p95_ms", over_rounds(ours, p95), "ms", "10"),
        Figure("prices", "fifty_queries", len(captured), "", "3"),
        Figure("prices", "list10k_s", round(over_rounds(ten_thousand, p50) / 1000, 2), "s", "0.4 (at most 1.5)",
               f"{many:,} SKUs"),
        Figure("prices", "fifty_p50_ms_10000_lists", among_many, "ms", "flat", "among 10,000 lists"),
        Figure("prices", "visible_next_request", _visible(accounts[0], products[0], on), "", "true"),
        Figure("prices", "table_mib", table, "MiB"),
        Figure("prices", "index_mib", index, "MiB"),
        Figure("prices", "bytes_a_price", bytes_each, "B", "", "table and indexes for each agreed price"),
        Figure("prices", "sql_floor_ms", plain, "ms", "", "the same statements through psycopg"),
        Figure("prices", "ratio_to_floor", round(fifty / plain, 2), "", "2", "to sql_floor_ms"),
    ]  # fmt: skip


def _timed(work) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def _bare(account_id: int, asks: list[Ask], on: date) -> float:
    """Milliseconds of the statements alone, on the same connection: sent, and every row fetched."""
    with CaptureQueriesContext(connection) as captured:
        prices_for_account(account_id, asks, on)
    statements = [query["sql"].encode() for query in captured.captured_queries]
    with psycopg.ClientCursor(connection.connection) as cursor:
        return _timed(lambda: [cursor.execute(statement).fetchall() for statement in statements])


def _visible(account_id: int, product_id: int, on: date) -> bool:
    """Whether a contract price that was just agreed is the answer to the next question."""
    ask = Ask(product_id, 1)
    with transaction.atomic():
        contract = Contract.objects.create(
            number="BENCH", account_id=account_id, name="Bench", valid_from=on, is_exclusive=True
        )
        ContractPrice.objects.create(contract=contract, product_id=product_id, unit_price=Decimal("0.0123"))
        found = prices_for_account(account_id, [ask], on)[ask].unit_price
        transaction.set_rollback(True)
    return found == Decimal("0.0123")


def _among_many_lists(work) -> float:
    """The median of `work` where 10,000 lists have been agreed, each for an account and those below, with prices."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_MANY_LISTS)
            cursor.execute("ANALYZE pricing_pricelist")
        work()
        found = p50([_timed(work) for _ in range(IN_A_ROUND)])
        transaction.set_rollback(True)
    return round(found, 2)


_MANY_LISTS = """
WITH made AS (
    INSERT INTO pricing_pricelist (code, name, currency, is_base, valid_from, account_id, for_tree)
    SELECT 'BENCH-' || n, 'Bench ' || n, 'GBP', false, '2020-01-01',
        (SELECT id FROM accounts_account ORDER BY id OFFSET n % 100 LIMIT 1), true
    FROM generate_series(1, 10000 - (SELECT count(*) FROM pricing_pricelist)) n RETURNING id
)
INSERT INTO pricing_price (price_list_id, product_id, min_quantity, unit_price, valid_from)
SELECT made.id, p.id, 1, 1, '2020-01-01' FROM made, (SELECT id FROM catalogue_product ORDER BY id LIMIT 5) p
"""


def _sizes() -> tuple[float, float, int]:
    """MiB of the tables and of their indexes, and bytes of both for each price."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(pg_table_size(t)), sum(pg_indexes_size(t)), (SELECT count(*) FROM pricing_price)"
            " + (SELECT count(*) FROM pricing_contractprice)"
            " FROM unnest(ARRAY['pricing_price', 'pricing_contractprice']::regclass[]) AS t"
        )
        table, index, prices = cursor.fetchone()
    return round(float(table) / 2**20, 1), round(float(index) / 2**20, 1), round(float(table + index) / max(prices, 1))
