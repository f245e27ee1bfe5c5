"""Turns at what has no row to lock: who takes one waits for whoever has it, and has it until the transaction ends."""

from collections.abc import Iterable

from django.db import connection

SHARED = 128  # locks of a name
_TAKE = """
SELECT pg_advisory_xact_lock(hashtext(%s), place::int)
FROM (SELECT DISTINCT one %% %s AS place FROM unnest(%s::bigint[]) AS one ORDER BY 1) places
"""


def take_turns(name: str, ids: Iterable[int]) -> None:
    """Take the turn at each of these ids of a name, in one order. Within a transaction; one query.

    Ids share a fixed number of locks, because the server's table of locks is of a fixed size: so a transaction may take
    a million, and who waits sometimes waits for the turn at another id.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [name, SHARED, list(ids)])
