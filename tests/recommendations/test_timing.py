"""When a product comes again, on orders made by hand."""

import numpy as np
import pytest

from apps.recommendations.forecast import measured_bins
from apps.recommendations.timing import CERTAIN, DOUBT, FADING, bought_of, expected, rhythms_of, spread_of, usual_gap_of


def made(*rows):
    return bought_of(*np.array(rows).T)


def every(days, *, account=0, product=0, times=5, quantity=10, begun=0):
    return [(account, product, begun + days * n, quantity) for n in range(times)]


def test_two_lines_of_a_day_are_one_occasion():
    bought = made((0, 1, 5, 2), (0, 1, 5, 3), (0, 1, 3, 1))

    assert [column.tolist() for column in bought] == [[0, 0], [1, 1], [3, 5], [1, 5]]


def test_a_steady_rhythm_is_the_gap_and_the_last_day_its_begin():
    rhythm = rhythms_of(made(*every(7)), 7.0)

    assert (rhythm.times.tolist(), rhythm.last.tolist()) == ([5], [28])
    assert rhythm.gap == pytest.approx([7])


def test_later_gaps_say_more_and_few_say_little_against_what_is_usual():
    slower, faster = rhythms_of(
        made((0, 0, 0, 1), (0, 0, 5, 1), (0, 0, 15, 1), (1, 0, 0, 1), (1, 0, 10, 1), (1, 0, 15, 1)), 7.0
    ).gap

    assert slower > faster
    once = rhythms_of(made((0, 0, 0, 1)), 7.0).gap
    assert once == pytest.approx([7])
    said = np.log(14) * np.array([1.0])
    usual = (said + DOUBT * np.log(7)) / (1 + DOUBT)
    assert rhythms_of(made((0, 0, 0, 1), (0, 0, 14, 1)), 7.0).gap == pytest.approx(
        np.exp((said + DOUBT * usual) / (1 + DOUBT))
    )


def test_the_quantity_is_the_median_of_which_later_ones_count_more():
    assert rhythms_of(made((0, 0, 0, 9), (0, 0, 1, 9), (0, 0, 2, 4), (0, 0, 3, 4)), 1.0).quantity.tolist() == [4]
    assert FADING < 1


def test_what_did_not_come_yet_is_expected_later_and_never_before_today():
    spread = np.linspace(0.5, 1.5, 101)
    gap = np.array([10.0] * 4)

    assert expected(gap, np.array([0, 10, 14, 30]), spread) == pytest.approx([10, 12.5, 14.5, 30])


def test_the_spread_is_that_of_latest_gaps_over_what_was_expected():
    steady = made(*every(7), *every(7, product=1))
    late = made(*every(7), (0, 0, 28 + 21, 1))

    assert spread_of(steady) == pytest.approx(np.ones(101))
    assert spread_of(late) == pytest.approx(np.full(101, 3.0))
    assert spread_of(made((0, 0, 1, 1), (0, 0, 2, 1))).tolist() == list(CERTAIN)


def test_the_usual_gap_of_a_house_without_any_is_a_month():
    assert usual_gap_of(made((0, 0, 1, 1))) == 30
    assert usual_gap_of(made(*every(4), *every(9, product=1))) == pytest.approx(6)


def test_a_bin_is_as_sure_as_what_came_of_it_and_a_higher_score_never_less():
    scores = np.arange(400.0)
    rising, falling = scores >= 300, scores < 100

    assert measured_bins(scores, rising) == [(0.0, 0.0), (300.0, 1.0)]
    assert measured_bins(scores, falling) == [(0.0, 0.25)]
    assert measured_bins(scores[:99], rising[:99]) == []
