from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from apps.cases.rules import WorkingTime, after_days, after_hours, deadlines, escalation_due

LONDON, TEHRAN, DUBAI = WorkingTime("Europe/London"), WorkingTime("Asia/Tehran", "67123"), WorkingTime("Asia/Dubai")
KATHMANDU = WorkingTime("Asia/Kathmandu", "71234")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "working, opened, hours, expected",
    [
        (LONDON, "2026-03-04T10:00", 4, "2026-03-04T14:00"),
        (LONDON, "2026-03-04T15:00", 4, "2026-03-05T11:00"),  # two hours today, two tomorrow
        (LONDON, "2026-03-04T05:00", 4, "2026-03-04T13:00"),  # before opening
        (LONDON, "2026-03-04T17:00", 4, "2026-03-05T13:00"),  # at closing
        (LONDON, "2026-03-06T16:00", 4, "2026-03-09T12:00"),  # over a weekend
        (LONDON, "2026-03-27T16:00", 4, "2026-03-30T11:00"),  # the clocks went forward on Sunday
        (LONDON, "2026-10-23T15:00", 4, "2026-10-26T12:00"),  # the clocks went back on Sunday
        (TEHRAN, "2026-03-04T12:00", 4, "2026-03-07T08:00"),  # 15:30 there, Wednesday; Thursday and Friday are free
        (KATHMANDU, "2026-03-05T09:15", 4, "2026-03-08T05:15"),  # 15:00 there on a Thursday; the week starts on Sunday
        (DUBAI, "2026-03-04T04:00", 9, "2026-03-05T06:00"),  # more than a day of hours
    ],
)
def test_hours_count_while_the_account_works(working, opened, hours, expected):
    assert after_hours(utc(opened), hours, working) == utc(expected)


@pytest.mark.parametrize(
    "working, opened, days, expected",
    [
        (LONDON, "2026-03-04T10:00", 2, "2026-03-06T10:00"),
        (LONDON, "2026-03-05T10:00", 2, "2026-03-09T10:00"),
        (LONDON, "2026-03-27T10:00", 2, "2026-03-31T09:00"),  # the same clock time in summer
        (LONDON, "2026-03-07T12:00", 2, "2026-03-11T09:00"),  # a Saturday counts from Monday 09:00
        (TEHRAN, "2026-03-04T08:30", 2, "2026-03-08T08:30"),
    ],
)
def test_days_keep_the_local_clock(working, opened, days, expected):
    assert after_days(utc(opened), days, working) == utc(expected)


MAY_DAY, CLOSED_FOR_GOOD = date(2026, 5, 4), frozenset(date(2026, 3, 2) + timedelta(days) for days in range(3_000))


def test_days_a_country_is_closed_are_not_counted():
    working = replace(LONDON, closed=frozenset({MAY_DAY}))
    assert after_hours(utc("2026-05-01T15:00"), 4, working) == utc("2026-05-05T11:00")
    assert after_days(utc("2026-05-01T09:00"), 2, working) == utc("2026-05-06T09:00")
    assert working.start(utc("2026-05-04T09:00")) == utc("2026-05-05T08:00")


def test_a_calendar_closed_for_years_still_ends():
    working = replace(LONDON, closed=CLOSED_FOR_GOOD)
    assert working.next_day(date(2026, 3, 4)) == date(2034, 5, 19)
    assert deadlines(utc("2026-03-04T10:00"), working).acknowledge_by == utc("2034-05-19T12:00")


def test_deadlines_of_a_case():
    due = deadlines(utc("2026-03-04T10:00"), LONDON)
    assert (due.acknowledge_by, due.answer_by, due.resolve_by) == (
        utc("2026-03-04T14:00"),
        utc("2026-03-06T10:00"),
        utc("2026-03-18T10:00"),
    )


@pytest.mark.parametrize(
    "now, step", [("10:59", 0), ("11:00", 50), ("11:35", 50), ("11:36", 80), ("12:00", 100), ("18:00", 100)]
)
def test_escalation_by_share_of_the_time(now, step):
    assert escalation_due(utc("2026-03-04T10:00"), utc("2026-03-04T12:00"), utc(f"2026-03-04T{now}")) == step


@pytest.mark.parametrize("zone, weekdays", [("Mars/Olympus", "12345"), ("../etc/passwd", "1"), ("Europe/London", "x")])
def test_a_wrong_zone_or_week_never_hangs(zone, weekdays):
    assert after_days(utc("2026-03-04T10:00"), 10, WorkingTime(zone, weekdays)) > utc("2026-03-04T10:00")
