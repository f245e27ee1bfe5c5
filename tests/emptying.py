"""What a test has committed is thrown away after it: only from tables that have rows, and nothing is made again.

Django's own way empties every table there is and then makes content types and permissions anew, which takes longer than
most tests. Where the tests' role may not do it like this, that way is taken.
"""

from functools import cache

from django.apps import apps
from django.db import connection, transaction
from django.test import TransactionTestCase

MADE_ONCE = {"django_migrations", "django_content_type", "auth_permission"}
_usual = TransactionTestCase._fixture_teardown


def throw_away(case: TransactionTestCase) -> None:
    if not _may_look_away():
        _usual(case)
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_filled())
        deletions = [f"DELETE FROM {connection.ops.quote_name(table)}" for (table,) in cursor.fetchall()]
        if deletions:
            cursor.execute("; ".join(["SET LOCAL session_replication_role = replica", *deletions]))


@cache
def _may_look_away() -> bool:
    """Whether the role may leave the triggers out, which keep one table's rows from going before another's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        return cursor.fetchone()[0]


@cache
def _filled() -> str:
    """Asks which tables have rows."""
    models = apps.get_models(include_auto_created=True)
    tables = sorted({each._meta.db_table for each in models if each._meta.managed and not each._meta.proxy} - MADE_ONCE)
    return " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\")" for table in tables)
