"""A large demo: tables laid aside while they are loaded, and several processes that tell of the past at once."""

import pytest
from django.db import connection, transaction

from apps.demo import load
from apps.demo.history import telling
from apps.demo.seeding import Seeding, clear
from apps.demo.sizes import SMALL
from apps.pricing.models import TaxRate
from tests.demo.test_seed import NOW, checksums

MADE_LARGE = 60  # rows


@pytest.fixture
def large(transactional_db, monkeypatch, settings, tmp_path):
    """The small demo goes the way of a large one: three accounts a batch."""
    settings.MEDIA_ROOT = str(tmp_path)
    monkeypatch.setattr(load, "LAY_ASIDE_FROM", MADE_LARGE)
    monkeypatch.setattr(telling, "BATCH", 3)


def seed(processes: int) -> tuple[dict[str, str], str]:
    """Checksums of all tables, and what was said."""
    told = []
    clear()
    Seeding(SMALL, NOW, say=lambda words, ending="\n": told.append(words), processes=processes).run()
    return checksums(), "".join(told)


def schema() -> set[tuple[str, str]]:
    """Tables with the names of their indexes and constraints."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename, indexname FROM pg_indexes WHERE schemaname = 'public'"
            " UNION SELECT conrelid::regclass::text, format('%s %s %s', conname, contype, convalidated)"
            " FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
        )
        return set(cursor.fetchall())


def test_two_processes_make_what_one_makes_and_leave_the_tables_as_they_were(large):
    before = schema()
    alone, _ = seed(1)
    together, told = seed(2)
    assert together == alone
    assert schema() == before
    assert "indexes and constraints built" in told


def test_a_table_that_holds_something_keeps_it(large):
    columns = ("country", "tax_class", "percent", "valid_from")
    load.copy_rows(TaxRate, columns, [("GB", "standard", "20", NOW.date())])
    with transaction.atomic(), load.laid_aside(MADE_LARGE, TaxRate):
        load.copy_rows(TaxRate, columns, [("FR", "standard", "20", NOW.date())])
    assert set(TaxRate.objects.values_list("country", flat=True)) == {"FR", "GB"}


def test_what_fails_elsewhere_fails_here(large):
    def rows():
        raise ValueError("nothing to load")
        yield

    failure = pytest.raises(RuntimeError, match="rows of pricing")
    with failure, transaction.atomic(), load.laid_aside(MADE_LARGE, TaxRate):
        load.copy_rows(TaxRate, ("country", "tax_class", "percent", "valid_from"), rows())
