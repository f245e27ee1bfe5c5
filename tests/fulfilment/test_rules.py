from datetime import UTC, date, datetime, timedelta

import pytest

from apps.fulfilment import rules
from apps.fulfilment.rules import Received

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
IN_FULL = [Received(10, 10, 0)]


@pytest.mark.parametrize(
    ("promised_on", "delivered_at", "time_zone", "days_late"),
    [
        (date(2026, 3, 4), NOON, "Europe/London", 0),
        (date(2026, 3, 3), NOON, "Europe/London", 1),
        (date(2026, 3, 5), NOON, "Europe/London", 0),
        (date(2026, 3, 4), datetime(2026, 3, 4, 23, 30, tzinfo=UTC), "Europe/London", 0),
        (date(2026, 3, 4), datetime(2026, 3, 4, 23, 30, tzinfo=UTC), "Asia/Bangkok", 1),  # 06:30 the next day there
        (date(2026, 3, 4), datetime(2026, 3, 5, 3, 0, tzinfo=UTC), "America/Los_Angeles", 0),  # still the 4th there
        (date(2026, 2, 25), NOON, "Europe/London", 7),
        (None, NOON, "Europe/London", 0),
    ],
)
def test_late_is_after_the_promised_day_where_it_was_received(promised_on, delivered_at, time_zone, days_late):
    found = rules.verdict(promised_on=promised_on, delivered_at=delivered_at, time_zone=time_zone, lines=IN_FULL)
    assert (found.days_late, found.is_late) == (days_late, days_late > 0)


@pytest.mark.parametrize(
    ("lines", "short", "damaged", "otif"),
    [
        ([Received(10, 10, 0), Received(5, 5, 0)], False, False, True),
        ([Received(10, 9, 0), Received(5, 5, 0)], True, False, False),
        ([Received(10, 10, 1)], False, True, False),
        ([Received(10, 8, 2)], True, True, False),
        ([Received(10, 0, 0)], True, False, False),
    ],
)
def test_short_and_damaged_follow_from_the_lines(lines, short, damaged, otif):
    found = rules.verdict(promised_on=date(2026, 3, 4), delivered_at=NOON, time_zone="Europe/London", lines=lines)
    assert (found.is_short, found.is_damaged, found.on_time_in_full) == (short, damaged, otif)


@pytest.mark.parametrize(
    ("line", "possible"),
    [
        (Received(10, 10, 10), True),
        (Received(10, 0, 0), True),
        (Received(10, 11, 0), False),
        (Received(10, 5, 6), False),
        (Received(10, -1, 0), False),
        (Received(10, 5, -1), False),
    ],
)
def test_what_can_have_been_received(line, possible):
    assert rules.can_be(line) is possible


@pytest.mark.parametrize(
    ("happened", "why"),
    [
        (timedelta(0), ""),
        (timedelta(minutes=4), ""),  # clocks differ
        (timedelta(minutes=6), "future"),
        (timedelta(days=-1), ""),
        (timedelta(days=-3), "before_order"),
    ],
)
def test_a_time_that_cannot_be_is_not_believed(happened, why):
    assert rules.disbelief(NOON + happened, placed_at=NOON - timedelta(days=2), now=NOON) == why


@pytest.mark.parametrize(
    ("promised_on", "time_zone", "overdue"),
    [
        (date(2026, 3, 4), "Europe/London", False),
        (date(2026, 3, 3), "Europe/London", True),
        (date(2026, 3, 4), "Pacific/Kiritimati", True),  # it is the 5th there
        (None, "Europe/London", False),
    ],
)
def test_overdue_begins_when_the_day_is_over_where_it_is_awaited(promised_on, time_zone, overdue):
    assert rules.is_overdue(promised_on, NOON, time_zone) is overdue
