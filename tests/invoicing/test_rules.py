from datetime import date, timedelta
from decimal import Decimal as D

import pytest

from apps.core.money import tax_by_rate
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


CREDITS = [  # lines of (tax percent, net) invoiced; the parts credited one after the other; the tax of each note
    ([("20", "0.65")], [["0.13"], ["0.13"], ["0.13"], ["0.13"], ["0.13"]], ["0.03", "0.02", "0.03", "0.02", "0.03"]),
    ([("20", "79.00")], [["79.00"]], ["15.80"]),
    ([("20", "0.05")], [["0.02"], ["0.02"], ["0.01"]], ["0.00", "0.01", "0.00"]),
    ([("7", "10.07"), ("19", "3.33")], [["5.00", "0"], ["0", "3.33"], ["5.07", "0"]], ["0.35", "0.63", "0.35"]),
    ([("0", "100.00")], [["40.00"], ["60.00"]], ["0", "0"]),
]


@pytest.mark.parametrize(("invoiced", "parts", "taxes"), CREDITS)
def test_parts_of_an_invoice_are_credited_with_its_tax_and_no_more(invoiced, parts, taxes):
    lines = [(D(rate), D(net)) for rate, net in invoiced]
    total = sum((tax for _net, tax in tax_by_rate(lines, "GBP").values()), D(0))
    credited, found = [], []
    for nets in parts:
        part = [(rate, D(net)) for (rate, _all), net in zip(lines, nets, strict=True)]
        found.append(
            rules.credit_tax(
                part,
                credited=credited,
                credited_tax=sum(found, D(0)),
                invoiced=lines,
                invoiced_tax=total,
                currency="GBP",
            )
        )
        credited += part
        assert sum(found) <= total
    assert found == [D(tax) for tax in taxes]
    assert sum(found) == total


def test_the_last_note_takes_what_earlier_ones_left_even_where_they_drifted():
    tax = rules.credit_tax(
        [(D(20), D("0.13"))],
        credited=[(D(20), D("0.52"))],
        credited_tax=D("0.12"),
        invoiced=[(D(20), D("0.65"))],
        invoiced_tax=D("0.13"),
        currency="GBP",
    )
    assert tax == D("0.01")
