"""Targets, cover, mentions and routes: pure, as tables."""

from datetime import date
from decimal import Decimal as D

import pytest

from apps.accounts.places import place_of_postal_code
from apps.insights.rules.cover import USUAL, Cover, due_of, grade_of, worth_of
from apps.insights.rules.mentions import mentioned, strangers
from apps.insights.rules.routes import Day, Spot, Stop, clock_of, proposed, road_kilometres, timed, visiting_all
from apps.insights.rules.targets import QUARTER, YEAR, pace_of, period_of
from apps.pricing.limits import Limit, beyond_limit
from apps.workspace.maps import Spot as MapSpot
from apps.workspace.maps import map_of

ON = date(2026, 3, 4)


@pytest.mark.parametrize(
    ("kind", "day", "first", "last"),
    [
        (QUARTER, date(2026, 3, 4), date(2026, 1, 1), date(2026, 3, 31)),
        (QUARTER, date(2026, 4, 1), date(2026, 4, 1), date(2026, 6, 30)),
        (QUARTER, date(2026, 12, 31), date(2026, 10, 1), date(2026, 12, 31)),
        (YEAR, date(2024, 2, 29), date(2024, 1, 1), date(2024, 12, 31)),
    ],
)
def test_periods(kind, day, first, last):
    assert period_of(kind, day) == (first, last)


@pytest.mark.parametrize(
    ("done", "on", "share", "state"),
    [
        (72, date(2026, 3, 13), D("0.72"), "level"),  # 72 of 90 days are gone
        (73, date(2026, 3, 13), D("0.73"), "level"),
        (80, date(2026, 3, 13), D("0.8"), "ahead"),
        (71, date(2026, 3, 13), D("0.71"), "behind"),
        (0, date(2025, 12, 31), D(0), "ahead"),  # it has not begun
        (99, date(2026, 6, 1), D("0.99"), "level"),  # it is over
        (-5, date(2026, 1, 1), D("-0.05"), "behind"),  # credit notes alone
    ],
)
def test_pace(done, on, share, state):
    pace = pace_of(D(100), D(done), date(2026, 1, 1), date(2026, 3, 31), on)
    assert (pace.share, pace.state) == (share, state)


def test_the_time_gone_counts_the_day_itself():
    first, last = date(2026, 1, 1), date(2026, 3, 31)
    assert pace_of(D(1), D(0), first, last, first).time_gone == D(1) / D(90)
    assert pace_of(D(1), D(0), first, last, last).time_gone == 1


@pytest.mark.parametrize(
    ("a_year", "potential", "grade"),
    [(60_000, None, "A"), (59_999, 59_999, "B"), (30_000, 120_000, "A"), (None, None, "C"), (0, 60_000, "B")],
)
def test_classes(a_year, potential, grade):
    worth = worth_of(None if a_year is None else D(a_year), None if potential is None else D(potential))
    assert grade_of(worth, USUAL) == grade


@pytest.mark.parametrize(
    ("visit", "contact", "first_on", "over", "state"),
    [
        (None, None, ON, 0, "overdue"),  # never seen
        (date(2026, 2, 2), date(2026, 2, 2), date(2026, 2, 16), 16, "overdue"),
        (date(2026, 3, 1), date(2026, 3, 3), date(2026, 3, 17), -13, ""),
        (date(2026, 2, 8), date(2026, 3, 3), date(2026, 3, 10), -6, "soon"),
    ],
)
def test_who_is_due(visit, contact, first_on, over, state):
    due = due_of(Cover(D(0), 30, 14), visit, contact, ON)
    assert (due.first_on, due.days_over, due.state) == (first_on, over, state)


def test_a_class_without_visits_is_due_for_contacts_alone_or_for_nothing():
    assert due_of(Cover(D(0), 0, 90), None, ON, ON).first_on == date(2026, 6, 2)
    assert due_of(Cover(D(0), 0, 0), None, None, ON).state == ""


@pytest.mark.parametrize(
    ("text", "named", "unknown"),
    [
        ("@Sam please", ["Sam"], []),
        ("Ask @sam adeyemi, not @Sam", ["Sam Adeyemi", "Sam"], []),
        ("@Samantha and mail a@Sam.example", [], ["Samantha"]),
        ("nobody", [], []),
        ("@Nobody @Sam", ["Sam"], ["Nobody"]),
    ],
)
def test_who_is_named(text, named, unknown):
    names = ["Sam", "Sam Adeyemi"]
    assert (mentioned(text, names), strangers(text, names)) == (named, unknown)


LEEDS, YORK, HALIFAX, LONDON = Spot(53.8, -1.55), Spot(53.96, -1.08), Spot(53.72, -1.86), Spot(51.5, -0.12)


def stops(**spots):
    return [Stop(name, spot, opens=480, closes=960) for name, spot in spots.items()]


def test_how_far_it_is():
    assert road_kilometres(LEEDS, LEEDS) == 0
    assert road_kilometres(LEEDS, YORK) == pytest.approx(35.6 * 1.3, rel=0.02)


def test_a_day_takes_who_is_near_and_leaves_who_is_too_far():
    found = proposed(Day(LEEDS, 480, 1020), stops(york=YORK, halifax=HALIFAX, london=LONDON))
    assert {visit.stop.key for visit in found.visits} == {"york", "halifax"}
    assert found.fits and found.back_at <= 1020
    assert found.kilometres == pytest.approx(
        sum(road_kilometres(a, b) for a, b in ((LEEDS, HALIFAX), (HALIFAX, YORK), (YORK, LEEDS))), rel=0.3
    )


def test_what_is_worth_more_is_taken_where_only_one_fits():
    day = Day(LEEDS, 480, 480 + 200)
    both = [Stop("a", YORK, worth=1), Stop("b", YORK, worth=3)]
    assert [visit.stop.key for visit in proposed(day, both, most=1).visits] == ["b"]


def test_by_hand_all_are_visited_and_what_does_not_fit_is_marked():
    found = visiting_all(Day(LEEDS, 480, 1020), stops(york=YORK, london=LONDON))
    assert len(found.visits) == 2 and not found.fits
    late = Stop("late", YORK, opens=480, closes=500)
    assert [visit.fits for visit in timed(Day(LEEDS, 480, 1020), [late]).visits] == [False]


def test_who_comes_early_waits_until_it_opens():
    [visit] = timed(Day(LEEDS, 300, 1020), [Stop("york", YORK, opens=540)]).visits
    assert (visit.arrives, visit.leaves) == (540, 585)


def test_a_crossed_round_is_turned_straight():
    square = [Spot(53.0, 0.0), Spot(53.1, 0.1), Spot(53.1, 0.0), Spot(53.0, 0.1)]
    day = Day(square[0], 0, 24 * 60)
    found = visiting_all(day, [Stop(n, spot) for n, spot in enumerate(square[1:])])
    best = min(
        timed(day, [Stop(n, square[n + 1]) for n in order]).kilometres
        for order in ((0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0))
    )
    assert found.kilometres == pytest.approx(best)


def test_an_empty_day():
    found = proposed(Day(LEEDS, 480, 1020), [])
    assert (found.visits, found.kilometres, found.back_at, found.fits) == ((), 0, 480, True)
    assert f"{clock_of(24 * 60 + 5)}" == "23:59:00"


@pytest.mark.parametrize(
    ("margin", "own", "price", "days", "beyond"),
    [
        (20, 10, 9, 90, ()),
        (19, 10, 9, 90, ("margin",)),
        (20, 10, 8, 90, ("off",)),
        (20, None, 8, 91, ("days",)),
        (None, 10, 8, 91, ("no_cost", "off", "days")),
    ],
)
def test_what_goes_beyond_a_limit(margin, own, price, days, beyond):
    known = {"margin": margin and D(margin), "own_price": own and D(own)}
    assert beyond_limit(Limit(D(20), D(10), 90), price=D(price), days=days, **known) == beyond


@pytest.mark.parametrize(
    ("country", "code", "near"),
    [("GB", "LS10 2AB", (53.8, -1.5)), ("GB", "b24 8hn", (52.5, -1.9)), ("DE", "50735", None), ("GB", "", None)],
)
def test_about_where_a_postal_code_is(country, code, near):
    place = place_of_postal_code(country, code)
    assert (place and (place.latitude, place.longitude)) == near
    assert place is None or place.is_rough


def test_a_map_keeps_north_up_and_sets_out_who_stands_on_one_spot():
    spots = [MapSpot(n, 53.8, -1.5, "Leeds") for n in range(9)] + [MapSpot("york", 53.96, -1.08, "York")]
    drawn = map_of(spots)
    assert drawn.points["york"][0] > drawn.points[0][0] and drawn.points["york"][1] < drawn.points[0][1]
    assert len({drawn.points[n] for n in range(9)}) == 9
    assert {town for town, _x, _y in drawn.towns} == {"Leeds", "York"}
    assert all(0 <= x <= drawn.width and 0 <= y <= drawn.height for x, y in drawn.points.values())
    assert map_of([]) is None and map_of(spots[:1]).scale_units > 0
