"""When an account needs a SKU again."""

from datetime import date, timedelta

import pytest

from apps.recommendations.rules import Rhythm, closeness, how_sure, is_given_up, rhythm

FIRST = date(2026, 1, 1)


def days(*gaps_and_quantities):
    """(days after the first order, quantity)..."""
    return [(FIRST + timedelta(days=after), quantity) for after, quantity in gaps_and_quantities]


@pytest.mark.parametrize(
    ("bought", "expected"),
    [
        (days(), None),
        (days((0, 10), (7, 10)), None),
        (days((0, 10), (0, 5), (7, 10)), None),
        (days((0, 10), (7, 10), (14, 10)), (3, 7, 10, 21)),
        (days((14, 10), (0, 10), (7, 10)), (3, 7, 10, 21)),
        (days((0, 10), (7, 10), (7, 30), (14, 20)), (3, 7, 20, 21)),
        (days((0, 1), (10, 1), (17, 1)), (3, 9, 1, 26)),
        (days((0, 1), (7, 2), (14, 3), (114, 4)), (4, 7, 3, 121)),
        (days((0, 2), (1, 2), (2, 2)), (3, 1, 2, 3)),
    ],
)
def test_the_rhythm_is_the_median_gap_between_order_days(bought, expected):
    found = rhythm(bought)
    if expected is None:
        assert found is None
    else:
        times, gap, quantity, due_after = expected
        last = max(on for on, _quantity in bought)
        assert found == Rhythm(times, last, gap, quantity, FIRST + timedelta(days=due_after))


@pytest.mark.parametrize(("late", "gone"), [(-5, False), (0, False), (21, False), (22, True)])
def test_three_rhythms_overdue_is_given_up(late, gone):
    assert is_given_up(FIRST, 7, FIRST + timedelta(days=late)) is gone


@pytest.mark.parametrize(
    ("together", "first", "second", "score"),
    [(1, 1, 1, 0), (2, 2, 2, 1000), (10, 20, 20, 500), (10, 20, 2000, 50), (5, 0, 9, 0), (9, 3, 3, 1000)],
)
def test_going_together_is_corrected_for_popularity(together, first, second, score):
    assert closeness(together, first, second) == score


@pytest.mark.parametrize(
    ("of_100", "grade"), [(100, "often"), (33, "often"), (32, "sometimes"), (10, "sometimes"), (9, "look"), (0, "look")]
)
def test_how_sure_a_suggestion_is_in_three_grades(of_100, grade):
    assert how_sure(of_100) == grade
