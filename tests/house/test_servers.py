"""The servers under the tests are real ones."""

import pytest
from django.conf import settings
from django.db import connection
from redis import Redis


@pytest.mark.django_db
def test_the_database_is_a_postgresql_without_a_superuser() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int, rolsuper FROM pg_roles WHERE rolname = user")
        version, superuser = cursor.fetchone()
    assert version >= 140000
    assert not superuser


def test_the_broker_answers() -> None:
    with Redis.from_url(settings.REDIS_URL) as broker:
        assert broker.ping()
