import pytest

from apps.insights.rules import urgency, weight


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
