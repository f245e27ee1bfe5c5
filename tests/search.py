"""The search index of the tests: each process has its own, built for a test when that first searches, and followed
before each further search, as the process `follow_search` would within the second."""

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection


class Index:
    """An index that is up with the database whenever it is read; what that takes counts among nobody's queries."""

    def __init__(self, root: Path, opened: Callable, trouble: Callable):
        self.root, self.as_it_is, self.trouble = root, opened, trouble
        self.follower, self.lock = None, threading.Lock()

    def opened(self):
        with self.lock:
            counting, connection.force_debug_cursor = connection.force_debug_cursor, False
            try:
                self.catch_up()
            finally:
                connection.force_debug_cursor = counting
        return self.as_it_is()

    def catch_up(self) -> None:
        from apps.catalogue.index.writing import BuildAnewError

        try:
            if self.follower is None:
                self.build()
            self.follower.follow()
        except BuildAnewError:
            self.build()

    def build(self) -> None:
        from apps.catalogue.index import Follower, build, places

        self.close()
        folder = build()
        places.serve(folder)
        self.follower = Follower(folder)

    def close(self) -> None:
        if self.follower is not None:
            self.follower.close()
            self.follower = None


def _raise(error: BaseException) -> None:
    """A test that does not expect trouble with the index wants to see it."""
    raise error


@pytest.fixture(scope="session")
def search_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("search")


@pytest.fixture(autouse=True)
def search_index(search_root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    """The index of this test, up with what it wrote."""
    from apps.catalogue.index import reading

    index = Index(search_root, reading.opened, reading.trouble)
    monkeypatch.setattr(settings, "SEARCH_ROOT", str(search_root))
    monkeypatch.setattr(reading, "opened", index.opened)
    monkeypatch.setattr(reading, "trouble", _raise)
    yield index
    index.close()
    reading.forget()
    shutil.rmtree(search_root, ignore_errors=True)
