"""How an account orders, and when it is over its own rhythm."""

from datetime import date

import pytest

from apps.ordering.rules.rhythms import Rhythm


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
