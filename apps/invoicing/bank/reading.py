"""Which kind of statement a file is, by what is in it."""

from django.utils.translation import gettext as _

from apps.invoicing.bank.camt import read_camt
from apps.invoicing.bank.lines import Found
from apps.invoicing.bank.table import read_table
from apps.invoicing.errors import StatementUnreadable

LARGEST_FILE = 5_000_000  # bytes


def read(content: bytes, *, currency: str) -> Found:
    """What came in by a statement; `StatementUnreadable` with what to do where it is none."""
    if not content.strip():
        raise StatementUnreadable(_("The file is empty."))
    if len(content) > LARGEST_FILE:
        raise StatementUnreadable(_("The file is larger than 5 MB: take in shorter periods."))
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return read_camt(content)
    return read_table(content, currency=currency)
