"""What may be sent back, until when, at what fee, and what of it is credited."""

from datetime import date
from decimal import Decimal

import pytest

from apps.cases.rules.returns import (
    ALL_BACK,
    BARRED,
    CHANGED_MIND,
    CONDITIONS,
    DAMAGED,
    DECISIONS,
    FAULTY,
    NOT_DELIVERED,
    OVER,
    SERVICE,
    USUAL,
    WRONG_ITEM,
    Asked,
    Bought,
    ReasonTerms,
    fee,
    is_automatic,
    is_credited,
    months_after,
    possible,
    verdict,
    we_pay_freight,
)

TERMS = {
    CHANGED_MIND: ReasonTerms(30, Decimal(15), False, False),
    DAMAGED: ReasonTerms(14, Decimal(0), True, True),
    FAULTY: ReasonTerms(365, Decimal(0), True, False),
}


def bought(on=date(2026, 1, 31), **facts):
    return Bought(**{"delivered": 10, "returned": 0, "returning": 0, "delivered_on": on} | facts)


@pytest.mark.parametrize(
    ("delivered_on", "reason", "on", "until", "refused"),
    [
        (date(2026, 1, 31), CHANGED_MIND, date(2026, 3, 2), date(2026, 3, 2), ""),  # February has 28 days
        (date(2026, 1, 31), CHANGED_MIND, date(2026, 3, 3), date(2026, 3, 2), OVER),
        (date(2028, 1, 31), CHANGED_MIND, date(2028, 3, 1), date(2028, 3, 1), ""),  # and 29 in a leap year
        (date(2026, 12, 20), DAMAGED, date(2027, 1, 3), date(2027, 1, 3), ""),
        (date(2026, 12, 20), DAMAGED, date(2027, 1, 4), date(2027, 1, 3), OVER),
        (date(2026, 1, 31), CHANGED_MIND, date(2026, 1, 31), date(2026, 3, 2), ""),
        (date(2026, 1, 31), FAULTY, date(2027, 1, 31), date(2027, 1, 31), ""),
    ],
)
def test_a_reason_has_its_days_after_the_delivery(delivered_on, reason, on, until, refused):
    option = verdict(bought(delivered_on), TERMS, on).option(reason)
    assert (option.until, option.refused) == (until, refused)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 10, 31), 24, date(2028, 10, 31)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
    ],
)
def test_a_warranty_ends_on_the_same_day_or_the_last_of_the_month(day, months, later):
    assert months_after(day, months) == later


def test_a_fault_can_be_claimed_as_long_as_the_warranty_runs_and_a_change_of_mind_cannot():
    found = verdict(bought(warranty_months=24), TERMS, date(2027, 6, 1))
    assert found.option(FAULTY).until == date(2028, 1, 31) and not found.option(FAULTY).refused
    assert found.option(CHANGED_MIND).refused == OVER
    assert verdict(bought(warranty_months=6), TERMS, date(2026, 6, 1)).option(FAULTY).until == date(2027, 1, 31)


@pytest.mark.parametrize(
    ("facts", "left", "why"),
    [
        ({}, 10, ""),
        ({"returned": 3, "returning": 4}, 3, ""),
        ({"returned": 3, "returning": 7}, 0, ALL_BACK),
        ({"returned": 10}, 0, ALL_BACK),
        ({"delivered": 0, "on": None}, 0, NOT_DELIVERED),
        ({"on": None}, 0, NOT_DELIVERED),
        ({"is_service": True}, 0, SERVICE),
    ],
)
def test_no_more_comes_back_than_was_delivered(facts, left, why):
    found = verdict(bought(**facts), TERMS, date(2026, 2, 1))
    assert (found.left, found.why, bool(found.options)) == (left, why, not why)


@pytest.mark.parametrize("barred", ["cut", "made", "dangerous", "hygiene"])
def test_what_is_cut_made_dangerous_or_hygienic_comes_back_for_a_fault_alone(barred):
    found = verdict(bought(barred=barred), TERMS, date(2026, 2, 1))
    assert found.option(CHANGED_MIND).refused == BARRED
    assert not found.option(DAMAGED).refused and not found.option(WRONG_ITEM).refused


def test_a_reason_without_terms_of_the_house_has_the_usual_ones():
    assert verdict(bought(), {}, date(2026, 2, 1)).option(CHANGED_MIND).terms == USUAL[CHANGED_MIND]


@pytest.mark.parametrize(
    ("lines", "below", "automatic"),
    [
        ([(CHANGED_MIND, "99.99", "")], 100, True),
        ([(CHANGED_MIND, "100", "")], 100, True),
        ([(CHANGED_MIND, "100.01", "")], 100, False),
        ([(CHANGED_MIND, "60", ""), (CHANGED_MIND, "60", "")], 100, False),
        ([(DAMAGED, "5000", "")], 100, True),
        ([(DAMAGED, "5000", ""), (CHANGED_MIND, "1", "")], 100, False),
        ([(FAULTY, "5000", "")], 100, False),
        ([(DAMAGED, "1", "dangerous")], 100, False),
        ([(CHANGED_MIND, "0.01", "")], 0, False),
    ],
)
def test_a_return_is_agreed_to_by_itself_for_faults_and_small_sums(lines, below, automatic):
    asked = [Asked(reason, TERMS[reason], Decimal(net), barred) for reason, net, barred in lines]
    assert is_automatic(asked, Decimal(below)) == automatic


def test_one_parcel_has_one_payer():
    assert we_pay_freight([TERMS[CHANGED_MIND], TERMS[DAMAGED]]) and not we_pay_freight([TERMS[CHANGED_MIND]])


def test_what_is_done_fits_the_condition():
    able = {(condition, what) for condition in CONDITIONS for what in DECISIONS if possible(condition, what)}
    assert able == {
        *(("as_new", what) for what in DECISIONS),
        *(("opened", what) for what in DECISIONS),
        ("damaged", "scrap"),
        ("damaged", "send_back"),
        ("not_ours", "send_back"),
    }


@pytest.mark.parametrize(
    ("reason", "decision", "credited"),
    [
        (CHANGED_MIND, "restock", True),
        (CHANGED_MIND, "scrap", False),
        (CHANGED_MIND, "send_back", False),
        (DAMAGED, "restock", True),
        (DAMAGED, "scrap", True),
        (FAULTY, "send_back", False),
    ],
)
def test_what_is_credited_follows_what_was_done_and_whose_fault_it_is(reason, decision, credited):
    assert is_credited(reason, decision) == credited


def test_the_fee_is_rounded_once_half_up():
    assert fee(Decimal("7.90"), Decimal(15), "GBP") == Decimal("1.19")
    assert fee(Decimal("0.10"), Decimal(5), "GBP") == Decimal("0.01")
    assert fee(Decimal("10"), Decimal(0), "GBP") == 0
