"""How an account orders, and when it is over its own rhythm."""

from datetime import date

import pytest

from apps.ordering.rules.rhythms import Rhythm, rhythm_of


@pytest.mark.parametrize(
    "last_on, usual_gap, gaps, over",
    [
        (date(2026, 2, 22), 7, 9, 3),
        (date(2026, 3, 1), 7, 9, -4),
        (date(2026, 2, 1), 7, 2, 0),  # no rhythm yet
        (date(2025, 3, 1), 7, 9, 0),  # none any more
    ],
)
def test_days_over_the_account_s_own_rhythm(last_on, usual_gap, gaps, over):
    assert Rhythm(last_on, usual_gap, gaps).days_over(date(2026, 3, 4)) == over


def test_the_rhythm_in_some_days():
    on = date(2026, 3, 4)
    found = rhythm_of([date(2026, 1, 3), date(2025, 12, 24), date(2026, 1, 3), date(2026, 2, 2)], on)
    assert (found.last_on, found.usual_gap, found.gaps, found.days) == (date(2026, 2, 2), 30, 2, 40)
    early, late = 0.5 ** (60 / 60), 0.5 ** (30 / 60)
    assert found.recent_gaps == pytest.approx(early + late)
    assert found.recent_days == pytest.approx(10 * early + 30 * late)


def test_nothing_ordered_is_no_rhythm_and_one_order_has_no_gap():
    assert rhythm_of([], date(2026, 3, 4)) is None
    once = rhythm_of([date(2026, 3, 1)], date(2026, 3, 4))
    assert (once.usual_gap, once.gaps, once.recent_gaps, once.recent_days) == (0, 0, 0, 0)
