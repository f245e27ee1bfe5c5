"""Rows of an export, from csv, csv.gz or xlsx, as text, with nothing trusted about their size."""

import csv
import gzip
import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from apps.core.errors import Invalid

MAX_BYTES = 4 * 1024**3
MAX_SHEET_BYTES = 1024**3
MAX_FIELD = 10_000
_KINDS = (".csv", ".csv.gz", ".xlsx")


class FileRefused(Invalid):
    code = "file_refused"
    title = "The file cannot be read"


def fingerprint(path: Path, *how: str) -> str:
    """What a run of this file read in this way is known by: the hash of both."""
    digest = hashlib.sha256("\n".join(how).encode())
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


@contextmanager
def rows_of(path: Path) -> Iterator[Iterator[list[str]]]:
    """The rows of the file, headings first, each a list of texts. Raises FileRefused where it is no such file."""
    if not path.is_file():
        raise FileRefused(_("There is no file %(path)s.") % {"path": path})
    name = path.name.lower()
    try:
        if name.endswith(".xlsx"):
            yield _sheet_rows(path)
        elif name.endswith(_KINDS):
            with _opened(path, packed=name.endswith(".gz")) as text:
                yield _csv_rows(text)
        else:
            raise FileRefused(_("%(name)s is none of csv, csv.gz, xlsx.") % {"name": path.name})
    except (
        gzip.BadGzipFile,
        zlib.error,
        EOFError,
        UnicodeDecodeError,
        csv.Error,
        zipfile.BadZipFile,
        CalamineError,
    ) as error:
        raise FileRefused(
            _("%(name)s is damaged or not what its name says: %(error)s") % {"name": path.name, "error": error}
        ) from error


@contextmanager
def _opened(path: Path, *, packed: bool) -> Iterator[io.TextIOBase]:
    with gzip.open(path) if packed else path.open("rb") as raw:
        yield io.TextIOWrapper(_Bounded(raw), encoding="utf-8-sig", newline="")


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
    first = text.readline(MAX_FIELD)
    delimiter = max(",;\t|", key=first.count)
    if not first.count(delimiter):
        raise FileRefused(_("The first line names no columns parted by comma, semicolon, tab or bar."))
    yield next(csv.reader([first], delimiter=delimiter))
    yield from csv.reader(text, delimiter=delimiter)


def _sheet_rows(path: Path) -> Iterator[list[str]]:
    with zipfile.ZipFile(path) as archive:
        unpacked = sum(entry.file_size for entry in archive.infolist())
    if unpacked > MAX_SHEET_BYTES:
        raise FileRefused(_("The workbook unpacks to %(mib)s MiB. Save it as csv.") % {"mib": unpacked // 1024**2})
    sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
    for row in sheet.iter_rows():
        yield [_as_text(cell) for cell in row]


def _as_text(cell) -> str:
    """A cell as it would stand in a csv: whole numbers without a point, instants in ISO form."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat(sep=" ") if hasattr(cell, "hour") else str(cell)
