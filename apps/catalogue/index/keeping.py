"""The life of the index on one machine: one process writes, round after round; the others wait for their turn.

1. Whoever holds the lock of the folder writes. When its life ends, however, the next one takes over within seconds.
2. Each round takes over what is marked in PostgreSQL; half a second later all web processes search it.
3. What is missing, broken or out of reach is built anew beside what is served; meanwhile that one follows on.
"""

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from django.db import close_old_connections, connection
from django.db.utils import DatabaseError, InterfaceError

from apps.catalogue.index import places
from apps.catalogue.index.writing import BuildAnewError, Follower, build

log = logging.getLogger(__name__)

PAUSE = 0.5  # seconds between two rounds
WAIT_FOR_THE_LOCK = 2.0


def keep(stop: Callable[[], bool] = lambda: False) -> None:
    """Follow PostgreSQL until `stop()` says so, whenever this process is the one that may write."""
    while not stop():
        with places.sole_writer() as mine:
            if mine:
                _write_until(stop)
        time.sleep(WAIT_FOR_THE_LOCK if not mine else 0)


def _write_until(stop: Callable[[], bool]) -> None:
    keeper = Keeper()
    try:
        while not stop():
            try:
                close_old_connections()
                keeper.round()
            except (DatabaseError, InterfaceError, OSError) as error:
                log.warning("the search index could not follow, it will be tried again: %s", error)
                connection.close()
                keeper.restart()
            time.sleep(PAUSE)
    finally:
        keeper.close()


class Keeper:
    """The rounds of the one writer."""

    def __init__(self) -> None:
        self.follower: Follower | None = None
        self.builder = ThreadPoolExecutor(1, thread_name_prefix="search-index")
        self.building: Future[Path] | None = None

    def round(self) -> None:
        """Serve what was built; take over what changed; begin to build where that cannot be."""
        if self.building is not None and self.building.done():
            self._serve(self.building)
        if self.follower is None:
            self.follower = self._found()
        if self.follower is None or places.complaint():
            self._build()
        if self.follower is not None:
            self._follow(self.follower)

    def _found(self) -> Follower | None:
        folder = places.current()
        if folder is None:
            return None
        try:
            return Follower(folder)
        except (DatabaseError, InterfaceError):
            raise
        except Exception as error:
            log.warning("the search index cannot be followed: %s", error)
            return None

    def _follow(self, follower: Follower) -> None:
        try:
            follower.follow(retiring=self.building is not None)
        except BuildAnewError as reason:
            log.info("the search index is built anew: %s", reason)
            self._build()
        except (DatabaseError, InterfaceError):
            raise
        except Exception as error:
            log.warning("the search index cannot be written: %s", error)
            self.restart()
            places.complain()

    def _build(self) -> None:
        if self.building is None:
            self.building = self.builder.submit(_build_in_thread)

    def _serve(self, building: Future[Path]) -> None:
        self.building = None
        folder = building.result()
        self.restart()
        places.serve(folder)
        places.settle_complaint()

    def restart(self) -> None:
        """Begin the next round from what the folder says."""
        follower, self.follower = self.follower, None
        if follower is not None:
            follower.close()

    def close(self) -> None:
        self.builder.shutdown(wait=False, cancel_futures=True)
        self.restart()


def _build_in_thread() -> Path:
    try:
        return build()
    finally:
        connection.close()
