"""Which price wins, and what is said of the others."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.pricing import rules
from apps.pricing.rules import (
    Agreement,
    Break,
    Coupon,
    Discount,
    PassedOver,
    Tariff,
    decide,
    discounted,
    owes_reverse_charge,
    unit_price,
    with_coupon,
)

BASE = Agreement("list", "BASE", "Base list")
GROUP = Agreement("group", "TRADE", "Trade")
TERMS = Agreement("account", "KEY", "Key accounts")
OWN = Agreement("contract", "C-1", "Fasteners")
PARENT = Agreement("contract", "C-2", "Frame", distance=1)
EXCLUSIVE = Agreement("contract", "C-9", "Sole supply", exclusive=True)
INSTEAD = Agreement("contract", "C-3", "In place of those above", overrides=True)
SALE = Agreement("promotion", "SALE", "Sale")


def tariff(agreement, *steps):
    return Tariff(agreement, [Break(quantity, Decimal(price)) for quantity, price in steps])


def test_the_explanation_names_what_was_passed_over_and_why():
    decision = decide(
        [
            tariff(BASE, (1, "2.00"), (100, "1.50")),
            tariff(GROUP, (1, "1.60")),
            tariff(OWN, (1, "1.60"), (50, "1.40")),
        ],
        10,
        "GBP",
    )

    assert (decision.source, decision.source_name, decision.list_price) == ("contract", "Fasteners", Decimal("2.00"))
    assert decision.passed_over == (
        PassedOver("contract", "Fasteners", Decimal("1.40"), "not_reached", 50),
        PassedOver("group", "Trade", Decimal("1.60"), "equal", 1),
        PassedOver("list", "Base list", Decimal("2.00"), "higher", 1),
        PassedOver("list", "Base list", Decimal("1.50"), "not_reached", 100),
    )
    assert decision.breaks == (Break(1, Decimal("1.60")), Break(50, Decimal("1.40")))
    assert decision.next_break == Break(50, Decimal("1.40"))


def test_an_exclusive_contract_outvotes():
    decision = decide([tariff(BASE, (1, "2.00")), tariff(EXCLUSIVE, (1, "2.50"), (10, "2.30"))], 1, "GBP")

    assert PassedOver("list", "Base list", Decimal("2.00"), "outvoted", 1) in decision.passed_over
    assert decision.breaks == (Break(1, Decimal("2.50")), Break(10, Decimal("2.30")))


def test_the_ladder_tells_where_an_exclusive_contract_begins():
    tariffs = [tariff(BASE, (1, "2.00"), (100, "1.00")), tariff(EXCLUSIVE, (50, "2.50"))]

    assert decide(tariffs, 1, "GBP").breaks == (Break(1, Decimal("2.00")), Break(50, Decimal("2.50")))
    assert decide(tariffs, 1, "GBP").next_break is None


def test_a_price_that_begins_at_a_break_is_the_next_break():
    decision = decide([tariff(BASE, (100, "1.00"))], 1, "GBP")

    assert decision.unit_price is None
    assert decision.next_break == Break(100, Decimal("1.00"))


prices = st.decimals(min_value=0, max_value=9999, places=4)
steps = st.lists(st.builds(Break, st.integers(1, 60), prices), max_size=5)
sources = st.sampled_from([BASE, GROUP, TERMS, OWN, PARENT, EXCLUSIVE, INSTEAD, SALE])
agreed = st.dictionaries(sources, steps, max_size=8)
percents = st.decimals(min_value="0.01", max_value=100, places=2)
quantities = st.integers(1, 80)


def _tariffs(agreed):
    return [Tariff(agreement, steps) for agreement, steps in agreed.items()]


@given(agreed, quantities, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(agreed, quantity, random):
    straight = _tariffs(agreed)
    shuffled = [Tariff(t.agreement, random.sample(t.steps, len(t.steps))) for t in straight]
    random.shuffle(shuffled)

    assert decide(straight, quantity, "GBP") == decide(shuffled, quantity, "GBP")


@given(sources, steps, quantities)
def test_one_tariff_alone_is_decided_as_among_others(agreement, steps, quantity):
    alone = [Tariff(agreement, steps)]

    assert decide(alone, quantity, "GBP") == rules._among(alone, quantity, "GBP")


@given(agreed, quantities)
def test_the_explanation_adds_up(agreed, quantity):
    decision = decide(_tariffs(agreed), quantity, "GBP")
    in_place = bool(agreed.get(INSTEAD))
    agreed = {a: steps for a, steps in agreed.items() if steps}
    above = {a for a in agreed if a is PARENT and in_place}
    reached = {a.ref: [s.unit_price for s in agreed[a] if s.min_quantity <= quantity] for a in agreed.keys() - above}
    eligible = {ref: min(found) for ref, found in reached.items() if found}
    said = {"higher": 0, "equal": 0, "outvoted": 0, "not_reached": 0, "overridden": 0}
    for passed in decision.passed_over:
        said[passed.why] += 1
        if passed.why != "overridden":
            assert (passed.min_quantity > quantity) == (passed.why == "not_reached")
        if passed.why == "higher":
            assert passed.unit_price > decision.unit_price
        if passed.why == "equal":
            assert passed.unit_price == decision.unit_price

    assert said["overridden"] == len(above)
    assert said["higher"] + said["equal"] + said["outvoted"] == max(len(eligible) - 1, 0)
    assert bool(said["outvoted"]) == ("C-9" in eligible and len(eligible) > 1)
    assert (decision.unit_price is None) == (not eligible)
    if eligible:
        assert decision.unit_price == eligible[decision.source_ref]


@given(agreed, quantities)
def test_the_ladder_says_what_each_quantity_costs(agreed, quantity):
    decision = decide(_tariffs(agreed), quantity, "GBP")
    below = [step.unit_price for step in decision.breaks if step.min_quantity <= quantity]

    assert decision.unit_price == (below[-1] if below else None)


@given(agreed, quantities)
def test_a_price_without_its_reasons_is_the_same_price(agreed, quantity):
    assert unit_price(_tariffs(agreed), quantity) == decide(_tariffs(agreed), quantity, "GBP").unit_price


@given(agreed.map(lambda found: {a: s for a, s in found.items() if not a.exclusive}), quantities, quantities)
def test_more_never_costs_more_a_piece(agreed, one, other):
    less, more = sorted((one, other))
    small, large = (decide(_tariffs(agreed), quantity, "GBP").unit_price for quantity in (less, more))

    assert small is None or large <= small


@given(agreed, quantities, percents)
def test_no_price_is_negative_and_a_coupon_never_adds(agreed, quantity, percent):
    plain = decide(_tariffs(agreed), quantity, "GBP")
    lowered = with_coupon(plain, Coupon("X", "X", Discount(percent)))

    assert plain.unit_price is None or 0 <= lowered.unit_price <= plain.unit_price
    assert all(step.unit_price >= 0 for step in (*plain.breaks, *lowered.breaks))


@given(steps, st.lists(st.builds(Discount, percents, st.integers(1, 60)), max_size=4))
def test_a_discount_falls_with_the_quantity_as_the_list_does(listed, discounts):
    found = discounted(listed, discounts)

    assert found == discounted(listed[::-1], discounts[::-1])
    assert [step.unit_price for step in found] == sorted((step.unit_price for step in found), reverse=True)
    assert all(step.unit_price >= 0 for step in found)


@pytest.mark.parametrize(
    ("country", "account_country", "number", "verified", "owed"),
    [
        ("IE", "IE", "IE6388047V", True, True),
        ("IE", "IE", "IE6388047V", False, False),
        ("IE", "IE", "", True, False),
        ("GB", "IE", "IE6388047V", True, False),
        ("IE", "GB", "GB980780684", True, False),
    ],
)
def test_reverse_charge_needs_a_verified_foreign_number(country, account_country, number, verified, owed):
    assert owed == owes_reverse_charge(
        country, home="GB", account_country=account_country, vat_number=number, vat_verified=verified
    )
