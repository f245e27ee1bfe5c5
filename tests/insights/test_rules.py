from datetime import date
from decimal import Decimal

import pytest

from apps.insights import rules
from apps.insights.rules import at_stake, chance_of_lapsing, urgency, weight


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


def test_what_is_owed_comes_before_what_we_wish():
    assert rules.is_owed("detractor", 85) and rules.is_owed("case_due", 56)
    assert not rules.is_owed("case_due", 45), "a case due in three days waits"
    assert not any(rules.is_owed(kind, rules.weight(kind, 400)) for kind in ("rhythm", "quote_follow", "credit_near"))


@pytest.mark.parametrize(
    "earlier, later, days",
    [(4, 4, 0), (4, 5, 1), (6, 9, 1), (6, 7, 0), (7, 9, 1), (8, 9, 1), (4, 18, 10), (5, 16, 7), (9, 4, 0)],
)  # March 2026: the 6th is a Friday
def test_working_days_that_went_by(earlier, later, days):
    assert rules.weekdays_between(date(2026, 3, earlier), date(2026, 3, later)) == days
