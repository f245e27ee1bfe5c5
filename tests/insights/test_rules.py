from decimal import Decimal

import pytest

from apps.insights.rules import about, at_stake, chance_of_lapsing, urgency, weight


def test_a_promise_that_is_late_weighs_more_each_day_and_never_more_than_all():
    assert weight("case_due", -1) < weight("case_due", 0) < weight("case_due", 2) < weight("detractor", 1)
    assert weight("detractor", 400) == 100
    assert weight("case_due", -90) == weight("case_due", -3)


@pytest.mark.parametrize("wish", ["rhythm", "follow_up"])
def test_our_own_wish_never_outweighs_a_promise_that_is_late(wish):
    assert weight(wish, 0) < weight(wish, 2) <= weight(wish, 400) < weight("case_due", 1) < weight("delivery_late", 0)


def test_many_small_reasons_do_not_outweigh_one_great_one():
    assert urgency([90]) > urgency([40, 40, 40])
    assert urgency([40, 30]) > urgency([40])


def weekly_buyer(silent_days: int) -> float:
    return chance_of_lapsing(8, 56, silent_days, 30)


def test_who_is_silent_for_longer_than_usual_may_be_gone():
    chances = [weekly_buyer(days) for days in (0, 7, 30, 90, 300)]
    assert chances == sorted(chances)
    assert chances[0] < 0.02 and chances[-1] > 0.9
    monthly = chance_of_lapsing(8, 240, 90, 30)
    assert monthly < weekly_buyer(90), "three months say less of who orders monthly"


@pytest.mark.parametrize(
    "recent_gaps, recent_days, silent, mean_gap",
    [(0, 0, 0, 0), (0, 0, 400, 30), (87, 87, 0, 1), (87, 87, 3000, 1), (0.0001, 0.1, 5000, 9)],
)
def test_a_chance_is_a_chance_for_any_history(recent_gaps, recent_days, silent, mean_gap):
    assert 0 <= chance_of_lapsing(recent_gaps, recent_days, silent, mean_gap) <= 1


def test_who_ordered_once_is_judged_by_the_others():
    assert chance_of_lapsing(0, 0, 40, 60) > chance_of_lapsing(0, 0, 40, 10)


def test_all_of_a_year_is_at_stake_with_who_is_gone_and_a_twentieth_with_who_stays():
    assert at_stake(Decimal(1000), 1) == 1000
    assert at_stake(Decimal(1000), 0) == 50
    assert at_stake(Decimal(1000), 0.5) == 525


@pytest.mark.parametrize(
    "amount, said", [("12438.20", 12000), ("98760", 99000), ("99600", 100000), ("7.4", 7), ("0", 0), ("45", 45)]
)
def test_an_amount_as_one_says_it(amount, said):
    assert about(Decimal(amount)) == said
