"""Rows into tables by COPY, as fast as PostgreSQL takes them.

1. Rows come from generators and are never held together: memory does not grow with the size.
2. Columns a caller does not name take the default of their field.
3. For a big load the indexes and constraints of the table are laid aside and built afterwards, in the same
   transaction: building one index over five million rows costs a fraction of five million insertions into it.
4. The table is emptied anew in that transaction though nothing is in it: so its rows are loaded frozen, which spares
   writing each a second time when it is first read, and a server that nothing follows need not log them.
5. Its rows are made in a process of their own, while the server takes those made before.
6. Sequences go on after the highest id.
"""

import csv
import io
import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice

from django.db import connection, models
from psycopg import sql

LAY_ASIDE_FROM = 200_000  # rows, from which on building indexes afterwards is clearly faster


_CHUNK = 10_000  # rows
_forked = multiprocessing.get_context("fork")
_fresh: set[str] = set()  # tables that are laid aside


def copy_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[tuple]) -> None:
    """Load `rows` (in the order of `columns`, by attribute name) into the table of `model`.

    Into a table that is laid aside they come from a process of their own: they must not ask the database, and what they
    note on the way is lost.
    """
    if model._meta.db_table in _fresh:
        copy_csv(model, columns, _made_apart(model, columns, rows))
        return
    names, tail = _target(model, columns)
    with connection.cursor() as cursor, cursor.copy(sql.SQL("COPY {} FROM STDIN").format(names)) as copy:
        write = copy.write_row
        for row in rows:
            write(row + tail)
    if "id" in columns:
        continue_ids(model)


def as_csv(model: type[models.Model], columns: Sequence[str], rows: Iterable[tuple]) -> bytes:
    """`rows` as `copy_csv` takes them: written in one process, loaded by another."""
    _, tail = _target(model, columns)
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(row + tail for row in rows)
    return written.getvalue().encode()


def copy_csv(model: type[models.Model], columns: Sequence[str], written: Iterable[bytes]) -> None:
    """Load what `as_csv` wrote. Nothing between two commas is an empty text where the column may not be NULL."""
    names, _ = _target(model, columns)
    never_null = [field.column for field in model._meta.concrete_fields if not field.null and field.name != "id"]
    statement = sql.SQL("COPY {} FROM STDIN (FORMAT csv, FORCE_NOT_NULL ({}), FREEZE {})").format(
        names, sql.SQL(", ").join(map(sql.Identifier, never_null)), sql.Literal(model._meta.db_table in _fresh)
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for part in written:
            copy.write(part)
    if "id" in columns:
        continue_ids(model)


def _made_apart(model: type[models.Model], columns: Sequence[str], rows: Iterable[tuple]) -> Iterator[bytes]:
    """The rows as CSV, made by a forked process."""
    pipe, theirs = _forked.Pipe(duplex=False)
    maker = _forked.Process(target=_make, args=(model, columns, rows, theirs), daemon=True)
    maker.start()
    theirs.close()
    try:
        while part := pipe.recv_bytes():
            yield part
    except EOFError:
        raise RuntimeError(f"The process that made the rows of {model._meta.label} failed: see above.") from None
    finally:
        pipe.close()
        maker.join()


def _make(model: type[models.Model], columns: Sequence[str], rows: Iterable[tuple], pipe) -> None:
    rows = iter(rows)
    while some := list(islice(rows, _CHUNK)):
        pipe.send_bytes(as_csv(model, columns, some))
    pipe.send_bytes(b"")


def _target(model: type[models.Model], columns: Sequence[str]) -> tuple[sql.Composed, tuple]:
    """The table with the columns to load, those of a caller first, and what the others get in every row."""
    by_name = {field.attname: field for field in model._meta.concrete_fields}
    given = [by_name[name] for name in columns]
    others = [field for field in model._meta.concrete_fields if field not in given and field.name != "id"]
    names = sql.SQL(", ").join(sql.Identifier(field.column) for field in [*given, *others])
    target = sql.SQL("{} ({})").format(sql.Identifier(model._meta.db_table), names)
    return target, tuple(_default(field) for field in others)


def _default(field: models.Field):
    value = field.get_default()
    return "{}" if value == {} else "[]" if value == [] else value


def continue_ids(model: type[models.Model]) -> None:
    """Let the id sequence of a table go on after its highest id."""
    table = model._meta.db_table
    statement = sql.SQL(
        "SELECT setval(pg_get_serial_sequence(%s, 'id'), coalesce(max(id), 1), max(id) IS NOT NULL) FROM {}"
    ).format(sql.Identifier(table))
    with connection.cursor() as cursor:
        cursor.execute(statement, [table])


@contextmanager
def laid_aside(rows: int, *tables: type[models.Model], say: Callable[[str], None] | None = None) -> Iterator[None]:
    """Load `tables`, which are empty, without their indexes and constraints where `rows` is large; built at the end.

    Must stand inside a transaction: a crash leaves the tables as they were.
    """
    if rows < LAY_ASIDE_FROM:
        yield
        return
    names = [model._meta.db_table for model in tables]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what waits to be checked would forbid changing its table
        constraints, indexes = _constraints_of(cursor, names), _indexes_of(cursor, names)
        for table, name, _ in reversed(constraints):
            cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        if _emptied(cursor, names):
            _fresh.update(names)
    try:
        yield
    finally:
        _fresh.difference_update(names)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        statements = [definition for _, definition in indexes]
        statements += [f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" {how}' for table, name, how in constraints]
        for done, statement in enumerate(statements, 1):
            cursor.execute(statement)
            if say and (done % 20 == 0 or done == len(statements)):
                say(f"\n  {done} of {len(statements)} indexes and constraints built")


def _emptied(cursor, tables: list[str]) -> bool:
    """Empty tables that are empty, so that they are new to this transaction; False where one is not."""
    has_rows = " OR ".join(f'EXISTS (SELECT FROM "{table}")' for table in tables)
    cursor.execute(f"SELECT {has_rows}")
    if cursor.fetchone()[0]:
        return False
    cursor.execute("TRUNCATE " + ", ".join(f'"{table}"' for table in tables))
    return True


def _constraints_of(cursor, tables: list[str]) -> list[tuple[str, str, str]]:
    """(table, name, definition), what others refer to before what refers: primary keys stay.

    Foreign keys of other tables to these are among them: what is referred to cannot be emptied.
    """
    cursor.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = ANY(%(tables)s::regclass[]) AND contype IN ('u', 'x', 'c', 'f')"
        " OR confrelid = ANY(%(tables)s::regclass[]) AND contype = 'f'"
        " ORDER BY contype = 'f', conname",
        {"tables": tables},
    )
    return cursor.fetchall()


def _indexes_of(cursor, tables: list[str]) -> list[tuple[str, str]]:
    """(name, definition) of indexes that no constraint owns."""
    cursor.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i"
        " WHERE i.indrelid = ANY(%s::regclass[]) AND NOT i.indisprimary"
        " AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)"
        " ORDER BY 1",
        [tables],
    )
    return cursor.fetchall()
