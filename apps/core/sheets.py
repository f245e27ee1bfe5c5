"""Workbooks that others made, read as rows of text with nothing trusted about their size; and what a sheet may be told.

A packed file says little about what it unpacks to. Before a workbook is held, what it unpacks to is counted, and so are
the cells of each sheet and the rectangle they span: two cells in far corners are held as everything between them.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from python_calamine import CalamineError, CalamineWorkbook

from apps.core.errors import Invalid

BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, CalamineError)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
_CELL = re.compile(rb"<c[ />]")
_PLACE = re.compile(rb"<c [^>]{0,200}?\br=\"([A-Z]{1,3})([0-9]{1,7})\"")
_NUMBER = re.compile(r"[+-]?[\d.,]+")
_OVERLAP = 300


class FileRefused(Invalid):
    code = "file_refused"
    title = gettext_lazy("The file cannot be read")


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) and not _NUMBER.fullmatch(text) else text


def workbook_rows(file: Path | IO[bytes], *, most_bytes: int, most_cells: int) -> Iterator[list[str]]:
    """The rows of the first sheet of an xlsx as texts: of a formula what it came to when the file was kept.

    Raises `FileRefused` where it holds too much, and one of `BROKEN` where it is no workbook.
    """
    with zipfile.ZipFile(file) as archive:
        unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > most_bytes:
            raise FileRefused(_("The workbook unpacks to %(mib)s MiB. Save it as csv.") % {"mib": unpacked // 1024**2})
        for entry in archive.infolist():
            if entry.filename.startswith("xl/worksheets/") and entry.filename.endswith(".xml"):
                _count_cells(archive, entry, most_cells)
    book = _opened(file)
    for row in book.get_sheet_by_index(0).iter_rows():
        yield [as_text(cell) for cell in row]


def _opened(file: Path | IO[bytes]) -> CalamineWorkbook:
    if isinstance(file, Path):
        return CalamineWorkbook.from_path(str(file))
    file.seek(0)
    return CalamineWorkbook.from_filelike(file)


def _count_cells(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> None:
    """Refuse a sheet with more cells than are read: an empty one costs a few bytes packed, and a hundred unpacked."""
    cells, tail, rows, columns = 0, b"", [], []
    with archive.open(entry) as sheet:
        while block := sheet.read(1 << 20):
            cells += len(_CELL.findall(tail[-2:] + block))
            places = _PLACE.findall(tail + block)
            rows = _ends([*rows, *(int(row) for _column, row in places)])
            columns = _ends([*columns, *(_number_of(column) for column, _row in places)])
            tail = block[-_OVERLAP:]
            spanned = (rows[-1] - rows[0] + 1) * (columns[-1] - columns[0] + 1) if rows else 0
            if cells > most or spanned > most:
                raise FileRefused(_("A sheet has more than %(most)s cells. Save it as csv.") % {"most": f"{most:,}"})


def _ends(numbers: list[int]) -> list[int]:
    return [min(numbers), max(numbers)] if numbers else []


def _number_of(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def as_text(cell: object) -> str:
    """A cell as it would stand in a csv: whole numbers without a point, instants in ISO form."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat(sep=" ") if hasattr(cell, "hour") else str(cell)
