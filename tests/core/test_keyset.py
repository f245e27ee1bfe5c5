from datetime import timedelta

import pytest

from apps.core.keyset import MAX_SIZE, latest_first
from apps.core.models import Event
from tests.world import NOW


@pytest.fixture
def events(db):
    """Seven events in four instants, so that a page may end between two of the same instant."""
    at = [NOW - timedelta(hours=hour) for hour in (0, 1, 1, 2, 2, 2, 3)]
    return Event.objects.bulk_create(
        [Event(name="order.placed", subject=f"order:{n}", occurred_at=each) for n, each in enumerate(at)]
    )


def pages(size):
    """All pages from the first to the last, by following the places to go on from."""
    page = latest_first(Event.objects.all(), "occurred_at", size=size)
    found = [page]
    while page.next_after:
        page = latest_first(Event.objects.all(), "occurred_at", after=page.next_after, size=size)
        found.append(page)
    return found


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 50])
def test_pages_leave_nothing_out_and_repeat_nothing(events, size):
    expected = sorted(events, key=lambda event: (event.occurred_at, event.pk), reverse=True)
    assert [event for page in pages(size) for event in page] == expected


@pytest.mark.parametrize("size", [1, 2, 3])
def test_the_way_back_shows_the_same_pages(events, size):
    forth = pages(size)
    page = forth[-1]
    for expected in reversed(forth[:-1]):
        page = latest_first(Event.objects.all(), "occurred_at", before=page.previous_before, size=size)
        assert page.rows == expected.rows
    assert page.previous_before is None


@pytest.mark.parametrize(
    "place", ["", None, "x", "~", "2026-13-40~1", "2026-03-04~", "2026-03-04T10:00:00~-1", "~" * 500]
)
def test_a_place_that_makes_no_sense_is_the_first_page(events, place):
    assert len(latest_first(Event.objects.all(), "occurred_at", after=place, before=place)) == 7


def test_a_page_has_a_limit_and_costs_one_query(events, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert len(latest_first(Event.objects.all(), "occurred_at", size=10**9)) == 7
    assert MAX_SIZE == 100
    assert len(latest_first(Event.objects.all(), "occurred_at", size=-5)) == 1
