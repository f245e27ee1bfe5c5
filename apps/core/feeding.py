"""Rows of a feed applied a lot at a time, by statements that their domain writes.

1. A lot is copied into the temporary table `fed_row` and judged: the domain's statement makes the table `judged` of it,
   with a `verdict` for each thing the lot speaks of.
2. What is judged `applied` is applied; the verdicts are counted, and of what is not known a few codes are kept.
3. Each lot is a transaction of its own, which locks only what it changes: others go on in between.
4. A full feed notes in `fed_key` what it has named; what it did not name is ended with the last lot.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

from django.db import connection, transaction

from apps.core.feeds import FeedReport

LOT = 20_000
_UNKNOWN = ("unknown_sku", "unknown_place")
_COUNTS = "SELECT verdict, count(*) FROM judged GROUP BY 1"


@dataclass(frozen=True)
class Statements:
    """What a domain says of its feed: names and SQL come from the code, never from input.

    `columns` and `key` are columns with their types; `judge` makes `judged`, `apply` what is done with it; `end` deals
    with what a full feed did not name, given `version` and whatever else it is told. `place` is the column beside `sku`
    that may not be known.
    """

    columns: str
    key: str
    place: str
    judge: str
    apply: tuple[str, ...]
    end: str


def feed_rows(
    rows: Iterable[tuple], report: FeedReport, how: Statements, *, full: bool, version: int = 0, **said: object
) -> None:
    """Apply rows of `how.columns`, counted in `report`; `version` is that of a full feed as a whole."""
    rows = iter(rows)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.fed_key; CREATE TEMPORARY TABLE fed_key ({how.key})")
        while lot := list(islice(rows, LOT)):
            with transaction.atomic():
                _feed_lot(cursor, lot, report, how, full=full)
        if full:
            cursor.execute("ANALYZE fed_key")
            cursor.execute(how.end, said | {"version": version or 2**62})
            report.emptied = cursor.rowcount
        cursor.execute("DROP TABLE pg_temp.fed_key")


def _feed_lot(cursor, lot: list[tuple], report: FeedReport, how: Statements, *, full: bool) -> None:
    cursor.execute("DROP TABLE IF EXISTS pg_temp.fed_row, pg_temp.judged")
    cursor.execute(f"CREATE TEMPORARY TABLE fed_row ({how.columns}) ON COMMIT DROP")
    with cursor.copy("COPY fed_row FROM STDIN") as copy:
        for row in lot:
            copy.write_row(row)
    cursor.execute("ANALYZE fed_row")
    for statement in (how.judge, *how.apply):
        cursor.execute(statement)
    if full:
        cursor.execute(_note_seen(how.key))
    cursor.execute(_COUNTS)
    report.count(len(lot), dict(cursor.fetchall()))
    _keep_samples(cursor, report, how.place)


def _note_seen(key: str) -> str:
    """What the lot named of things that are known: each with a whole key."""
    columns = [column.split()[0] for column in key.split(",")]
    known = " AND ".join(f"{column} IS NOT NULL" for column in columns)
    return f"INSERT INTO fed_key SELECT {', '.join(columns)} FROM judged WHERE {known}"


def _keep_samples(cursor, report: FeedReport, place: str) -> None:
    columns: Mapping[str, str] = dict(zip(_UNKNOWN, ("sku", place), strict=True))
    for verdict, column in columns.items():
        cursor.execute(f"SELECT {column} FROM judged WHERE verdict = %s LIMIT %s", [verdict, report.room(verdict)])
        report.sample(verdict, [code for (code,) in cursor.fetchall()])
