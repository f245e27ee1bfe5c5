"""Which insert goes into a box, and what can be said of its effect: tables."""

from datetime import date
from math import sqrt
from statistics import variance

import pytest

from apps.core.comparing import Arm, difference_of_means, difference_of_rates, is_held_out, wilson
from apps.core.quantiles import t_quantile
from apps.fulfilment.rules.inserts import Occasion, Terms, choose, is_complaint, reasons_for

TODAY = date(2026, 12, 20)
YULE = {"starts_on": date(2020, 12, 15), "ends_on": date(2021, 1, 6), "yearly": True}


def occasion(**more):
    return Occasion(
        **{"account_id": 7, "on": TODAY, "segment": "Repair", "country": "GB", "persona": "operator"} | more
    )


def terms(at=1, kind="leaflet", **more):
    return Terms(at, more.pop("insert_id", at), kind, **more)


@pytest.mark.parametrize(
    ("said", "known", "applies"),
    [
        ({}, {}, True),
        ({"segments": frozenset({"Repair"})}, {}, True),
        ({"segments": frozenset({"Food"})}, {}, False),
        ({"groups": frozenset({3})}, {"group_id": 3}, True),
        ({"groups": frozenset({3})}, {}, False),
        ({"countries": frozenset({"DE"})}, {}, False),
        ({"personas": frozenset({"operator"})}, {}, True),
        ({"personas": frozenset({"gatekeeper"})}, {}, False),
        ({"order_to": 1}, {"nth_order": 1}, True),
        ({"order_to": 1}, {"nth_order": 2}, False),
        ({"order_from": 10, "order_to": 10}, {"nth_order": 10}, True),
        ({"order_from": 10}, {"nth_order": 9}, False),
        ({"categories": frozenset({4, 5})}, {"categories": frozenset({5})}, True),
        ({"categories": frozenset({4})}, {"categories": frozenset({5})}, False),
        ({"away_days": 90}, {"days_since_order": 90}, True),
        ({"away_days": 90}, {"days_since_order": 89}, False),
        ({"away_days": 0}, {"days_since_order": None}, False),
        ({"complaint_days": 30}, {"days_since_complaint": 30}, True),
        ({"complaint_days": 30}, {"days_since_complaint": 31}, False),
        ({"complaint_days": 30}, {}, False),
        ({"starts_on": date(2026, 12, 1)}, {}, True),
        ({"ends_on": date(2026, 12, 19)}, {}, False),
        (YULE, {}, True),
        (YULE, {"on": date(2027, 1, 6)}, True),
        (YULE, {"on": date(2027, 1, 7)}, False),
        ({"segments": frozenset({"Repair"}), "order_to": 1}, {"nth_order": 2}, False),
    ],
)  # fmt: skip
def test_every_condition_has_to_hold(said, known, applies):
    assert (reasons_for(terms(**said), occasion(**known)) is not None) == applies


def test_the_reasons_are_the_conditions_that_held():
    found = reasons_for(terms(segments=frozenset({"Repair"}), order_to=1), occasion())
    assert found == (("segment", "Repair"), ("nth_order", 1))


@pytest.mark.parametrize(
    ("rules", "more", "chosen"),
    [
        ([terms(1), terms(2, "sample")], {}, [1, 2]),
        ([terms(1, priority=20), terms(2, "sample", priority=10)], {}, [2, 1]),
        ([terms(1), terms(2)], {}, [1]),  # one of a kind
        ([terms(1), terms(2)], {"resting": {1}}, [2]),
        ([terms(1), terms(2)], {"can_have": lambda each: each.rule_id != 1}, [2]),
        ([terms(1), terms(2, "box"), terms(3, "sample"), terms(4, "coupon")], {}, [1, 2, 3]),
        ([terms(1), terms(2, "box")], {"most": 1}, [1]),
        ([terms(1, order_from=2), terms(2, "box")], {}, [2]),
        ([], {}, []),
    ],
)
def test_rules_are_followed_by_priority(rules, more, chosen):
    assert [each.terms.rule_id for each in choose(rules, occasion(), **more)] == chosen


def test_what_is_held_out_takes_its_place():
    percent = next(each for each in range(1, 101) if is_held_out(7, 1, each))
    [choice] = choose([terms(1, held_out_percent=percent), terms(2)], occasion())
    assert choice.held_out and choice.terms.rule_id == 1


def test_the_share_that_is_held_out_is_the_share_that_was_asked_for():
    held = [account for account in range(10_000) if is_held_out(account, 3, 20)]
    assert 1_880 < len(held) < 2_120  # three standard deviations
    assert held == [account for account in range(10_000) if is_held_out(account, 3, 20)]
    other = sum(is_held_out(account, 4, 20) for account in held)
    assert 0.15 < other / len(held) < 0.25  # one rule says nothing of another
    assert not any(is_held_out(account, 3, 0) for account in range(1000))


def test_shares_are_compared_as_in_newcombe():
    """Newcombe (1998), table II, case a: 56/70 and 48/80; method 10 gives 0.0524 to 0.3339."""
    found = difference_of_rates(Arm(70, 56), Arm(80, 48))
    assert (round(found.value, 4), round(found.low, 4), round(found.high, 4)) == (0.2, 0.0524, 0.3339)
    assert found.is_shown
    assert tuple(round(end, 4) for end in wilson(81, 263)) == (0.2553, 0.3662)  # Newcombe's table for one share


def test_no_difference_is_shown_where_there_may_be_none():
    assert not difference_of_rates(Arm(20, 10), Arm(20, 9)).is_shown
    assert difference_of_rates(Arm(9, 9), Arm(900, 1)) is None


@pytest.mark.parametrize(("degrees", "point"), [(10, 2.2281), (18, 2.1009), (30, 2.0423), (1e9, 1.96)])
def test_the_points_of_student_are_those_of_the_tables(degrees, point):
    assert t_quantile(degrees) == pytest.approx(point, abs=0.001)


def test_means_are_compared_as_in_welch():
    """With equal variances and sizes the degrees of freedom are those of Student: 2 (n - 1)."""
    some = [float(each) for each in range(10)]
    found = difference_of_means([each + 3 for each in some], some)
    reach = 2.1009 * sqrt(2 * variance(some) / 10)
    assert found == pytest.approx((3, 3 - reach, 3 + reach), abs=0.002) and found.is_shown
    assert difference_of_means(some[:5], some) is None
    assert difference_of_means([0.0] * 12, [0.0] * 12) == (0, 0, 0)


@pytest.mark.parametrize(
    ("origin", "cause", "is_one"),
    [
        *(("survey", "other", True), ("delivery", "delivery", True), ("portal", "price", True)),
        *(("portal", "range", False), ("portal", "other", False), ("staff", "delivery", False), ("", "", False)),
    ],
)
def test_what_is_a_complaint(origin, cause, is_one):
    assert is_complaint(origin=origin, cause=cause) is is_one
