from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.feedback.rules import Candidate, Delivery, Policy, due_at, expires_at, may_ask, reminder_at

POLICY = Policy()
NOW = datetime(2026, 3, 4, 10, tzinfo=UTC)  # a Wednesday


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def due(delivered: str, zone: str, weekdays: str = "12345", spread: int = 0, **policy) -> str:
    rules = Policy(**policy)
    window = due_at(utc(delivered), rules.hours(zone, weekdays), rules, now=utc(delivered), spread=spread)
    return f"{window.due_at:%Y-%m-%dT%H:%M}"


@pytest.mark.parametrize(
    "zone, weekdays, delivered, expected",
    [
        ("Europe/London", "12345", "2026-03-02T10:00", "2026-03-04T09:00"),
        ("Europe/London", "12345", "2026-03-02T23:59", "2026-03-04T09:00"),  # late in the evening, the same day
        ("Europe/London", "12345", "2026-03-05T10:00", "2026-03-09T09:00"),  # Saturday becomes Monday
        ("Europe/London", "12345", "2026-03-27T10:00", "2026-03-30T08:00"),  # clocks forward on the 29th: 09:00 BST
        ("Europe/London", "1234567", "2026-03-27T10:00", "2026-03-29T08:00"),  # on the very day
        ("Europe/London", "12345", "2026-10-23T10:00", "2026-10-26T09:00"),  # clocks back on the 25th: 09:00 GMT
        ("Europe/London", "1234567", "2026-10-23T10:00", "2026-10-25T09:00"),
        ("America/New_York", "1234567", "2026-03-06T15:00", "2026-03-08T13:00"),  # their clocks change earlier
        ("America/New_York", "1234567", "2026-10-30T15:00", "2026-11-01T14:00"),
        ("Asia/Dubai", "12345", "2026-03-02T21:00", "2026-03-05T05:00"),  # already the 3rd there
        ("Asia/Riyadh", "71234", "2026-03-03T08:00", "2026-03-05T06:00"),  # Thursday is worked
        ("Asia/Riyadh", "71234", "2026-03-04T08:00", "2026-03-08T06:00"),  # Friday and Saturday are the weekend
        ("Asia/Tehran", "67123", "2026-03-02T08:00", "2026-03-04T05:30"),  # +03:30
        ("Asia/Tehran", "67123", "2026-03-02T20:30", "2026-03-07T05:30"),  # midnight there: the 3rd, so not Thursday
        ("Asia/Kathmandu", "71234", "2026-03-02T08:00", "2026-03-04T03:15"),  # +05:45
        ("Pacific/Apia", "12345", "2026-03-02T12:00", "2026-03-04T20:00"),  # +13: the 3rd there, so the 5th, 09:00
        ("Pacific/Honolulu", "12345", "2026-03-03T05:00", "2026-03-04T19:00"),  # still the 2nd there
        ("Australia/Lord_Howe", "1234567", "2026-04-03T01:00", "2026-04-04T22:30"),  # half an hour back on the 5th
    ],
)
def test_due_two_local_days_later_at_nine_on_a_working_day(zone, weekdays, delivered, expected):
    assert due(delivered, zone, weekdays) == expected


def test_a_morning_is_spread_over_the_window_and_stays_where_it_was():
    hours = [due("2026-03-02T10:00", "Europe/London", spread=shipment) for shipment in range(1000, 1400)]
    assert hours == [due("2026-03-02T10:00", "Europe/London", spread=shipment) for shipment in range(1000, 1400)]
    assert min(hours) >= "2026-03-04T09:00"
    assert max(hours) <= "2026-03-04T16:30"
    assert len(set(hours)) > 300


def test_never_in_the_past_and_the_rest_of_today_counts():
    hours = POLICY.hours("Europe/London", "12345")
    later_today = due_at(utc("2026-02-20T10:00"), hours, POLICY, now=utc("2026-03-04T12:00"))
    assert later_today.due_at == utc("2026-03-04T12:00")
    too_late_today = due_at(utc("2026-02-20T10:00"), hours, POLICY, now=utc("2026-03-04T16:45"))
    assert too_late_today.due_at == utc("2026-03-05T09:00")


ZONES = (
    "Europe/London", "America/New_York", "America/St_Johns", "America/Santiago", "Asia/Tehran", "Asia/Kolkata",
    "Asia/Kathmandu", "Asia/Bangkok", "Asia/Seoul", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca",
)  # fmt: skip


@given(
    zone=st.sampled_from(ZONES),
    weekdays=st.sampled_from(["12345", "71234", "67123", "1234567", "6"]),
    delivered=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
    waited=st.timedeltas(timedelta(0), timedelta(days=10)),
    spread=st.integers(0, 10**9),
)
def test_every_hour_of_a_year_lands_in_the_window(zone, weekdays, delivered, waited, spread):
    now = delivered + waited
    window = due_at(delivered, POLICY.hours(zone, weekdays), POLICY, now=now, spread=spread)
    local = window.due_at.astimezone(ZoneInfo(zone))
    assert time(9) <= local.time() <= time(17)
    assert str(local.isoweekday()) in weekdays
    assert (local.date() - delivered.astimezone(ZoneInfo(zone)).date()).days >= 2
    assert now <= window.due_at < window.ends_at


@pytest.mark.parametrize(
    "zone, asked, expected",
    [
        ("Europe/London", "2026-03-04T09:00", "2026-03-19T00:00"),
        ("Europe/London", "2026-03-16T09:00", "2026-03-30T23:00"),  # over the change of the clocks
        ("Asia/Tehran", "2026-03-04T05:30", "2026-03-18T20:30"),
        ("America/Santiago", "2026-08-23T13:00", "2026-09-07T03:00"),
        (
            "America/Santiago",
            "2026-08-22T13:00",
            "2026-09-06T04:00",
        ),  # that midnight does not exist: the day ends at 01:00
    ],
)
def test_expires_at_the_end_of_the_local_day(zone, asked, expected):
    assert expires_at(utc(asked), POLICY.hours(zone, "12345"), POLICY) == utc(expected)


@pytest.mark.parametrize(
    "weekdays, asked, expected",
    [
        ("12345", "2026-03-04T09:00", "2026-03-10T09:00"),  # Thursday, Friday, Monday, Tuesday
        ("71234", "2026-03-04T09:00", "2026-03-10T09:00"),  # Thursday, Sunday, Monday, Tuesday
        ("12345", "2026-03-26T09:00", "2026-04-01T08:00"),  # 09:00 in summer
        ("3", "2026-03-04T09:00", None),  # works on Wednesdays only: the fourth comes after the end
    ],
)
def test_one_reminder_after_four_working_days(weekdays, asked, expected):
    hours = POLICY.hours("Europe/London", weekdays)
    ends = expires_at(utc(asked), hours, POLICY)
    assert reminder_at(utc(asked), hours, POLICY, ends_at=ends) == (expected and utc(expected))


def test_no_reminder_where_the_programme_has_none():
    policy = Policy(reminder_days=0)
    hours = policy.hours("Europe/London", "12345")
    assert reminder_at(NOW, hours, policy, ends_at=NOW + timedelta(days=14)) is None


ANNA, BORIS, RICK = Candidate(1, took_part=True), Candidate(2), Candidate(3, took_part=True)


def days_ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def decide(*candidates, policy=POLICY, **delivery):
    facts = {"ready_at": NOW, "weekdays": "1234567"} | delivery
    verdict = may_ask(Delivery(**facts), candidates, policy, now=NOW)
    return verdict.candidate.contact_id if verdict.candidate else verdict.reason


def test_who_took_part_comes_first_then_who_was_asked_longest_ago():
    asked = {"last_asked_at": days_ago(200)}
    assert decide(BORIS, ANNA) == 1
    assert decide(Candidate(1, took_part=True, **asked), RICK) == 3
    assert decide(Candidate(1, took_part=True, **asked), Candidate(3, took_part=True, last_asked_at=days_ago(300))) == 3
    assert decide(Candidate(1, took_part=True, last_asked_at=days_ago(5)), BORIS) == 2


@pytest.mark.parametrize(
    "delivery, reason",
    [
        ({"is_test_account": True}, "test_account"),
        ({"known_failure": True}, "known_failure"),
        ({"known_failure": True, "fixed": True}, 1),
        ({"known_failure": True, "fixed": True, "open_case": True}, "open_case"),
        ({"open_case": True}, "open_case"),
        ({"asked_at": (days_ago(3), days_ago(20))}, "account_cap"),
        ({"asked_at": (days_ago(3), days_ago(28.5))}, 1),  # will be more than thirty days ago when this one is due
        ({"asked_at": (days_ago(3),)}, 1),
        ({"ready_at": days_ago(15.9)}, 1),
        ({"ready_at": days_ago(16)}, "too_late"),
    ],
)
def test_whether_to_ask_about_a_delivery(delivery, reason):
    assert decide(ANNA, **delivery) == reason


@pytest.mark.parametrize(
    "facts, reason",
    [
        ({}, 1),
        ({"is_active": False}, "no_address"),
        ({"has_address": False}, "no_address"),
        ({"objected": True}, "objected"),
        ({"consents": False}, "no_consent"),
        ({"last_asked_at": days_ago(-3)}, "throttled"),  # planned, for later
        ({"last_asked_at": days_ago(87)}, "throttled"),  # due on the 6th: 89 days
        ({"last_asked_at": days_ago(89)}, 1),
    ],
)
def test_whether_to_ask_a_contact(facts, reason):
    assert decide(Candidate(1, took_part=True, **facts)) == reason


def test_the_reason_is_that_of_who_came_closest():
    assert decide() == "no_address"
    resting = Candidate(1, last_asked_at=days_ago(1))
    assert decide(Candidate(2, has_address=False), resting, Candidate(3, objected=True)) == "throttled"


def test_operations_may_switch_the_limits_off():
    assert decide(ANNA, policy=Policy(is_active=False)) == "programme_off"
    assert decide(ANNA, policy=Policy(account_cap=0), asked_at=(days_ago(1),) * 9) == 1
