"""Every row of the file, kept as it stood."""

from collections.abc import Callable, Iterator
from itertools import islice

from django.db import connection, transaction

from apps.integrations.models import SalesHistoryImport
from apps.integrations.sales_history.columns import mapping_of
from apps.integrations.sales_history.lines import Manner, read_line

CHUNK = 25_000
_COLUMNS = (
    "run_id, row_number, document, sku, description, quantity_text, price_text, date_text, customer, country,"
    " quantity, unit_price, sold_at, kind, reason, netted"
)
Progress = Callable[[int], None]


def stage(
    run: SalesHistoryImport, rows: Iterator[list[str]], said: dict[str, str], manner: Manner, progress: Progress
) -> None:
    """Copy the rows, headings first, that are not yet staged, a chunk a transaction; `run.reached` counts those that
    are."""
    mapping = mapping_of(next(rows, []), said)
    lines = enumerate(islice(rows, run.reached, None), run.reached + 1)
    while chunk := list(islice(lines, CHUNK)):
        with transaction.atomic():
            _copy(run, chunk, mapping, manner)
            run.reached += len(chunk)
            run.save(update_fields=["reached"])
        progress(run.reached)


def _copy(run: SalesHistoryImport, chunk, mapping: dict[str, int], manner: Manner) -> None:
    table = "integrations_saleshistoryline"
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({_COLUMNS}) FROM STDIN") as copy:
        for values in _values(run.pk, chunk, mapping, manner):
            copy.write_row(values)


def _values(run_id: int, chunk, mapping: dict[str, int], manner: Manner) -> Iterator[tuple]:
    for row_number, row in chunk:
        line = read_line(row, mapping, manner)
        texts = line.texts
        yield (
            run_id,
            row_number,
            texts["document"],
            texts["sku"],
            texts["description"],
            texts["quantity"],
            texts["price"],
            texts["date"],
            texts["customer"],
            texts["country"],
            line.quantity,
            line.price,
            line.sold_at,
            "",
            "",
            0,
        )
