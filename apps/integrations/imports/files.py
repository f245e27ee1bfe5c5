"""A run's file, as a file of the machine that reads it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfileobj
from tempfile import NamedTemporaryFile

from apps.integrations.models import ImportRun

_SUFFIXES = (".csv", ".gz", ".xlsx", ".xml")


@contextmanager
def local(run: ImportRun) -> Iterator[Path]:
    """The file that was kept with the run."""
    with run.file.open("rb") as kept, on_this_machine(kept, run.file.name) as path:
        yield path


@contextmanager
def on_this_machine(file, name: str) -> Iterator[Path]:
    """A copy with no more of its name than what kind of file it is; `file` stands at its beginning afterwards."""
    suffix = "".join(suffix for suffix in Path(name.lower()).suffixes[-2:] if suffix in _SUFFIXES)
    with NamedTemporaryFile(suffix=suffix) as copy:
        file.seek(0)
        copyfileobj(file, copy, 1 << 20)
        copy.flush()
        file.seek(0)
        yield Path(copy.name)
