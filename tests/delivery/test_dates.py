"""Dates that a buyer is promised, whatever the clocks and calendars: properties, and the nights that are special."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from apps.delivery.rules import Calendar, Window, arrival, first_shared, free_slots, working_days

PLACES = ("Europe/London", "Asia/Tehran", "Pacific/Auckland", "America/Los_Angeles", "Australia/Lord_Howe", "UTC")
HALF_PAST_THREE = timezone(timedelta(hours=3, minutes=30))
DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))
ZONES = st.one_of(st.sampled_from(PLACES).map(ZoneInfo), st.just(HALF_PAST_THREE))
CLOCKS = st.times(datetime.min.time(), time(23, 59))
WEEKS = st.one_of(
    st.sampled_from([working_days(country) for country in ("GB", "SA", "IR", "AF", "IN")]),
    st.sets(st.sampled_from("1234567"), min_size=1).map("".join),
)
CALENDARS = st.builds(Calendar, WEEKS, st.frozensets(DAYS, max_size=15))
# Any moment of three years, and often one around the nights on which clocks change.
NIGHTS = [datetime(2026, 3, 29, 1), datetime(2026, 10, 25, 1), datetime(2028, 2, 29, 0), datetime(2026, 4, 4, 15)]
MOMENTS = st.one_of(
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 1)),
    st.builds(lambda night, late: night + timedelta(minutes=late), st.sampled_from(NIGHTS), st.integers(-180, 180)),
).map(lambda moment: moment.replace(tzinfo=UTC))
ALWAYS = dict.fromkeys(("warehouse", "carrier", "receiver"), Calendar("1234567"))
PARTIES = st.fixed_dictionaries(dict.fromkeys(ALWAYS, CALENDARS))
TRANSIT = st.integers(0, 9)


LONDON = ZoneInfo("Europe/London")


def journey(now, ready, cut_off, parties, *, zone=LONDON, there=None, transit=1):
    today_there = now.astimezone(there or zone).date()
    return arrival(
        ready, now.astimezone(zone), today_there=today_there, cut_off=cut_off, transit_days=transit, **parties
    )


@given(MOMENTS, ZONES, ZONES, DAYS, CLOCKS, TRANSIT, PARTIES)
def test_never_before_now_and_never_on_a_closed_day(now, zone, there, ready, cut_off, transit, parties):
    found = journey(now, ready, cut_off, parties, zone=zone, there=there, transit=transit)

    if found is None:
        assert not parties["carrier"].meets(parties["receiver"])
        return
    assert max(ready, now.astimezone(zone).date()) <= found.dispatch_on <= found.arrives_on
    assert now.astimezone(there).date() <= found.arrives_on
    assert parties["warehouse"].is_open(found.dispatch_on)
    assert parties["carrier"].is_open(found.arrives_on) and parties["receiver"].is_open(found.arrives_on)


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=9)), ZONES, ZONES, DAYS, CLOCKS, TRANSIT, PARTIES)
def test_ordering_later_is_never_there_sooner(now, later, zone, there, ready, cut_off, transit, parties):
    ways = {"zone": zone, "there": there, "transit": transit}
    first, second = (journey(at, ready, cut_off, parties, **ways) for at in (now, now + later))

    assert first is None or (first.dispatch_on <= second.dispatch_on and first.arrives_on <= second.arrives_on)


@given(MOMENTS, ZONES, DAYS, CLOCKS, CLOCKS, TRANSIT, PARTIES)
def test_a_later_cut_off_is_never_there_later(now, zone, ready, one, other, transit, parties):
    early, late = (
        journey(now, ready, cut_off, parties, zone=zone, transit=transit) for cut_off in sorted((one, other))
    )
    assert early is None or (late.dispatch_on <= early.dispatch_on and late.arrives_on <= early.arrives_on)


@given(MOMENTS, ZONES, DAYS, st.integers(0, 30), CLOCKS, TRANSIT, PARTIES)
def test_ready_later_or_on_the_way_longer_is_never_there_sooner(now, zone, ready, later, cut_off, transit, parties):
    at = {"zone": zone, "transit": transit}
    first = journey(now, ready, cut_off, parties, **at)
    second = journey(now, ready + timedelta(days=later), cut_off, parties, **at)
    slower = journey(now, ready, cut_off, parties, zone=zone, transit=transit + 1)

    assert first is None or first.arrives_on <= min(second.arrives_on, slower.arrives_on)


@given(
    MOMENTS, ZONES, DAYS, CLOCKS, TRANSIT, PARTIES, st.frozensets(DAYS, max_size=9), st.sampled_from(["r", "c", "w"])
)
def test_a_further_closed_day_is_never_there_sooner(now, zone, ready, cut_off, transit, parties, days, who):
    name = next(each for each in parties if each.startswith(who))
    closed = parties | {name: parties[name].without(days)}
    first, second = (journey(now, ready, cut_off, p, zone=zone, transit=transit) for p in (parties, closed))

    assert first is None or first.arrives_on <= second.arrives_on


@given(MOMENTS, ZONES, DAYS, CLOCKS, CLOCKS, WEEKS, CALENDARS, CALENDARS, st.dictionaries(DAYS, st.integers(0, 2)))
@example(  # the second time it is ten past one that night: what began at half past one is over
    datetime(2026, 10, 25, 1, 10, tzinfo=UTC), LONDON, date(2026, 10, 25), time(1, 30), time(3),
    "1234567", Calendar("1234567"), Calendar("1234567"), {},
)  # fmt: skip
def test_a_slot_is_later_than_now_on_an_open_day_and_lasts(now, zone, from_on, one, other, week, van, dock, left):
    starts, ends = min(one, other), max(one, other, time(23, 59))
    here = now.astimezone(zone)
    window = Window(1, week, starts, ends, 2, left)
    found = free_slots([window], from_on=from_on, now_there=here, carrier=van, receiver=dock, hours=None)

    assert list(found) == sorted(found, key=lambda slot: slot.day_on)
    for slot in found:
        begins, over = (datetime.combine(slot.day_on, at, zone).timestamp() for at in (slot.starts_at, slot.ends_at))
        assert now.timestamp() < begins < over
        assert slot.day_on >= from_on and slot.left > 0
        assert van.is_open(slot.day_on) and dock.is_open(slot.day_on)


@pytest.mark.parametrize(
    ("now", "cut_off", "dispatch"),
    [
        pytest.param("2026-03-29T00:59", "01:30", "2026-03-29", id="before the hour that is skipped"),
        pytest.param("2026-03-29T01:00", "01:30", "2026-03-30", id="the clock goes from one to two"),
        pytest.param("2026-10-25T00:29", "01:30", "2026-10-25", id="before it strikes half past one"),
        pytest.param("2026-10-25T00:30", "01:30", "2026-10-26", id="the first half past one"),
        pytest.param("2026-10-25T01:10", "01:30", "2026-10-26", id="ten past one again, after it"),
        pytest.param("2026-10-25T02:10", "02:30", "2026-10-25", id="the next hour is itself again"),
    ],
)
def test_a_cut_off_on_the_nights_the_clocks_change(now, cut_off, dispatch):
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)

    assert str(journey(at, date(2026, 1, 1), time.fromisoformat(cut_off), ALWAYS).dispatch_on) == dispatch


def test_no_slot_in_an_hour_that_is_skipped():
    night = Window(1, "1234567", time(1, 30), time(3), 9, {})
    found = free_slots(
        [night],
        from_on=date(2026, 3, 28),
        now_there=datetime(2026, 3, 27, 12, tzinfo=LONDON),
        carrier=Calendar("1234567"),
        receiver=Calendar("1234567"),
        hours=None,
        most=2,
    )
    assert [str(slot.day_on) for slot in found] == ["2026-03-28", "2026-03-30"]


@pytest.mark.parametrize(
    ("ready", "transit", "arrives"),
    [
        pytest.param("2026-03-04", 1, "2026-03-07", id="Wednesday to Saturday: Thursday and Friday are closed"),
        pytest.param("2026-03-05", 0, "2026-03-07", id="ready on a Thursday"),
        pytest.param("2028-02-28", 1, "2028-02-29", id="a leap day"),
        pytest.param("2028-02-29", 1, "2028-03-01", id="from a leap day"),
        pytest.param("2027-02-28", 1, "2027-03-01", id="no leap day"),
    ],
)
def test_weekends_on_thursday_and_friday_and_leap_days(ready, transit, arrives):
    week = dict.fromkeys(ALWAYS, Calendar(working_days("AF")))
    day = date.fromisoformat(ready)
    at = datetime.combine(day, time(6), ZoneInfo("Asia/Kabul"))

    found = journey(at, day, time(15), week, zone=ZoneInfo("Asia/Kabul"), transit=transit)
    assert str(found.arrives_on) == arrives


def test_what_the_carrier_never_brings_when_it_is_received_does_not_come():
    weekdays, saturdays = Calendar("12345"), Calendar("6")

    assert first_shared(date(2026, 3, 4), weekdays, saturdays) is None
    assert first_shared(date(2026, 3, 4), weekdays, Calendar("56")) == date(2026, 3, 6)
    assert first_shared(date(2026, 3, 4), Calendar(""), Calendar("")) == date(2026, 3, 4)
