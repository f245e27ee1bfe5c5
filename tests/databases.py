"""A database for each test process: a copy of a template that the first of them has migrated."""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from tests.kept import BEHIND, MIGRATED

RUN = "TRADEWELL_TEST_RUN"
TEMPLATE_LOCK = 4_170_001  # an advisory lock: one process migrates, the others wait


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: object) -> Iterator[None]:
    """The database of this process; DATABASE_URL names it for the processes that tests start."""
    server = os.environ["DATABASE_URL"]
    name = f"test_{os.environ[RUN]}_{os.environ.get('PYTEST_XDIST_WORKER', 'only')}"
    with django_db_blocker.unblock():
        drop(server, name)  # of a run that was killed
        make(server, name, template=migrated_template(server))
        use(name)
    os.environ["DATABASE_URL"] = make_conninfo(server, dbname=name)
    yield
    os.environ["DATABASE_URL"] = server
    with django_db_blocker.unblock():
        use("")
    drop(server, name)


def template_name() -> str:
    return f"test_{os.environ[RUN]}_template"


def migrated_template(server: str) -> str:
    """The name of this run's migrated template; the first who asks makes it."""
    from django.core.management import call_command

    name = template_name()
    with administration(server) as admin:
        admin.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
        is_there = admin.execute("SELECT FROM pg_database WHERE datname = %s", [name]).rowcount == 1
        if not is_there or must_go_on():
            try:
                if not is_there:
                    make(server, name, template="template0")
                use(name)
                call_command("migrate", verbosity=0, interactive=False)
                if MIGRATED in os.environ:
                    Path(os.environ[MIGRATED]).touch()
            except BaseException:
                use("")
                drop(server, name)
                raise
            use("")
    return name


def must_go_on() -> bool:
    """Whether the template was kept from before the newest migrations and nobody in this run has migrated it yet."""
    return BEHIND in os.environ and not Path(os.environ[MIGRATED]).exists()


def make(server: str, name: str, *, template: str) -> None:
    with administration(server) as admin:
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        admin.execute(copy)


def drop(server: str, name: str) -> None:
    with administration(server) as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def use(name: str) -> None:
    """Let Django's connection go to the database `name` from now on."""
    from django.conf import settings
    from django.db import connection

    connection.close()
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name


def administration(server: str) -> psycopg.Connection:
    """A connection to the server's own database, for statements about databases."""
    return psycopg.connect(server, autocommit=True)
