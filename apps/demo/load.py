"""Rows into tables by COPY, as fast as PostgreSQL takes them.

1. Rows come from generators and are never held together: memory does not grow with the size.
2. Columns a caller does not name take the default of their field.
3. For a big load the indexes and constraints of the table are laid aside and built afterwards, in the same
   transaction: building one index over five million rows costs a fraction of five million insertions into it.
4. Sequences go on after the highest id.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, models
from psycopg import sql

LAY_ASIDE_FROM = 200_000  # rows, from which on building indexes afterwards is clearly faster


def copy_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[tuple]) -> int:
    """Load `rows` (in the order of `columns`, by attribute name) into the table of `model`; returns how many."""
    by_name = {field.attname: field for field in model._meta.concrete_fields}
    given = [by_name[name] for name in columns]
    others = [field for field in model._meta.concrete_fields if field not in given and field.name != "id"]
    tail = tuple(_default(field) for field in others)
    names = sql.SQL(", ").join(sql.Identifier(field.column) for field in [*given, *others])
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(model._meta.db_table), names)
    count = 0
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        write = copy.write_row
        for row in rows:
            write(row + tail)
            count += 1
    if "id" in columns:
        continue_ids(model)
    return count


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
def laid_aside(rows: int, *tables: type[models.Model]) -> Iterator[None]:
    """Load `tables` without their indexes and constraints where `rows` is large; built again at the end.

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
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        for _, definition in indexes:
            cursor.execute(definition)
        for table, name, definition in constraints:
            cursor.execute(f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" {definition}')


def _constraints_of(cursor, tables: list[str]) -> list[tuple[str, str, str]]:
    """(table, name, definition), what others refer to before what refers: primary keys stay."""
    cursor.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = ANY(%s::regclass[]) AND contype IN ('u', 'x', 'c', 'f')"
        " ORDER BY contype = 'f', conname",
        [tables],
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
