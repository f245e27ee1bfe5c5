"""A real distributor's invoice lines and a supplier's catalogue taken in, in databases of their own; rows in bulk."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
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
from tests.bench import supplier
from tests.bench.figures import Figure, Plan

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT.parent / "shared" / "data" / "online_retail" / "online_retail.csv.gz"
OWN_DATABASE = "bench_import"
ROWS = 50_000
#: Rows of a supplier's file and how many of them are bad, by the size of the data set.
SUPPLIED = {"demo": (50_000, 25), "full": (1_000_000, 500)}
LOOK_EVERY_S = 0.1


def measure(plan: Plan) -> list[Figure]:
    file = Path(os.environ.get("BENCH_SALES_HISTORY", FILE))
    figures = _sales_history(file, plan) if file.exists() else []
    if not figures:
        plan.say(f"imports: there is no {file.name}; BENCH_SALES_HISTORY may name it")
    rows, bad = SUPPLIED[plan.size]
    plan.say(f"imports: a supplier's file of {rows:,} products, {bad} of them bad")
    figures += _supplier(rows, bad)
    plan.say(f"imports: {ROWS:,} products and prices")
    return [*figures, *_bulk()]


def _sales_history(file: Path, plan: Plan) -> list[Figure]:
    """Time and the most memory of `manage.py import_sales_history`, from an empty database."""
    with _own_database() as environment:
        plan.say(f"imports: {file.name}")
        started = time.perf_counter()
        most = _manage(environment, "import_sales_history", str(file))
        seconds = time.perf_counter() - started
        again = time.perf_counter()
        _manage(environment, "import_sales_history", str(file))
        again = time.perf_counter() - again
    return [
        Figure("imports", "online_retail_s", round(seconds, 1), "s", "180", f"{again:.1f} s the second time"),
        Figure("imports", "online_retail_mib", round(most), "MiB", "1,024", "most memory of the command"),
    ]


def _supplier(rows: int, bad: int) -> list[Figure]:
    """A supplier's file put live by `manage.py import_products --commit`, while others read and write; and found."""
    with _own_database() as environment, tempfile.TemporaryDirectory() as place:
        environment |= {"SEARCH_ROOT": f"{place}/search"}
        prices = _answer(environment, "prepare")["price_list"]
        file, report = Path(place, "supplier.csv"), Path(place, "report.json")
        supplier.write(file, rows, bad)
        options = ("--commit", "--price-list", prices, "--decimal-mark", ".", "--report", str(report))
        started = time.perf_counter()
        with _looking(environment["DATABASE_URL"]) as waits:
            most = _manage(environment, "import_products", str(file), *options)
        seconds = time.perf_counter() - started
        told = json.loads(report.read_text())
        found = _answer(environment, "found", str(rows), str(bad))
    said = f"{rows:,} rows in {seconds:.0f} s; {told['step']}, {told['kinds']}"
    looked = f"of {found['asked']}; by GTIN {found['by_gtin']}; bad ones {found['bad']}; index {found['index_s']} s"
    return [
        Figure("imports", "products_rows_per_s", round(rows / seconds), "/s", "", said),
        Figure("imports", "products_mib", round(most), "MiB", "1,024", "most memory of the command"),
        Figure("imports", "products_quarantined", told["kinds"]["quarantined"], "", str(bad), str(told["reasons"])),
        Figure("imports", "products_found", found["by_sku"], "", str(found["asked"]), looked),
        Figure("imports", "others_wait_ms", round(1000 * max(waits)), "ms", "", f"longest of {len(waits)} meanwhile"),
    ]


@contextmanager
def _looking(url: str) -> Iterator[list[float]]:
    """While it lasts, somebody lists and changes products; how long each time took."""
    waits, over = [], threading.Event()

    def look() -> None:
        with psycopg.connect(url, autocommit=True) as other:
            while not over.wait(LOOK_EVERY_S):
                started = time.perf_counter()
                other.execute(
                    "SELECT sku, name FROM catalogue_product ORDER BY popularity DESC, id LIMIT 24"
                ).fetchall()
                other.execute("UPDATE catalogue_product SET lead_days = 20 - lead_days WHERE sku = 'PROBE'")
                waits.append(time.perf_counter() - started)

    looker = threading.Thread(target=look)
    looker.start()
    try:
        yield waits
    finally:
        over.set()
        looker.join()


@contextmanager
def _own_database() -> Iterator[dict[str, str]]:
    """An empty database, migrated; the environment of commands over it."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as admin:
        _drop(admin)
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(OWN_DATABASE)))
        try:
            url = make_conninfo(os.environ["DATABASE_URL"], dbname=OWN_DATABASE)
            environment = os.environ | {"DATABASE_URL": url, "DATABASE_POOL_SIZE": "0"}
            _manage(environment, "migrate", "--verbosity=0")
            yield environment
        finally:
            _drop(admin)


def _drop(admin: psycopg.Connection) -> None:
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(OWN_DATABASE)))


def _answer(environment: dict[str, str], *asked: str) -> dict:
    """What `tests.bench.supplier` answers over that database."""
    command = [sys.executable, "-m", "tests.bench.supplier", *asked]
    told = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(told.stdout)


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
        Figure("imports", "bulk_products_rows_per_s", round(products), "/s", "", f"{ROWS:,} new products"),
        Figure("imports", "bulk_prices_rows_per_s", round(per_second), "/s", "", f"{len(prices):,} new prices"),
    ]


def _product(n: int, slug: str) -> ProductRow:
    return ProductRow(sku=f"BULK-{n:06d}", name=f"Bulk product {n}", category=slug)
