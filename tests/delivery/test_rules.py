"""Dates of arrival and charges."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from babel import Locale, UnknownLocaleError

from apps.availability.rules import Lot
from apps.delivery.rules import (
    Calendar,
    Goods,
    Journey,
    Rates,
    arrival,
    charge,
    latest,
    refused,
    steps_of,
    working_days,
)

WEEK, ALWAYS = Calendar("12345"), Calendar("1234567")


def on(text):
    return date.fromisoformat(text)


def journey(now, ready="2026-01-01", *, zone="Europe/London", there="Europe/London", transit=2, **calendars):
    """Dispatch and arrival as texts; `now` is UTC."""
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    found = arrival(
        on(ready),
        at.astimezone(ZoneInfo(zone)),
        today_there=at.astimezone(ZoneInfo(there)).date(),
        cut_off=time(15, 0),
        transit_days=transit,
        **{"warehouse": WEEK, "carrier": WEEK, "receiver": WEEK, **calendars},
    )
    return found.dispatch_on.isoformat(), found.arrives_on.isoformat()


@pytest.mark.parametrize(
    ("now", "ready", "dispatch", "arrives"),
    [
        pytest.param("2026-03-04T10:00", "2026-03-04", "2026-03-04", "2026-03-06", id="today before the cut-off"),
        pytest.param("2026-03-04T14:59:59", "2026-03-04", "2026-03-04", "2026-03-06", id="the last second"),
        pytest.param("2026-03-04T15:00", "2026-03-04", "2026-03-05", "2026-03-09", id="at the cut-off"),
        pytest.param("2026-03-04T16:00", "2026-03-05", "2026-03-05", "2026-03-09", id="ready tomorrow: no second day"),
        pytest.param("2026-03-06T16:00", "2026-03-06", "2026-03-09", "2026-03-11", id="Friday afternoon"),
        pytest.param("2026-03-07T08:00", "2026-03-07", "2026-03-09", "2026-03-11", id="Saturday"),
        pytest.param("2026-03-04T10:00", "2026-03-20", "2026-03-20", "2026-03-24", id="ready later"),
        pytest.param("2026-03-04T10:00", "2026-02-01", "2026-03-04", "2026-03-06", id="ready long ago"),
        pytest.param("2028-02-28T10:00", "2028-02-28", "2028-02-28", "2028-03-01", id="a leap day on the way"),
        pytest.param("2027-12-30T10:00", "2027-12-31", "2027-12-31", "2028-01-04", id="over the year's end"),
    ],
)
def test_a_journey(now, ready, dispatch, arrives):
    assert journey(now, ready) == (dispatch, arrives)


@pytest.mark.parametrize(
    ("now", "dispatch"),
    [
        pytest.param("2026-03-27T14:59", "2026-03-27", id="winter time: 14:59"),
        pytest.param("2026-03-30T13:59", "2026-03-30", id="summer time: 14:59"),
        pytest.param("2026-03-30T14:00", "2026-03-31", id="summer time: 15:00"),
        pytest.param("2026-10-23T14:00", "2026-10-26", id="the last Friday of summer time, 15:00"),
        pytest.param("2026-10-26T14:59", "2026-10-26", id="winter time again"),
        pytest.param("2026-03-29T23:30", "2026-03-30", id="past local midnight, Sunday in UTC"),
    ],
)
def test_the_cut_off_is_by_the_clock_of_the_warehouse(now, dispatch):
    assert journey(now)[0] == dispatch


@pytest.mark.parametrize(
    ("now", "dispatch", "arrives"),
    [
        pytest.param("2026-03-04T11:29", "2026-03-04", "2026-03-07", id="14:59 in Tehran"),
        pytest.param("2026-03-04T11:30", "2026-03-05", "2026-03-08", id="15:00 in Tehran"),
        pytest.param("2026-03-05T11:30", "2026-03-07", "2026-03-09", id="Thursday at the cut-off, Friday is closed"),
    ],
)
def test_half_hours_and_friday_weekends(now, dispatch, arrives):
    week = Calendar(working_days("IR"))
    here = "Asia/Tehran"

    assert journey(now, zone=here, there=here, warehouse=week, carrier=week, receiver=week) == (dispatch, arrives)


def test_holidays_here_and_there():
    good_friday, easter_monday = on("2026-04-03"), on("2026-04-06")
    here = Calendar("12345", frozenset({good_friday}))
    there = Calendar("12345", frozenset({easter_monday}))

    assert journey("2026-04-02T16:00", warehouse=here) == ("2026-04-06", "2026-04-08")
    assert journey("2026-04-02T10:00", carrier=there, receiver=there) == ("2026-04-02", "2026-04-07")


def test_goods_wait_for_a_receiving_day():
    assert journey("2026-03-04T10:00", receiver=Calendar("2"))[1] == "2026-03-10"


def test_a_receiver_ahead_of_the_warehouse_is_not_served_yesterday():
    late = "2026-03-05T04:00"  # Wednesday evening in Los Angeles, Thursday in Auckland

    assert journey(late, zone="America/Los_Angeles", there="Pacific/Auckland", transit=0, receiver=ALWAYS) == (
        "2026-03-05", "2026-03-05",
    )  # fmt: skip
    assert journey("2026-03-05T20:00", zone="America/Los_Angeles", there="Pacific/Auckland", transit=0) == (
        "2026-03-05", "2026-03-06",
    )  # fmt: skip


def test_nobody_who_says_nothing_works_never():
    assert Calendar("").next_open(on("2026-03-07")) == on("2026-03-09")


def test_a_delivery_in_parts_arrives_with_the_last():
    early, late = Journey(on("2026-03-04"), on("2026-03-09")), Journey(on("2026-03-05"), on("2026-03-06"))

    assert latest([early, late]) == Journey(on("2026-03-05"), on("2026-03-09"))
    assert latest([]) is None


def test_weekends_are_those_of_the_cldr():
    for country in Locale("en").territories:
        try:
            locale = Locale.parse(f"und_{country}")
        except (UnknownLocaleError, ValueError):
            continue
        weekend = {day % 7 for day in range(locale.weekend_start, locale.weekend_end + 1)}
        assert {int(day) - 1 for day in working_days(country)} == set(range(7)) - weekend, country


RATES = Rates(Decimal("6.90"), Decimal("0.155"), Decimal(150), Decimal(0), Decimal(30))


@pytest.mark.parametrize(
    ("weight", "goods", "costs", "gap"),
    [
        ("0", "20", "6.90", "130"),
        ("3", "149.99", "7.37", "0.01"),  # 7.365 rounds half up
        ("3", "150", "0", None),
        ("3", "900", "0", None),
    ],
)
def test_a_charge_falls_away_from_a_value_on(weight, goods, costs, gap):
    found = charge(RATES, Goods((), Decimal(weight), net=Decimal(goods)), currency="GBP")

    assert found == (Decimal(costs), gap and Decimal(gap))


@pytest.mark.parametrize(
    ("base", "free_from", "found"),
    [("5", None, (Decimal(5), None)), ("0", "150", (Decimal(0), None))],
)
def test_never_free_and_always_free(base, free_from, found):
    rates = Rates(Decimal(base), Decimal(0), free_from and Decimal(free_from), Decimal(0), None)

    assert charge(rates, Goods((), Decimal(1), net=Decimal(1)), currency="GBP") == found


@pytest.mark.parametrize(
    ("weight", "why"),
    [("49.99", "too_light"), ("50", None), ("1000", None), ("1000.01", "too_heavy")],
)
def test_limits_of_weight(weight, why):
    rates = Rates(Decimal(0), Decimal(0), None, Decimal(50), Decimal(1000))

    assert refused(rates, Goods((), Decimal(weight))) == why


def test_lots_arrive_in_steps_one_for_each_day_and_source():
    ready, early, late = date(2026, 3, 4), date(2026, 3, 6), date(2026, 3, 20)
    lots = [
        (Lot(5, ready, "stock", 1, 1), early),
        (Lot(7, ready, "incoming", 1, 2), late),
        (Lot(3, ready, "stock", 2, 3), early),
        (Lot(1, ready, "sourced", 1, None), None),
    ]
    assert [(step.quantity, step.total, step.source, step.arrives_on) for step in steps_of(lots)] == [
        (8, 8, "stock", early),
        (7, 15, "incoming", late),
        (1, 16, "sourced", None),
    ]
