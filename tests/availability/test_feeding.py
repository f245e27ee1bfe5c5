"""Stock as the ERP reports it: in any order, more than once, against what is reserved."""

import pytest

from apps.availability.models import StockLevel
from apps.availability.rules import Demand
from apps.availability.services import reserve, take_stock
from apps.core.feeds import Told
from apps.core.models import Event, Feed

pytestmark = pytest.mark.django_db


def feed(world, *rows, **told):
    said = [dict(zip(("sku", "warehouse", "on_hand", "version"), row, strict=False)) for row in rows]
    return take_stock(said, Told("test", **told), now=world.now)


def counts(report) -> dict:
    return {name: n for name, n in report.as_facts().items() if n and name != "samples"}


def on_hand(product, warehouse) -> int | None:
    return StockLevel.objects.filter(product=product, warehouse=warehouse).values_list("on_hand", flat=True).first()


def test_a_feed_sets_what_is_on_hand_and_says_what_became_of_each_row(world):
    report = feed(
        world, ("BLT-M8-40", "LDS", 4_000, 7), ("DRL-18V", "RDG", 3, 7), ("GLV-NIT-L", "LDS", 40, 7),
        ("NO-SUCH", "LDS", 1, 7), ("OIL-5L", "XXX", 1, 7), ("OIL-5L", "RDG", "many", 7),
    )  # fmt: skip
    assert counts(report) == {
        "read": 6, "applied": 2, "unchanged": 1, "unknown_sku": 1, "unknown_place": 1, "unreadable": 1,
    }  # fmt: skip
    assert report.samples == {
        "unknown_sku": ["NO-SUCH"], "unknown_place": ["XXX"],
        "unreadable": ["row 6: on_hand is no whole number from 0 on"],
    }  # fmt: skip
    assert (on_hand(world.bolt, world.north), on_hand(world.drill, world.south)) == (4_000, 3)


def test_the_same_feed_twice_changes_nothing(world):
    rows = (("BLT-M8-40", "LDS", 4_000, 7), ("DRL-18V", "RDG", 3, 7))
    feed(world, *rows)
    before = list(StockLevel.objects.order_by("pk").values())
    assert counts(feed(world, *rows)) == {"read": 2, "unchanged": 2}
    assert list(StockLevel.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    ("messages", "left"),
    [
        ([(100, 1), (200, 2)], 200),
        ([(200, 2), (100, 1)], 200),
        ([(100, 2), (200, 2)], 100),
        ([(100, 2), (200, None)], 200),
        ([(100, "2026-03-04T10:00:00Z"), (200, "2026-03-04T09:59:59Z")], 100),
        ([(5_000, 9), (100, 8)], 5_000),  # what is known already, but newer: the older one after it is ignored
    ],
)
def test_an_older_message_after_a_newer_one_is_ignored(world, messages, left):
    for quantity, version in messages:
        feed(world, ("BLT-M8-40", "LDS", quantity, version))
    assert on_hand(world.bolt, world.north) == left


def test_of_several_rows_for_one_place_the_newest_counts(world):
    report = feed(world, ("BLT-M8-40", "LDS", 1, 3), ("BLT-M8-40", "LDS", 2, 5), ("BLT-M8-40", "LDS", 3, 4))
    assert (counts(report), on_hand(world.bolt, world.north)) == ({"read": 3, "applied": 1, "repeated": 2}, 2)


def test_promises_stand_where_fewer_pieces_are_reported(world):
    reserve([Demand("SO-1/1", world.gloves.pk, 30)], on=world.today)
    feed(world, ("GLV-NIT-L", "LDS", 10, 1))
    assert on_hand(world.gloves, world.north) == 30


def test_a_full_feed_empties_what_it_does_not_name_in_its_warehouses_only(world):
    reserve([Demand("SO-1/1", world.gloves.pk, 30)], on=world.today)
    report = feed(world, ("BLT-M8-40", "LDS", 100, 5), full=True, version=5)
    assert counts(report) == {"read": 1, "applied": 1, "emptied": 2}
    assert (on_hand(world.gloves, world.north), on_hand(world.drill, world.north)) == (30, 0)
    assert on_hand(world.oil, world.south) == 12


def test_a_late_full_feed_does_not_empty_what_is_newer(world):
    feed(world, ("DRL-18V", "LDS", 9, 8))
    feed(world, ("BLT-M8-40", "LDS", 100, 5), full=True, version=5)
    assert on_hand(world.drill, world.north) == 9


def test_a_feed_is_kept_account_of_and_tells_its_story_where_it_changed_something(world):
    feed(world, ("BLT-M8-40", "LDS", 4_000, 7))
    feed(world, ("BLT-M8-40", "LDS", 4_000, 7))
    assert [kept.report["applied"] for kept in Feed.objects.order_by("pk")] == [1, 0]
    assert Event.objects.get(name="stock.fed").facts["applied"] == 1


def test_the_queries_grow_with_lots_not_with_rows(world, django_assert_max_num_queries, monkeypatch):
    with django_assert_max_num_queries(22):
        feed(world, *(("BLT-M8-40", "LDS", n, n) for n in range(1, 2_000)))
