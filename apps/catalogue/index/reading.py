"""The index as a web process reads it.

1. It is opened read-only. Before each search two files are looked at (a few microseconds): which folder is current, and
   whether there was a commit; what is new is opened.
2. Where it is missing or cannot be read, there is none, and the caller answers from PostgreSQL. What cannot be read is
   complained of, so that it is built anew.
3. What was reckoned from a commit is kept with it, and gone with it; but what can say what the products written since
   change in it, is handed on to the next one.
"""

import json
import logging
import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tantivy import Index, Query, Searcher

from apps.catalogue.index import places
from apps.catalogue.index.kept import Kept
from apps.catalogue.index.measures import Units, units_of
from apps.catalogue.index.schema import PROGRESS, prepared, schema

log = logging.getLogger(__name__)

HANDED_ON = 24  # of what is kept, from one commit to the next


@dataclass(frozen=True)
class Opened:
    """An index as of one commit, and what it is searched with: synonyms (each a set of phrases) and units.

    `learnt` is for what is reckoned from an index once, such as its vocabulary; `kept` for what is true of this commit
    alone. `writes` are the latest commits: number and the products written, None where they were too many to tell.
    """

    folder: Path
    index: Index
    searcher: Searcher
    synonyms: tuple[tuple[str, ...], ...]
    units: Units
    learnt: dict = field(default_factory=dict)
    kept: Kept = field(default_factory=Kept)
    writes: Sequence[tuple[int, Sequence[int] | None]] = ()


_lock = threading.Lock()
_state: dict[str, object] = {"stamp": None, "opened": None}


def opened() -> Opened | None:
    """The index as of its last commit; None where there is none to be read."""
    try:
        folder = places.current()
        if folder is None:
            return None
        stamp = (os.getpid(), folder, _stamp(folder / "entries" / "meta.json"), _stamp(folder / "words.json"))
        if _state["stamp"] == stamp:
            return _state["opened"]
        with _lock:
            if _state["stamp"] != stamp:
                _state["opened"] = _open(folder, _state["opened"])
                _state["stamp"] = stamp
            return _state["opened"]
    except BaseException as error:
        if not is_of_the_engine(error):
            raise
        log.warning("the search index cannot be opened, PostgreSQL answers: %s", error)
        forget()
        places.complain()
        return None


def is_of_the_engine(error: BaseException) -> bool:
    """Whether an error comes from the engine: it says ValueError, or panics, which is no ordinary exception."""
    return isinstance(error, ValueError | OSError) or type(error).__name__ == "PanicException"


def trouble(error: BaseException) -> None:
    """A search failed. Where the index cannot be read at all, whoever writes is told to build it anew."""
    log.exception("the search index did not answer, PostgreSQL does: %s", error)
    index = _state["opened"]
    forget()
    if index is None:
        return
    try:
        index.searcher.aggregate(Query.all_query(), {"stock": {"terms": {"field": "stock"}}})
        index.searcher.search(Query.term_query(schema(), "status", "active"), 1)
    except BaseException as again:
        if not is_of_the_engine(again):
            raise
        places.complain()


def forget() -> None:
    """Let go of what is open."""
    _state.update(stamp=None, opened=None)


def _stamp(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return found.st_ino, found.st_mtime_ns, found.st_size


def _open(folder: Path, before: Opened | None) -> Opened:
    if before is not None and before.folder == folder:
        index, learnt = before.index, before.learnt
        index.reload()
    else:
        index, learnt = prepared(Index.open(str(folder / "entries"))), {}
        index.config_reader("manual")
        index.reload()
    synonyms, units = _words(json.loads((folder / "words.json").read_text()))
    searcher = index.searcher()
    now = Opened(
        folder, index, searcher, synonyms, units, learnt, writes=(progress_of(searcher) or {}).get("writes", ())
    )
    if before is not None and before.folder == folder:
        _hand_on(before, now)
    return now


def _hand_on(before: Opened, now: Opened) -> None:
    """Keep of the commit before what was asked for last, where it is known what has been written since."""
    ids = _written_since(before, now)
    if ids is None:
        return
    try:
        for key, value in before.kept.latest(HANDED_ON):
            if (lasting := value.handed_on(before, now, ids)) is not None:
                now.kept.put(key, lasting)
    except BaseException as error:
        if not is_of_the_engine(error):
            raise
        log.warning("what was kept of the search index is reckoned anew: %s", error)


def _written_since(before: Opened, now: Opened) -> frozenset[int] | None:
    """The products written after one commit up to another; None where that is not known."""
    if not (before.writes and now.writes):
        return None
    last = before.writes[-1][0]
    since = [ids for number, ids in now.writes if number > last]
    if None in since or len(since) != now.writes[-1][0] - last:
        return None
    return frozenset(id_ for ids in since for id_ in ids)


def _words(said: Mapping) -> tuple[tuple[tuple[str, ...], ...], Units]:
    units = units_of((words, base, factor) for words, base, factor in said["units"])
    return tuple(tuple(phrases) for phrases in said["synonyms"]), units


def progress_of(searcher: Searcher) -> dict | None:
    """How far an index follows PostgreSQL, as its last commit says."""
    hits = searcher.search(Query.term_query(schema(), "kind", PROGRESS), 1).hits
    return json.loads(searcher.doc(hits[0][1]).get_first("note")) if hits else None
