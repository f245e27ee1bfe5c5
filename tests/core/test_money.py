"""Money: half up, once a line, tax per rate on the net sum."""

from decimal import Decimal

import pytest

from apps.core.money import line_net, round_amount, round_unit_price, tax_by_rate

D = Decimal


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [
        ("1.005", "GBP", "1.01"),
        ("2.675", "GBP", "2.68"),
        ("-1.005", "GBP", "-1.01"),
        ("0.5", "JPY", "1"),
        ("1.0005", "KWD", "1.001"),
        ("0.004", "EUR", "0.00"),
    ],
)
def test_amounts_round_half_up_to_the_places_of_the_currency(amount, currency, rounded):
    assert round_amount(D(amount), currency) == D(rounded)


def test_a_line_is_rounded_once():
    assert line_net(3, D("0.3333"), "GBP") == D("1.00")
    assert line_net(1000, D("0.0045"), "GBP") == D("4.50")


def test_unit_prices_have_four_places():
    assert round_unit_price(D("0.00005")) == D("0.0001")


def test_tax_is_taken_per_rate_on_the_sum_of_nets():
    lines = [(D(20), D("0.02"))] * 3 + [(D(5), D("10.00"))]
    assert tax_by_rate(lines, "GBP") == {D(5): (D("10.00"), D("0.50")), D(20): (D("0.06"), D("0.01"))}
