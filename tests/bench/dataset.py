"""The servers and the data set of the benches.

With DATABASE_URL, that database is used; it is seeded if it is empty. Without it, servers are embedded: the data set of
each size is made once by `seed_demo` in a database of its own and kept in `var/bench` for the next run.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

PLACE = Path(__file__).resolve().parents[2] / "var" / "bench"
SEED = {"demo": {}, "full": {"skus": 1_000_000, "accounts": 10_000}}
MADE = "seeded"  # the database's comment once it is complete


@contextmanager
def data_set(size: str, *, fresh: bool = False) -> Iterator[None]:
    """Django set up over the data set of a size and its search index, for the time of the context."""
    os.environ.setdefault("SEARCH_ROOT", str(PLACE / "search" / size))
    if "DATABASE_URL" in os.environ:
        _use(fresh, size)
        yield
        return
    with server():
        url = os.environ["DATABASE_URL"]
        os.environ["DATABASE_URL"] = _own_database(url, f"bench_{size}", fresh)
        try:
            _use(False, size)
            _mark(url, f"bench_{size}")
            yield
        finally:
            _disconnect()


@contextmanager
def server() -> Iterator[None]:
    """A database server without the data set, for benches that bring their own database to it."""
    if "DATABASE_URL" in os.environ:
        yield
        return
    from config.launcher.embedded import start_servers

    PLACE.mkdir(parents=True, exist_ok=True)
    servers = start_servers(PLACE, PLACE)
    try:
        os.environ.setdefault("REDIS_URL", servers.urls["REDIS_URL"])
        os.environ["DATABASE_URL"] = servers.urls["DATABASE_URL"]
        yield
    finally:
        servers.stop()


def _own_database(server: str, name: str, fresh: bool) -> str:
    """The URL of the size's database; one that was never finished is made anew."""
    with psycopg.connect(server, autocommit=True) as admin:
        found = admin.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
        ).fetchone()
        if found is None or found[0] != MADE or fresh:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
            shutil.rmtree(PLACE / "search" / name.removeprefix("bench_"), ignore_errors=True)
    return make_conninfo(server, dbname=name)


def _mark(server: str, name: str) -> None:
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(MADE)))


def _use(fresh: bool, size: str) -> None:
    os.environ.setdefault("DATABASE_POOL_SIZE", "12")
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # nothing in it: pages are measured, not files
    call_command("migrate", verbosity=0, interactive=False)
    from apps.demo.seeding import is_empty

    if fresh or is_empty():
        call_command("seed_demo", fresh=fresh, **SEED[size])
        fresh = True
    _index(fresh)
    keep_up()


def keep_up() -> None:
    """The sums that pages read as of today, as the schedule keeps them."""
    from django.utils import timezone

    from apps.insights import services

    now = timezone.now()
    services.keep_months(now=now)
    services.slide_account_sums(now=now)
    services.slide_windows(now=now)


def _index(fresh: bool) -> None:
    """The search index of the data set, as a web machine would have it; made once, and anew with the data."""
    from apps.catalogue.index import build, opened, places

    if fresh or opened() is None:
        print("Search index ...", flush=True)
        places.serve(build())


def _disconnect() -> None:
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()
        connection.close_pool()
