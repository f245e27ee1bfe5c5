"""The named world of tests/world.py, built once for the tests of a module instead of once for each.

It stands in a transaction that stays open while the module runs; the transaction of each test becomes a savepoint in
it. A test gets copies of the objects, so that what it changes in them or in the database is as it was for the next.
"""

import pickle
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.db import connection, transaction


class StandingWorld:
    """A world that is there before a test begins; `copy` gives it its own objects."""

    def __init__(self):
        from tests.world import build

        self.content = pickle.dumps(build())
        self.session = connection.connection

    def copy(self) -> SimpleNamespace:
        return pickle.loads(self.content)

    @property
    def stands(self) -> bool:
        """Whether it is still in the database: a connection that was cut took it along."""
        return connection.connection is self.session and len(connection.savepoint_ids) > 0


@pytest.fixture(scope="module")
def standing_world(django_db_setup, django_db_blocker) -> Iterator[StandingWorld]:
    with django_db_blocker.unblock():
        stage = transaction.atomic()
        stage.__enter__()
        yield StandingWorld()
        if connection.in_atomic_block:
            transaction.set_rollback(True)
        stage.__exit__(None, None, None)


@pytest.fixture
def world(request) -> SimpleNamespace:
    """The small named world of tests/world.py, as it is on its first morning."""
    from tests.world import build

    if not stands_before(request.node):
        request.getfixturevalue("db")
        return build()
    standing = request.getfixturevalue("standing_world")
    request.getfixturevalue("db")
    return standing.copy() if standing.stands else build()


def stands_before(test: pytest.Item) -> bool:
    """Whether the world may be shared: not where a test commits, for all that is there is then thrown away."""
    marker = test.get_closest_marker("django_db")
    commits = marker is not None and (marker.kwargs.get("transaction") or marker.args[:1] == (True,))
    return "world" in test.fixturenames and not commits and "transactional_db" not in test.fixturenames


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In each module the tests on the shared world come last, and have it before their own transaction begins.

    Modules with a slow test come first, then those with the most tests: of two processes neither idles at the end.
    """
    modules: dict[object, list[pytest.Item]] = {}
    for test in items:
        modules.setdefault(test.getparent(pytest.Module), []).append(test)
        if isinstance(test, pytest.Function) and stands_before(test):
            test.fixturenames.insert(0, "standing_world")
    items[:] = [
        test
        for tests in sorted(modules.values(), key=_weight, reverse=True)
        for test in sorted(tests, key=stands_before)
    ]


def _weight(tests: list[pytest.Item]) -> tuple[bool, int]:
    return any(test.get_closest_marker("slow") for test in tests), len(tests)
