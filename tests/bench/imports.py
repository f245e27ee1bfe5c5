"""A real distributor's invoice lines taken in, in a database of its own; products and prices in bulk."""

import os
import subprocess
import sys
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import psycopg
from django.db import transaction
from psycopg import sql
from psycopg.conninfo import make_conninfo

from apps.catalogue.models import Category, Product
from apps.catalogue.services import load_products
from apps.catalogue.services.loading import ProductRow
from apps.pricing.models import PriceList
from apps.pricing.services import load_prices
from tests.bench.figures import Figure, Plan

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT.parent / "shared" / "data" / "online_retail" / "online_retail.csv.gz"
OWN_DATABASE = "bench_import"
ROWS = 50_000


def measure(plan: Plan) -> list[Figure]:
    file = Path(os.environ.get("BENCH_SALES_HISTORY", FILE))
    figures = _sales_history(file, plan) if file.exists() else []
    if not figures:
        plan.say(f"imports: there is no {file.name}; BENCH_SALES_HISTORY may name it")
    plan.say(f"imports: {ROWS:,} products and prices")
    return [*figures, *_bulk()]


def _sales_history(file: Path, plan: Plan) -> list[Figure]:
    """Time and the most memory of `manage.py import_sales_history`, from an empty database."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as admin:
        _drop(admin)
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(OWN_DATABASE)))
        try:
            url = make_conninfo(os.environ["DATABASE_URL"], dbname=OWN_DATABASE)
            environment = os.environ | {"DATABASE_URL": url, "DATABASE_POOL_SIZE": "0"}
            _manage(environment, "migrate", "--verbosity=0")
            plan.say(f"imports: {file.name}")
            started = time.perf_counter()
            most = _manage(environment, "import_sales_history", str(file))
            seconds = time.perf_counter() - started
            again = time.perf_counter()
            _manage(environment, "import_sales_history", str(file))
            again = time.perf_counter() - again
        finally:
            _drop(admin)
    return [
        Figure("imports", "online_retail_s", round(seconds, 1), "s", "180", f"{again:.1f} s the second time"),
        Figure("imports", "online_retail_mib", round(most), "MiB", "1,024", "most memory of the command"),
    ]


def _drop(admin: psycopg.Connection) -> None:
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(OWN_DATABASE)))


def _manage(environment: dict[str, str], *command: str) -> float:
    """Run a command of manage.py; the most memory it had, in MiB."""
    started = subprocess.Popen(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(started.pid, 0)
    started.returncode = os.waitstatus_to_exitcode(status)
    if started.returncode:
        raise RuntimeError(f"manage.py {command[0]} ended with {started.returncode}")
    return usage.ru_maxrss / 1024


def _bulk() -> list[Figure]:
    """Rows a second of products and of prices, all new; undone afterwards."""
    with transaction.atomic():
        slug = Category.objects.filter(children=None).first().slug
        started = time.perf_counter()
        load_products(_product(n, slug) for n in range(ROWS))
        products = ROWS / (time.perf_counter() - started)
        ids = Product.objects.filter(sku__startswith="BULK-").values_list("pk", flat=True)
        prices = [(pk, 1, Decimal("1.2345"), date(2026, 1, 1), None) for pk in ids]
        own = PriceList.objects.create(code="BULK", name="Bulk", valid_from=date(2026, 1, 1))
        started = time.perf_counter()
        load_prices(own, prices)
        per_second = len(prices) / (time.perf_counter() - started)
        transaction.set_rollback(True)
    return [
        Figure("imports", "products_rows_per_s", round(products), "/s", "", f"{ROWS:,} new products"),
        Figure("imports", "prices_rows_per_s", round(per_second), "/s", "", f"{len(prices):,} new prices"),
    ]


def _product(n: int, slug: str) -> ProductRow:
    return ProductRow(sku=f"BULK-{n:06d}", name=f"Bulk product {n}", category=slug)
