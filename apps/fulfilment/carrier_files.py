"""A carrier's file of what it saw, or a supplier's of what it sent straight to the receiver.

CSV with a heading, a row for each event, in UTF-8 or what Excel saves.
"""

import csv
import io
from collections.abc import Iterator

from django.utils.translation import gettext as _

from apps.core.sheets import FileRefused

LARGEST_FILE, MOST_ROWS = 5 * 1024 * 1024, 20_000
COLUMNS = (
    *("message_id", "shipment", "order", "tracking_number", "carrier", "kind", "happened_at", "place", "note"),
    "received_by",
)


def rows_of(content: bytes) -> Iterator[dict[str, str]]:
    """Each row by the names of the heading. Raises `FileRefused` where it is too large or has no heading known here."""
    if len(content) > LARGEST_FILE:
        raise FileRefused(_("The file is larger than 5 MB: send it in parts."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    first = text.partition("\n")[0]
    mark = max(",;\t", key=first.count)
    table = csv.reader(io.StringIO(text), delimiter=mark)
    heading = [name.strip().lower().replace(" ", "_") for name in next(table, [])]
    if not {"message_id", "kind", "happened_at"} <= set(heading):
        wanted = ", ".join(COLUMNS)
        raise FileRefused(_("The first row has to name the columns: %(columns)s.") % {"columns": wanted})
    for at, row in enumerate(table):
        if at >= MOST_ROWS:
            raise FileRefused(_("The file has more than %(most)s rows: send it in parts.") % {"most": MOST_ROWS})
        if any(cell.strip() for cell in row):
            yield {name: cell.strip() for name, cell in zip(heading, row, strict=False) if name and cell.strip()}
