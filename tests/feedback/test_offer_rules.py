"""How much may be taken off: the margin that operations ask stays, whatever the basket."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from apps.feedback.rules.offers import Usual, cost_of_discount, most_percent
from apps.pricing.rules import least_price

money = st.decimals(min_value="0.01", max_value=500, places=2)
baskets = st.lists(st.builds(Usual, st.integers(1, 500), money, money), max_size=6)


def test_the_margin_decides_and_operations_cap_it():
    basket = [Usual(100, Decimal(10), Decimal(7))]
    assert most_percent(basket, floor_percent=Decimal(20), allowed=50) == 12  # 8.80 - 7 is 20.5 % of 8.80
    assert most_percent(basket, floor_percent=Decimal(20), allowed=5) == 5
    assert most_percent(basket, floor_percent=Decimal(30), allowed=5) == 0
    assert most_percent([], floor_percent=Decimal(0), allowed=5) == 0


@given(baskets, st.decimals(0, 90, places=1), st.integers(0, 50))
def test_the_floor_is_never_undercut(basket, floor, allowed):
    percent = most_percent(basket, floor_percent=floor, allowed=allowed)
    assert 0 <= percent <= allowed
    if percent:
        price = sum(each.quantity * each.price for each in basket) * (100 - percent) / 100
        cost = sum(each.quantity * each.cost for each in basket)
        assert price - cost >= floor * price / 100


@given(money, st.decimals(0, 90, places=2))
def test_the_least_price_leaves_its_margin(cost, floor):
    price = least_price(cost, floor)
    assert (price - cost) * 100 >= floor * price


def test_what_a_discount_costs():
    assert cost_of_discount(Decimal("333.33"), 5, "GBP") == Decimal("16.67")
