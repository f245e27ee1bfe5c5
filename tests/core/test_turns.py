"""Turns at what has no row to lock."""

import threading

import pytest
from django.db import connection, transaction

from apps.core.turns import SHARED, take_turns


def held() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_a_million_turns_take_as_many_locks_as_a_name_has():
    take_turns("tests.many", range(1_000_000))
    assert held() == SHARED


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("other", "waits"), [([7], True), ([8], False)])
def test_the_same_id_waits_until_the_transaction_ends(other, waits):
    came = threading.Event()

    def later():
        try:
            with transaction.atomic():
                take_turns("tests.same", other)
                came.set()
        finally:
            connection.close()

    second = threading.Thread(target=later)
    with transaction.atomic():
        take_turns("tests.same", [7])
        second.start()
        assert came.wait(0.5 if waits else 10) is not waits
    second.join(10)
    assert came.is_set()


@pytest.mark.django_db
def test_names_do_not_wait_for_one_another():
    take_turns("tests.one", [1])
    take_turns("tests.other", [1])
    assert held() == 2
