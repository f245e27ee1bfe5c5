"""The servers of the tests, and one database for each test process.

Loaded by `-p tests.servers`, so that the servers run before Django reads its settings. Where DATABASE_URL or REDIS_URL
is set, that server is used; else an embedded one, which forgets everything afterwards. The first process that needs a
database migrates a template; each process gets a copy of it.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

RUN = "TRADEWELL_TEST_RUN"
TEMPLATE_LOCK = 4_170_001  # an advisory lock: one process migrates, the others wait


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Set the URLs before pytest-django loads the settings."""
    if not early_config.known_args_namespace.collectonly:
        _start_missing()
        _take_own_broker()
    return (yield)


def _start_missing() -> None:
    os.environ.setdefault(RUN, str(os.getpid()))
    if "DATABASE_URL" in os.environ and "REDIS_URL" in os.environ:
        return
    from config.launcher.embedded import start_servers

    place = Path(tempfile.mkdtemp(prefix="tradewell-tests-"))
    place.chmod(0o755)  # a root's servers run as another user
    servers = start_servers(place, place, fleeting=True)
    for name, url in servers.urls.items():
        os.environ.setdefault(name, url)
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    atexit.register(servers.stop)


def _take_own_broker() -> None:
    """Each test process uses its own database of the Redis server."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if worker:
        server = os.environ["REDIS_URL"].rpartition("/")[0]
        os.environ["REDIS_URL"] = f"{server}/{int(worker.removeprefix('gw')) + 1}"


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_test_environment, django_db_blocker) -> Iterator[None]:
    """A database of our own, copied from the migrated template."""
    from django.conf import settings
    from django.db import connection

    server = os.environ["DATABASE_URL"]
    run = os.environ[RUN]
    name = f"test_{run}_{os.environ.get('PYTEST_XDIST_WORKER', 'only')}"
    with django_db_blocker.unblock():
        template = _template(server, run, connection)
        _make(server, name, template)
        _use(connection, settings, name)
    os.environ["DATABASE_URL"] = make_conninfo(server, dbname=name)
    yield
    with django_db_blocker.unblock():
        connection.close()
        with _administration(server) as admin:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _template(server: str, run: str, connection) -> str:
    """The name of the migrated template of this run; the first who asks makes it."""
    from django.conf import settings
    from django.core.management import call_command

    name = f"test_{run}_template"
    with _administration(server) as admin:
        admin.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
        if admin.execute("SELECT FROM pg_database WHERE datname = %s", [name]).rowcount == 0:
            _make(server, name, "template0")
            _use(connection, settings, name)
            call_command("migrate", verbosity=0, interactive=False)
            call_command("createcachetable", verbosity=0)
            connection.close()
    return name


def _make(server: str, name: str, template: str) -> None:
    with _administration(server) as admin:
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        admin.execute(copy)


def _use(connection, settings, name: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name


def _administration(server: str) -> psycopg.Connection:
    return psycopg.connect(server, autocommit=True)


def pytest_unconfigure(config: pytest.Config) -> None:
    """The controller drops the template of a server that outlives the run."""
    if "PYTEST_XDIST_WORKER" in os.environ or RUN not in os.environ or "DATABASE_URL" not in os.environ:
        return
    name = f"test_{os.environ[RUN]}_template"
    parts = conninfo_to_dict(os.environ["DATABASE_URL"])
    if parts.get("dbname", "").startswith("test_"):  # ours is dropped by now
        parts["dbname"] = "postgres"
    with psycopg.connect(make_conninfo(**parts), autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
