"""Measures in both systems, versions of documents, what differs."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from apps.catalogue.rules.differences import differences
from apps.catalogue.rules.documents import by_version
from apps.catalogue.rules.measures import counterpart, triple


@pytest.mark.parametrize(
    ("figure", "unit", "other"),
    [
        (25.4, "mm", "1 in"),
        (40, "mm", "1.57 in"),
        (1, "in", "25.4 mm"),
        (3, "m", "9.84 ft"),
        (0.02, "kg", "0.0441 lb"),
        (1200, "kg", "2646 lb"),
        (10, "lb", "4.54 kg"),
        (10, "bar", "145 psi"),
        (250, "bar", "3626 psi"),
        (100, "psi", "6.89 bar"),
        (0, "°C", "32 °F"),
        (-40, "°C", "-40 °F"),
        (100, "°C", "212 °F"),
        (212, "°F", "100 °C"),
        (5, "l", "1.32 gal"),
        (1, "gal", "3.79 l"),
        (50, "Nm", "36.9 lbf·ft"),
        (50, "N·m", "36.9 lbf·ft"),
        (60, "l/min", "15.9 gal/min"),
        (1000, "m³/h", "589 ft³/min"),
        (2.5, "mm²", "0.00388 in²"),
        (0, "mm", "0 in"),
        (7.5, "kW", "10.1 hp"),
    ],
)
def test_a_measure_has_a_counterpart_in_the_other_system(figure, unit, other):
    found = counterpart(figure, unit)
    assert f"{found.figure:f} {found.unit}" == other


@pytest.mark.parametrize("unit", ["", "V", "A", "W", "K", "pieces", "MM", "kg/m"])
def test_what_has_no_other_unit_is_left_alone(unit):
    assert counterpart(12, unit) is None


def test_there_and_back_is_where_one_came_from():
    for unit in ("mm", "m", "kg", "bar", "l", "N·m", "°C", "kW"):
        there = counterpart(Decimal("123.456789"), unit)
        assert round(counterpart(there.figure, there.unit).figure, 2) == Decimal("123.46")


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("600 x 400 x 200", (600, 400, 200)),
        ("600×400×200 mm", (600, 400, 200)),
        ("12.5 x 3", (Decimal("12.5"), 3)),
        ("", ()),
        ("large", ()),
        ("600 x -1 x 3", ()),
        ("NaN x 1 x 1", ()),
    ],
)
def test_three_sides_are_read_or_left_as_text(text, figures):
    assert triple(text) == tuple(map(Decimal, figures))


def document(pk, issued_on=None, kind="safety", title="Safety", language="en"):
    return SimpleNamespace(pk=pk, kind=kind, title=title, language=language, issued_on=issued_on)


def test_the_latest_version_is_current_and_the_older_ones_stay():
    old, new = document(1, date(2023, 1, 1)), document(2, date(2025, 1, 1))
    undated, german = document(3), document(4, date(2020, 1, 1), language="de")
    found = by_version([old, undated, new, german])
    assert [(each.current, each.older) for each in found] == [(new, (old, undated)), (german, ())]


def test_of_two_versions_of_one_day_the_one_entered_last_is_current():
    first, second = document(1, date(2025, 1, 1)), document(2, date(2025, 1, 1))
    assert by_version([second, first])[0].current is second


@pytest.mark.parametrize(
    ("here", "there", "found"),
    [
        ({"length": 40}, {"length": 40.0}, []),
        ({"length": 40}, {"length": 60}, [("length", 40, 60)]),
        ({"seal": "NBR"}, {}, [("seal", "NBR", None)]),
        ({}, {"food_safe": False}, [("food_safe", None, False)]),
        ({"a": 1, "b": 2}, {"b": 3, "a": 1, "c": 4}, [("b", 2, 3), ("c", None, 4)]),
    ],
)
def test_what_differs(here, there, found):
    assert differences(here, there) == found
