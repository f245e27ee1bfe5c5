"""What failed deliveries cost, against synthetic accounts of which the truth is known; and earned growth."""

from decimal import Decimal as D

import numpy as np
import pytest

from apps.insights.rules import Delivered, cause_of, effects_of, growth
from apps.insights.rules.effects import ordered_between

COST, LESS_OFTEN = -60.0, 0.25


def house(seed, *, accounts=60, cost=COST, less=LESS_OFTEN) -> list[Delivered]:
    """Accounts that differ widely; large ones are delivered late more often, so that lateness looks good for business.

    A delivery every 200 days, so that what follows one does not meet what follows the next.
    """
    chance, made = np.random.default_rng(seed), []
    for account in range(accounts):
        usual = chance.lognormal(5, 1)
        loyal = chance.uniform(0.5, 0.95)
        for number in range(8):
            late = chance.random() < (0.5 if usual > 150 else 0.15)
            made.append(
                Delivered(
                    account=account,
                    like="large" if usual > 150 else "small",
                    day=number * 200,
                    cause="late" if late else "",
                    again=bool(chance.random() < loyal - less * late),
                    revenue=usual + cost * late + chance.normal(0, 40),
                )
            )
    return made


def test_the_truth_is_found_where_the_plain_comparison_says_the_opposite():
    deliveries = house(1)
    late, perfect = ([one.revenue for one in deliveries if bool(one.cause) is failed] for failed in (True, False))
    assert np.mean(late) > np.mean(perfect)

    (effect,) = effects_of(deliveries)

    assert effect.cause == "late" and effect.own > 0.8 * effect.matched
    assert effect.revenue.low <= COST <= effect.revenue.high < 0
    assert effect.again.low <= -LESS_OFTEN <= effect.again.high < 0


def test_intervals_hold_the_truth_as_often_as_they_say():
    seen = [effects_of(house(seed))[0] for seed in range(100, 300)]
    assert 0.9 <= np.mean([one.revenue.low <= COST <= one.revenue.high for one in seen]) <= 0.99
    assert 0.9 <= np.mean([one.again.low <= -LESS_OFTEN <= one.again.high for one in seen]) <= 0.99


def test_nothing_is_shown_where_nothing_is():
    shown = [effects_of(house(seed, cost=0, less=0))[0].revenue.is_shown for seed in range(200)]
    assert np.mean(shown) <= 0.1


def perfect(account, day, revenue=100.0, like="s"):
    return Delivered(account, like, day, "", True, revenue)


def late(account, day, revenue=40.0, like="s"):
    return Delivered(account, like, day, "late", False, revenue)


def test_what_lies_near_a_failure_is_not_compared_and_a_second_failure_not_counted_again():
    found = effects_of([perfect(1, 0), late(1, 300), perfect(1, 350, 1.0), late(1, 380, 1.0)])
    (effect,) = found
    assert (effect.deliveries, effect.matched, effect.own, effect.accounts) == (2, 1, 1, 1)
    assert (effect.again, effect.revenue) == (None, None)


def test_an_account_without_perfect_deliveries_is_compared_with_those_like_it():
    alike = [perfect(100 + n, 0, 100.0 + n) for n in range(3)] + [perfect(200, 0, 9999.0, like="other")]
    (effect,) = effects_of([*alike, *(late(n, 0, 41.0) for n in range(12)), late(50, 0, 1.0, like="nobody")])
    assert (effect.deliveries, effect.matched, effect.own) == (13, 12, 0)
    assert effect.revenue == pytest.approx((-60, -60, -60))
    assert effect.again == pytest.approx((-1, -1, -1))


@pytest.mark.parametrize(
    "faults, cause",
    [([], ""), (["late"], "late"), (["wrong"], "wrong"), (["late", "short"], "several"), (["damaged"], "damaged")],
)
def test_causes(faults, cause):
    assert cause_of(**{name: name in faults for name in ("late", "short", "damaged", "wrong")}) == cause


def test_what_was_ordered_between_two_days():
    days, sums = [1, 5, 5, 9], [0, 10, 20, 40, 80]
    assert [ordered_between(days, sums, *between) for between in ((1, 9), (2, 5), (6, 8), (9, 20))] == [80, 30, 0, 40]


def test_earned_growth_by_hand():
    found = growth(D(250), D(210), D(25), D(10), 2, 1, 1)
    assert (found.retention, found.least, found.most) == pytest.approx((0.84, -0.16, -0.06))


def test_without_a_year_before_nothing_is_said_of_growth():
    assert growth(D(0), D(0), D(5), D(0), 0, 0, 1).most is None
