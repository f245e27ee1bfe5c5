"""Where the index of this machine lies, and how another one takes its place at once.

    SEARCH_ROOT/
        current         the name of the folder that is served: replaced by a rename, so never half written
        lock            held (flock) by the one process of the machine that writes
        <name>/entries  an index; <name>/words.json the synonyms and units it is searched with

A folder is named by the version of the schema. Whoever has it open keeps it, also after it was removed.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from apps.catalogue.index.schema import VERSION


def root() -> Path:
    place = Path(settings.SEARCH_ROOT)
    place.mkdir(parents=True, exist_ok=True)
    return place


def current() -> Path | None:
    """The folder that is served; None where there is none of this version of the schema."""
    try:
        name = (root() / "current").read_text().strip()
    except FileNotFoundError:
        return None
    folder = root() / name
    return folder if name.startswith(_prefix()) and folder.is_dir() else None


def new_folder() -> Path:
    """An empty folder for an index in the making."""
    taken = [int(folder.name.rpartition("-")[2]) for folder in root().glob("v*-*") if folder.is_dir()]
    folder = root() / f"{_prefix()}{max(taken, default=0) + 1}"
    (folder / "entries").mkdir(parents=True)
    return folder


def serve(folder: Path) -> None:
    """Let `folder` be the current one from now on, and remove all others."""
    write_whole(root() / "current", folder.name)
    for other in root().glob("v*-*"):
        if other != folder:
            shutil.rmtree(other, ignore_errors=True)


def _prefix() -> str:
    return f"v{VERSION}-"


def write_whole(path: Path, text: str) -> None:
    """Write a file so that a reader sees the old text or the new one."""
    unfinished = path.with_name(f"{path.name}.new")
    with unfinished.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def write_words(folder: Path, words: dict) -> None:
    write_whole(folder / "words.json", json.dumps(words, ensure_ascii=False))


@contextmanager
def sole_writer() -> Iterator[bool]:
    """Whether this process is the one that may write, for the time of the context."""
    with (root() / "lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def complain() -> None:
    """Say that the current index cannot be read: whoever writes will build it anew."""
    (root() / "broken").touch()


def complaint() -> bool:
    return (root() / "broken").exists()


def settle_complaint() -> None:
    (root() / "broken").unlink(missing_ok=True)
