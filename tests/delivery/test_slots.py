"""Timed slots: which are free, and that none is overbooked."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection, transaction

from apps.delivery.errors import SlotTaken
from apps.delivery.models import Slot, SlotBooking, SlotRight, SlotWindow
from apps.delivery.rules import Calendar, Window, free_slots, slot_named
from apps.delivery.services import book_slot, grant_slot_right, release_slot, withdraw_slot_right

WEEK = Calendar("12345")
WEDNESDAY = date(2026, 3, 4)
MORNING, NOON = time(8), time(12)


def slots(*windows, now="2026-03-04T10:00", from_on=WEDNESDAY, carrier=WEEK, receiver=WEEK, hours=None):
    found = free_slots(
        windows,
        from_on=from_on,
        now_there=datetime.fromisoformat(now),
        carrier=carrier,
        receiver=receiver,
        hours=hours,
        most=3,
    )
    return [f"{slot.day_on:%d} {slot.starts_at:%H}" for slot in found]


def window(starts=8, ends=10, *, weekdays="12345", capacity=2, left=()):
    return Window(starts, weekdays, time(starts), time(ends), capacity, dict(left))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        pytest.param({}, ["04 14", "05 08", "05 14"], id="the morning of today has begun"),
        pytest.param({"from_on": date(2026, 3, 6)}, ["06 08", "06 14", "09 08"], id="over the weekend"),
        pytest.param({"hours": (time(8), time(12))}, ["05 08", "06 08", "09 08"], id="within receiving hours"),
        pytest.param({"receiver": Calendar("5")}, ["06 08", "06 14", "13 08"], id="the receiver's days"),
        pytest.param({"carrier": Calendar("1")}, ["09 08", "09 14", "16 08"], id="the van's days"),
        pytest.param(
            {"receiver": Calendar("12345", frozenset({date(2026, 3, 5)}))}, ["04 14", "06 08", "06 14"], id="closed"
        ),
    ],
)
def test_free_slots(asked, found):
    assert slots(window(14, 16), window(8, 10), **asked) == found


def test_a_full_slot_is_not_free():
    assert slots(window(14, 16, left={WEDNESDAY: 0, date(2026, 3, 5): 1})) == ["05 14", "06 14", "09 14"]


@pytest.mark.parametrize(
    "code", ["", "x", "1", "1@", "@2026-03-04", "1@2026-02-30", "²@2026-03-04", "9" * 19 + "@2026-03-04"]
)
def test_what_names_no_slot(code):
    assert slot_named(code) is None


@pytest.fixture
def van(world):
    return SlotWindow.objects.create(option=world.express, starts_at=MORNING, ends_at=NOON, capacity=1)


def book(van, number):
    return book_slot(number, window_id=van.pk, day_on=WEDNESDAY, account_id=1, on=WEDNESDAY)


def test_a_slot_serves_no_more_than_it_can_and_is_free_again(van):
    assert book(van, "SO-1") == book(van, "SO-1")
    with pytest.raises(SlotTaken), transaction.atomic():
        book(van, "SO-2")

    release_slot("SO-1")
    release_slot("SO-1")
    book(van, "SO-2")

    assert [each.order_number for each in SlotBooking.objects.all()] == ["SO-2"]
    assert Slot.objects.get().booked == 1


def test_another_day_is_another_slot(van):
    book(van, "SO-1")

    book_slot("SO-2", window_id=van.pk, day_on=WEDNESDAY + timedelta(days=1), account_id=1, on=WEDNESDAY)


def test_no_such_window_is_taken(world):
    with pytest.raises(SlotTaken):
        book_slot("SO-1", window_id=999, day_on=WEDNESDAY, account_id=1, on=WEDNESDAY)


@pytest.mark.django_db(transaction=True)
def test_twelve_at_once_want_three_places(van):
    SlotWindow.objects.update(capacity=3)

    def want(n):
        try:
            book(van, f"SO-{n}")
        except SlotTaken:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(6) as pool:
        won = list(pool.map(want, range(12)))

    assert sum(won) == 3
    assert (Slot.objects.get().booked, SlotBooking.objects.count()) == (3, 3)


def right(world, ref="offer:1", account=None, days=10):
    until = WEDNESDAY + timedelta(days=days)
    account = account or world.brightwater
    return grant_slot_right(account.pk, source_ref=ref, valid_from=WEDNESDAY, valid_until=until)


def by_right(world, van, number, on=WEDNESDAY):
    return book_slot(number, window_id=van.pk, day_on=WEDNESDAY, account_id=world.brightwater.pk, on=on)


@pytest.fixture
def priority(van):
    SlotWindow.objects.update(is_priority=True, capacity=5)
    return van


@pytest.mark.parametrize("days", [None, -1, 11])
def test_a_priority_slot_takes_a_right_that_holds(world, priority, days):
    if days is None:
        right(world, account=world.calder)
    else:
        right(world)
    with pytest.raises(SlotTaken):
        by_right(world, priority, "SO-1", on=WEDNESDAY + timedelta(days=days or 0))
    assert not SlotBooking.objects.exists()
    assert not Slot.objects.filter(booked__gt=0).exists()


def test_a_right_is_for_one_booking_given_back_and_withdrawn_only_while_it_is_free(world, priority):
    assert right(world) == right(world)
    assert by_right(world, priority, "SO-1") == by_right(world, priority, "SO-1")
    with pytest.raises(SlotTaken), transaction.atomic():
        by_right(world, priority, "SO-2")
    assert not withdraw_slot_right("offer:1")
    release_slot("SO-1")
    by_right(world, priority, "SO-2")
    release_slot("SO-2")
    assert withdraw_slot_right("offer:1")
    assert withdraw_slot_right("offer:1")
    assert not SlotRight.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_take_a_right_once(world, priority):
    right(world)

    def want(n):
        try:
            by_right(world, priority, f"SO-{n}")
        except SlotTaken:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(want, range(8))) == 1
    assert (Slot.objects.get().booked, SlotBooking.objects.count()) == (1, 1)
