"""Rows of an export, from csv, csv.gz or xlsx, as text, with nothing trusted about their size.

A packed file says little about what it unpacks to: bytes, the length of a line, the columns, and the cells of a
workbook are counted while they are unpacked, and too much of any is refused before it is held.
"""

import csv
import gzip
import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils.translation import gettext as _

from apps.core.sheets import BROKEN, FileRefused, workbook_rows

MAX_BYTES = 4 * 1024**3
MAX_SHEET_BYTES = 1024**3
MAX_FIELD = 10_000
MAX_LINE = 1_000_000
MAX_COLUMNS = 1_000
MAX_CELLS = 6_000_000  # about 110 bytes each once read: what a process may hold
ENCODING = "utf-8"
#: What the name of a sheet ends with.
SHEETS = (".csv", ".csv.gz", ".xlsx")


def fingerprint(path: Path, *how: str) -> str:
    """What a run of this file read in this way is known by: the hash of both."""
    digest = hashlib.sha256("\n".join(how).encode())
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


@contextmanager
def rows_of(path: Path, encoding: str = ENCODING) -> Iterator[Iterator[list[str]]]:
    """The rows of the file, headings first, each a list of texts; `encoding` is that of a csv.

    Raises FileRefused where it is no such file.
    """
    if not path.is_file():
        raise FileRefused(_("There is no file %(path)s.") % {"path": path})
    name = path.name.lower()
    try:
        if name.endswith(".xlsx"):
            yield _narrow(_sheet_rows(path))
        elif name.endswith(SHEETS):
            with _opened(path, encoding, packed=name.endswith(".gz")) as text:
                yield _narrow(_csv_rows(text))
        else:
            raise FileRefused(_("%(name)s is none of csv, csv.gz, xlsx.") % {"name": path.name})
    except UnicodeError as error:
        raise FileRefused(
            _("%(name)s is not written in %(encoding)s. Save it as UTF-8, or say how it is (Excel: cp1252).")
            % {"name": path.name, "encoding": encoding}
        ) from error
    except (gzip.BadGzipFile, csv.Error, *BROKEN) as error:
        raise FileRefused(
            _("%(name)s is damaged or not what its name says: %(error)s") % {"name": path.name, "error": error}
        ) from error


def headings_of(path: Path, *, samples: int = 3) -> tuple[list[str], list[list[str]]]:
    """The headings, and the first rows below them; `FileRefused` where it is no sheet."""
    with rows_of(path) as rows:
        headings = [heading.strip() for heading in next(rows, [])]
        return headings, [row for row, _number in zip(rows, range(samples), strict=False)]


@contextmanager
def _opened(path: Path, encoding: str, *, packed: bool) -> Iterator[io.TextIOBase]:
    marked = "utf-8-sig" if encoding.lower() in ("utf-8", "utf8") else encoding
    with gzip.open(path) if packed else path.open("rb") as raw:
        try:
            text = io.TextIOWrapper(_Bounded(raw), encoding=marked, newline="")
        except LookupError:
            raise FileRefused(_("There is no encoding %(name)s.") % {"name": encoding}) from None
        yield text


class _Bounded(io.RawIOBase):
    """Bytes of a file, until there are too many: a packed file may be a bomb."""

    def __init__(self, raw):
        self.raw, self.left = raw, MAX_BYTES

    def readable(self):
        return True

    def readinto(self, buffer):
        block = self.raw.read(len(buffer))
        self.left -= len(block)
        if self.left < 0:
            raise FileRefused(_("The file holds more than %(gib)s GiB. Split it.") % {"gib": MAX_BYTES // 1024**3})
        buffer[: len(block)] = block
        return len(block)


def _csv_rows(text: io.TextIOBase) -> Iterator[list[str]]:
    csv.field_size_limit(MAX_FIELD)
    lines = _lines(text)
    first = next(lines, "")
    delimiter = max(",;\t|", key=first.count)
    if not first.count(delimiter):
        raise FileRefused(_("The first line names no columns parted by comma, semicolon, tab or bar."))
    yield next(csv.reader([first], delimiter=delimiter))
    yield from csv.reader(lines, delimiter=delimiter)


def _lines(text: io.TextIOBase) -> Iterator[str]:
    while line := text.readline(MAX_LINE):
        if len(line) == MAX_LINE:
            raise FileRefused(_("A line is longer than %(most)s characters.") % {"most": MAX_LINE})
        yield line


def _narrow(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    for row in rows:
        if len(row) > MAX_COLUMNS:
            raise FileRefused(
                _("The file has %(columns)s columns; more than %(most)s are not read.")
                % {"columns": len(row), "most": MAX_COLUMNS}
            )
        yield row


def _sheet_rows(path: Path) -> Iterator[list[str]]:
    return workbook_rows(path, most_bytes=MAX_SHEET_BYTES, most_cells=MAX_CELLS)
