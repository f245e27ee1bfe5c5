from datetime import date, timedelta
from decimal import Decimal as D

import pytest

from apps.invoicing import rules

ON = date(2026, 3, 4)


@pytest.mark.parametrize(
    ("quantity", "before", "net_before", "net"),
    [
        (100, 0, "0", "4.75"),
        (33, 0, "0", "1.57"),
        (33, 33, "1.57", "1.57"),
        (34, 66, "3.14", "1.61"),  # the last part is what the others left, to the penny
    ],
)
def test_parts_of_a_line_add_up_to_the_line(quantity, before, net_before, net):
    found = rules.part_net(
        quantity=quantity,
        invoiced_quantity=before,
        invoiced_net=D(net_before),
        ordered_quantity=100,
        line=D("4.75"),
        unit_price=D("0.0475"),
        currency="GBP",
    )
    assert found == D(net)


@pytest.mark.parametrize(
    ("net_days", "percent", "days", "due_on", "until"),
    [(30, "2", 10, date(2026, 4, 3), date(2026, 3, 14)), (0, "0", 0, ON, None), (14, "0", 10, date(2026, 3, 18), None)],
)
def test_deadlines_follow_the_terms(net_days, percent, days, due_on, until):
    found = rules.deadlines(ON, net_days=net_days, discount_percent=D(percent), discount_days=days)
    assert (found.due_on, found.discount_until) == (due_on, until)


@pytest.mark.parametrize(
    ("amount", "days", "discount"),
    [
        ("100.00", 0, "0"),
        ("98.00", 0, "2.00"),
        ("99.00", 10, "1.00"),
        ("98.00", 11, "0"),  # too late
        ("97.99", 0, "0"),  # too little
        ("40.00", 0, "0"),
    ],
)
def test_paying_in_time_earns_the_discount(amount, days, discount):
    found = rules.settlement(
        D(amount),
        open_amount=D(100),
        discount=D(2),
        discount_until=ON + timedelta(days=10),
        received_on=ON + timedelta(days=days),
    )
    assert (found.received, found.discount) == (D(amount), D(discount))


@pytest.mark.parametrize("amount", ["0", "-5", "100.01", "NaN", "Infinity"])
def test_a_payment_that_cannot_be(amount):
    assert rules.settlement(D(amount), open_amount=D(100), discount=D(2), discount_until=None, received_on=ON) is None


def test_what_is_open_is_aged_by_the_days_since_it_was_due():
    days = [-5, 0, 1, 30, 31, 60, 61, 90, 91, 400]
    found = rules.ageing("GBP", [(ON - timedelta(days=each), D(1)) for each in days], ON)
    assert found == rules.Ageing("GBP", D(2), D(2), D(2), D(2), D(2))
    assert (found.overdue, found.total) == (D(8), D(10))
