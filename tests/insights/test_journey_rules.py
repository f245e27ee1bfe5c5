"""Shares of accounts, their changes and targets; what is weak."""

from datetime import date

import pytest

from apps.insights.rules.journey import (
    MEASURES,
    Change,
    change_of,
    first_of,
    is_met,
    is_weak,
    sums_of,
)

OTIF, CREDITED = MEASURES["otif"], MEASURES["credited"]
WORSE, BETTER, CHANCE = Change(-0.1, -0.15, -0.05), Change(0.1, 0.05, 0.15), Change(-0.1, -0.2, 0.01)


@pytest.mark.parametrize(
    ("day", "back", "first"),
    [
        (date(2026, 3, 31), 0, date(2026, 3, 1)),
        (date(2026, 3, 31), 2, date(2026, 1, 1)),
        (date(2026, 2, 1), 2, date(2025, 12, 1)),
        (date(2026, 12, 31), -1, date(2027, 1, 1)),
        (date(2026, 1, 1), 11, date(2025, 2, 1)),
    ],
)
def test_months_are_counted_back_and_forth(day, back, first):
    assert first_of(day, back) == first


def test_the_variance_is_that_of_a_ratio_over_accounts():
    sums = sums_of([(1, 2), (3, 4), (0, 0), (4, 4)])
    assert (sums.accounts, sums.hits, sums.total) == (3, 8, 10)
    residuals = [1 - 0.8 * 2, 3 - 0.8 * 4, 4 - 0.8 * 4]
    assert sums.variance == pytest.approx(3 / 2 * sum(each**2 for each in residuals) / 100)


def test_a_change_needs_five_accounts_of_equal_size():
    many, few = sums_of([(9, 10)] * 6), sums_of([(900, 1000), *[(1, 1)] * 20])
    assert change_of(many, few) is None
    assert change_of(sums_of([]), many) is None
    assert change_of(many, many).value == 0 and not change_of(many, many).is_shown


def test_a_change_is_shown_where_chance_does_not_explain_it():
    before = sums_of([(9, 10), (10, 10), (10, 10), (9, 10), (10, 10), (9, 10), (10, 10), (10, 10)])
    clear = change_of(before, sums_of([(7, 10), (8, 10), (7, 10), (8, 10), (7, 10), (7, 10), (8, 10), (7, 10)]))
    assert clear.is_shown and clear.high < 0
    assert not change_of(before, sums_of([(10, 10), (10, 10), (10, 10), (2, 10), (10, 10), (9, 10)])).is_shown


@pytest.mark.parametrize(
    ("measure", "share", "target", "change", "weak"),
    [
        (OTIF, 0.90, 0.92, WORSE, True),
        (OTIF, 0.92, 0.92, WORSE, False),
        (OTIF, 0.90, 0.92, BETTER, False),
        (OTIF, 0.90, 0.92, CHANCE, False),
        (OTIF, 0.90, 0.92, None, False),
        (OTIF, None, 0.92, None, False),
        (CREDITED, 0.06, 0.04, BETTER, True),  # up is worse
        (CREDITED, 0.06, 0.04, WORSE, False),
        (CREDITED, 0.04, 0.04, BETTER, False),
    ],
)
def test_weak_is_short_of_its_target_and_getting_worse(measure, share, target, change, weak):
    assert is_weak(measure, share, target, change) is weak
    if share is not None:
        assert is_met(measure, share, target) is ((share - target) * measure.direction >= 0)
