"""Many rows at once: a document's lines in one statement, a load by COPY into a temporary table to merge from."""

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

# Rows to load are taken between two COPYs, so that they may come from the same connection.
_BATCH = 20_000


def insert(cursor, table: str, rows: Sequence[Mapping], *, then: str = "") -> None:
    """Insert `rows` (at least one, all with the same keys) in one statement; `then` follows it, such as ON CONFLICT.

    The rows travel as one JSON text that PostgreSQL reads by the types of `table`: a fifth of what the ORM takes
    for the lines of an order. Names come from the code, never from input.
    """
    listed = ", ".join(rows[0])
    cursor.execute(
        f"INSERT INTO {table} ({listed}) SELECT {listed} FROM json_populate_recordset(null::{table}, %s) {then}",
        [json.dumps(rows, default=str)],
    )


def stage(cursor, table: str, columns: Sequence[str], rows: Iterable[Sequence]) -> str:
    """Copy `rows` into a temporary table with the `columns` of `table`, and name it. It is gone at the commit.

    The caller holds a transaction. Names come from the code, never from input. Later rows stand after earlier ones
    (`ctid`), so a merge can let the last of several with one key win.
    """
    staged, listed = f"staged_{table}", ", ".join(columns)
    cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{staged}")
    cursor.execute(f"CREATE TEMPORARY TABLE {staged} ON COMMIT DROP AS SELECT {listed} FROM {table} WITH NO DATA")
    rows = iter(rows)
    while batch := list(islice(rows, _BATCH)):
        with cursor.copy(f"COPY {staged} ({listed}) FROM STDIN") as copy:
            for row in batch:
                copy.write_row(row)
    return staged


def merge(cursor, table: str, columns: Sequence[str], key: Sequence[str], rows: Iterable[Sequence]) -> int:
    """Insert `rows`, or update what has the same `key` where it differs; how many rows were inserted or changed.

    `key` is a unique constraint of `table`. Of several rows with one key the last wins. Idempotent.
    """
    staged = stage(cursor, table, columns, rows)
    listed, keyed = ", ".join(columns), ", ".join(key)
    rest = [column for column in columns if column not in key]
    old, new = (", ".join(f"{of}.{column}" for column in rest) for of in (table, "EXCLUDED"))
    cursor.execute(
        f"INSERT INTO {table} ({listed})"
        f" SELECT DISTINCT ON ({keyed}) {listed} FROM {staged} ORDER BY {keyed}, ctid DESC"
        f" ON CONFLICT ({keyed}) DO UPDATE SET ({', '.join(rest)}) = ROW({new})"
        f" WHERE ({old}) IS DISTINCT FROM ({new})"
    )
    return cursor.rowcount
