"""List prices as the ERP says them: in any order, more than once; and the prices a supplier's file sets."""

from datetime import date
from decimal import Decimal

import pytest

from apps.core.feeds import Told
from apps.pricing.feeding import take_prices
from apps.pricing.models import Price, PriceList
from apps.pricing.selectors import list_prices
from apps.pricing.services import set_list_prices

pytestmark = pytest.mark.django_db
FIELDS = ("sku", "price_list", "min_quantity", "unit_price", "version", "valid_from", "valid_until")


def feed(world, *rows, **told):
    said = [dict(zip(FIELDS, row, strict=False)) for row in rows]
    return take_prices(said, Told("test", **told), now=world.now)


def counts(report) -> dict:
    return {name: n for name, n in report.as_facts().items() if n and name != "samples"}


def breaks(world, product, on=None) -> list[tuple[int, str]]:
    found = list_prices(world.base_list.pk, [product.pk], on or world.today).get(product.pk, [])
    return [(quantity, str(price)) for quantity, price in found]


def test_a_feed_sets_prices_and_says_what_became_of_each_row(world):
    report = feed(
        world, ("BLT-M8-40", "BASE", 1, "0.2200", 7), ("BLT-M8-40", "BASE", 500, "0.1800", 7),
        ("NO-SUCH", "BASE", 1, "1.0000"), ("OIL-5L", "NONE", 1, "1.0000"), ("OIL-5L", "BASE", 1, "1.00001"),
    )  # fmt: skip
    assert counts(report) == {
        "read": 5, "applied": 1, "unchanged": 1, "unknown_sku": 1, "unknown_place": 1, "unreadable": 1,
    }  # fmt: skip
    assert breaks(world, world.bolt) == [(1, "0.2200"), (500, "0.1800"), (1000, "0.1500")]


def test_what_was_agreed_before_stays_in_the_history(world):
    feed(world, ("BLT-M8-40", "BASE", 1, "0.2200", 7))
    assert breaks(world, world.bolt, date(2026, 3, 3))[0] == (1, "0.2000")


def test_the_same_feed_twice_or_tomorrow_makes_no_new_rows(world):
    feed(world, ("BLT-M8-40", "BASE", 1, "0.2200", 7))
    rows = Price.objects.count()
    assert counts(feed(world, ("BLT-M8-40", "BASE", 1, "0.2200", 7))) == {"read": 1, "unchanged": 1}
    assert counts(feed(world, ("BLT-M8-40", "BASE", 1, "0.2200", 8, "2026-03-05"))) == {"read": 1, "unchanged": 1}
    assert Price.objects.count() == rows


def test_an_older_message_after_a_newer_one_is_ignored(world):
    feed(world, ("BLT-M8-40", "BASE", 1, "0.2200", 7))
    assert counts(feed(world, ("BLT-M8-40", "BASE", 1, "0.3000", 6))) == {"read": 1, "older": 1}
    assert breaks(world, world.bolt)[0] == (1, "0.2200")


def test_a_full_feed_ends_what_it_does_not_name_on_its_lists_only(world):
    PriceList.objects.create(code="OTHER", name="Other", valid_from=date(2025, 1, 1))
    report = feed(world, ("BLT-M8-40", "BASE", 1, "0.2000", 7), full=True)
    assert counts(report) == {"read": 1, "unchanged": 1, "emptied": 8}
    assert (breaks(world, world.bolt), breaks(world, world.oil)) == ([(1, "0.2000")], [])
    assert breaks(world, world.oil, date(2026, 3, 3)) == [(1, "32.4000")]


def test_prices_set_for_a_product_are_all_it_has_from_that_day_on(world):
    said = [(world.bolt.pk, 1, Decimal("0.2000")), (world.bolt.pk, 100, Decimal("0.1900"))]
    assert set_list_prices(world.base_list, [world.bolt.pk], said, on=world.today) == 3
    assert breaks(world, world.bolt) == [(1, "0.2000"), (100, "0.1900")]
    assert breaks(world, world.bolt, date(2026, 3, 3)) == [(1, "0.2000"), (500, "0.1800"), (1000, "0.1500")]
    assert set_list_prices(world.base_list, [world.bolt.pk], said, on=world.today) == 0
    assert breaks(world, world.oil) == [(1, "32.4000")]
