"""Codes and quantities out of a file that a buyer sends: csv in whatever encoding, or xlsx; told apart by content."""

import codecs
import zipfile
from collections.abc import Collection, Sequence

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from apps.core.sheets import BROKEN, FileRefused, workbook_rows
from apps.ordering.rules.sheets import Understood, read_rows, read_text

LARGEST = 10 * 1024**2
_MOST_UNPACKED, _MOST_CELLS = 100 * 1024**2, 500_000
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_MARKED = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def understood(file: UploadedFile, columns: Sequence[str], places: Collection[str]) -> Understood:
    """The lines of the file, read as by `read_text`. Raises `FileRefused` where it cannot be, saying what to do."""
    if file.size > LARGEST:
        raise FileRefused(_("The file is larger than %(mib)s MB. Split it.") % {"mib": LARGEST // 1024**2})
    begins = file.read(4)
    file.seek(0)
    if begins.startswith(_OLD_EXCEL):
        raise FileRefused(
            _("This is an old or a locked workbook. Save it as .xlsx without a password, or as .csv, and send that.")
        )
    if begins.startswith(_ZIP):
        return _workbook(file, columns, places)
    return read_text(_text(file.read()), columns=columns, places=places)


def _workbook(file: UploadedFile, columns: Sequence[str], places: Collection[str]) -> Understood:
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
        if "xl/workbook.xml" not in names:
            raise FileRefused(_("This is no .xlsx workbook. Save the list as .xlsx or .csv and send it again."))
        file.seek(0)
        rows = workbook_rows(file, most_bytes=_MOST_UNPACKED, most_cells=_MOST_CELLS)
        return read_rows(rows, columns=columns, places=places)
    except (*BROKEN, RuntimeError) as error:  # zipfile says by RuntimeError that a file is locked
        raise FileRefused(_("The workbook is damaged. Open it, save it anew and send that.")) from error


def _text(content: bytes) -> str:
    for mark, encoding in _MARKED:
        if content.startswith(mark):
            return _decoded(content, encoding)
    if b"\0" in content:
        raise FileRefused(
            _("This is neither a .csv nor an .xlsx file. Save the list as one of them and send it again.")
        )
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")  # as Excel writes it: codes and figures are alike in all


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise FileRefused(_("The text of the file is damaged. Save it as UTF-8 and send that.")) from error
