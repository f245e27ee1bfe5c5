"""Every row of the file as it is read, a chunk a transaction."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import islice
from pathlib import Path

from django.db import connection, transaction
from django.utils.translation import gettext as _

from apps.catalogue.rules import MAX_QUANTITY
from apps.integrations.imports.reading import rows_of
from apps.integrations.imports.steps import advance
from apps.integrations.imports.values import Quarantined, read_decimal
from apps.integrations.models import PriceImport, PriceImportRow
from apps.integrations.price_import.columns import columns_of

CHUNK = 20_000
MOST = Decimal(10) ** 10
_COLUMNS = (
    "run_id, row_number, sku, list_code, currency, unit, quantity, price, per, sent, kind, reason, detail, is_jump"
)
Kind, Reason = PriceImportRow.Kind, PriceImportRow.Reason
Progress = Callable[[int], None]


def stage(run: PriceImport, path: Path, progress: Progress) -> None:
    """Stage what is not yet staged; `run.reached` is the last row's number, counted below the headings."""
    with rows_of(path) as rows:
        headings = [heading.strip() for heading in next(rows, [])]
        columns = columns_of(headings, run.report["columns"])
        waiting = ((number, row) for number, row in enumerate(rows, 1) if number > run.reached)
        while chunk := list(islice(waiting, CHUNK)):
            with transaction.atomic():
                _copy(_staged(run, chunk, columns, headings))
                advance(run, chunk[-1][0])
            progress(run.reached)


def _copy(rows: Iterable[tuple]) -> None:
    into = f"COPY {PriceImportRow._meta.db_table} ({_COLUMNS}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(into) as copy:
        for row in rows:
            copy.write_row(row)


def _staged(run: PriceImport, chunk: list, columns: Mapping[str, int], headings: list[str]) -> Iterator[tuple]:
    for number, row in chunk:
        if not any(row):
            continue
        said = {
            target: row[index].replace("\0", "").strip() if index < len(row) else ""
            for target, index in columns.items()
        }
        names = said["sku"][:60], said.get("price_list", "")[:20], said.get("currency", "").upper()[:3]
        unit = said.get("unit", "")[:40]
        try:
            figures = read_row(said, run.decimal_mark)
        except Quarantined as wrong:
            sent = json.dumps(dict(zip(headings, (cell.replace("\0", "")[:200] for cell in row), strict=False)))
            yield run.pk, number, *names, unit, None, None, 1, sent, Kind.QUARANTINED, wrong.reason, wrong.detail, False
        else:
            yield run.pk, number, *names, unit, *figures, "{}", "", "", "", False


def read_row(said: Mapping[str, str], mark: str) -> tuple[int, Decimal, int]:
    """From quantity, price, and how many units the price is for; `Quarantined` with what is wrong."""
    if not said["sku"]:
        raise Quarantined(Reason.NO_SKU, _("The row has no SKU."))
    if len(said["sku"]) > 40:
        raise Quarantined(Reason.UNKNOWN_SKU, _("No SKU has more than 40 characters."))
    quantity, per = (_whole(said.get(name, ""), mark) for name in ("quantity", "per"))
    return quantity, _price(said["price"], mark), per


def _whole(text: str, mark: str) -> int:
    if not text:
        return 1
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 8 else read_decimal(text, mark)
    if number is None or not 1 <= number <= MAX_QUANTITY or number != int(number):
        said = {"text": text[:60], "most": f"{MAX_QUANTITY:,}"}
        raise Quarantined(Reason.BAD_QUANTITY, _("“%(text)s” is no whole quantity from 1 to %(most)s.") % said)
    return int(number)


def _price(text: str, mark: str) -> Decimal:
    price = read_decimal(text, mark)
    if price is None:
        unreadable = {
            ".": _("The price “%(text)s” cannot be read with a point as the decimal mark."),
            ",": _("The price “%(text)s” cannot be read with a comma as the decimal mark."),
        }
        either = _("The price “%(text)s” cannot be read with either decimal mark: it can be read in two ways or none.")
        raise Quarantined(Reason.BAD_PRICE, unreadable.get(mark, either) % {"text": text[:60]})
    if price < 0 or price >= MOST:
        raise Quarantined(Reason.BAD_PRICE, _("The price “%(text)s” is below 0 or too large.") % {"text": text[:60]})
    if price.as_tuple().exponent < -6 or (price.as_tuple().exponent < -4 and price != round(price, 4)):
        raise Quarantined(
            Reason.BAD_PRICE, _("The price “%(text)s” has more than four decimals: say it for 100 or 1,000 units.")
            % {"text": text[:60]},
        )  # fmt: skip
    return price
