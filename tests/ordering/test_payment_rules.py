"""What each way to pay means in money and dates."""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest

from apps.ordering.rules import payment
from apps.ordering.rules.payment import AHEAD, INSTALMENTS, Part, Way

ON = date(2026, 3, 4)


def way(parts=3, days=30, every=30, **more):
    return Way(kind=INSTALMENTS, days=days, parts=parts, every_days=every, **more)


PARTS = [  # gross, currency, number of parts, the amounts
    ("90.00", "GBP", 3, ["30.00", "30.00", "30.00"]),
    ("100.00", "GBP", 3, ["33.33", "33.33", "33.34"]),  # the last carries what is left
    ("100.01", "GBP", 2, ["50.00", "50.01"]),
    ("0.02", "GBP", 3, ["0.02"]),  # parts of nothing are left out
    ("1000", "KRW", 3, ["333", "333", "334"]),  # a currency without decimals
    ("10.000", "KWD", 3, ["3.333", "3.333", "3.334"]),
    ("0.00", "GBP", 4, ["0.00"]),
    ("1234.56", "GBP", 1, ["1234.56"]),
    ("999999999999.99", "GBP", 60, None),
]


@pytest.mark.parametrize(("gross", "currency", "count", "amounts"), PARTS)
def test_instalments_are_the_sum_to_the_penny(gross, currency, count, amounts):
    parts = payment.parts_of(D(gross), way(parts=count), invoiced_on=ON, currency=currency)
    assert sum(part.amount for part in parts) == D(gross)
    assert amounts is None or [part.amount for part in parts] == [D(amount) for amount in amounts]


DATES = [  # days to the first, days between, the dates
    (30, 30, [date(2026, 4, 3), date(2026, 5, 3), date(2026, 6, 2)]),
    (0, 7, [ON, date(2026, 3, 11), date(2026, 3, 18)]),
    (14, 1, [date(2026, 3, 18), date(2026, 3, 19), date(2026, 3, 20)]),
]


@pytest.mark.parametrize(("days", "every", "dates"), DATES)
def test_instalments_are_due_one_after_the_other(days, every, dates):
    parts = payment.parts_of(D(90), way(days=days, every=every), invoiced_on=ON, currency="GBP")
    assert [part.due_on for part in parts] == dates


FEES = [("100.00", "1.5", "GBP", "1.50"), ("33.35", "1.5", "GBP", "0.50"), ("33.33", "1.5", "GBP", "0.50"),
        ("0.33", "1.5", "GBP", "0.00"), ("999", "1.5", "KRW", "15"), ("100.00", "0", "GBP", "0")]  # fmt: skip


@pytest.mark.parametrize(("net", "percent", "currency", "fee"), FEES)
def test_a_fee_is_rounded_once_half_up(net, percent, currency, fee):
    assert payment.fee_of(D(net), way(fee_percent=D(percent)), currency) == D(fee)


MEANINGS = [  # the way, gross, when and how much, what paying early comes to
    (Way(days=30, discount_percent=D(2), discount_days=10), "103.08", [(34, "103.08")], ("2.06", "101.02", 14)),
    (Way(days=30), "103.08", [(34, "103.08")], None),
    (Way(), "103.08", [(4, "103.08")], None),
    (Way(days=30, discount_percent=D("2.5"), discount_days=8), "99.99", [(34, "99.99")], ("2.50", "97.49", 12)),
    (Way(kind=AHEAD), "103.08", [(0, "103.08")], None),  # due when it is ordered, not when it leaves
    (way(parts=2, discount_percent=D(2), discount_days=10), "10.01", [(34, "5.00"), (64, "5.01")], None),
]


@pytest.mark.parametrize(("chosen", "gross", "parts", "early"), MEANINGS)
def test_each_way_is_said_in_money_and_dates(chosen, gross, parts, early):
    found = payment.schedule_of(D(gross), chosen, ordered_on=ON, invoiced_on=ON + timedelta(days=4), currency="GBP")
    assert found.parts == tuple(Part(ON + timedelta(days=days), D(amount)) for days, amount in parts)
    saved = (found.discount, found.discounted, found.discount_until)
    assert saved == ((D(early[0]), D(early[1]), ON + timedelta(days=early[2])) if early else (None, None, None))


@pytest.mark.parametrize(
    ("paid", "left", "due"),
    [
        ("0", ["30", "30", "30"], 0),
        ("10", ["20", "30", "30"], 0),
        ("30", ["30", "30"], 1),
        ("75", ["15"], 2),
        ("90", [], 2),
        ("-5", ["30", "30", "30"], 0),
    ],
)
def test_what_comes_in_fills_the_parts_in_their_order(paid, left, due):
    parts = [Part(ON + timedelta(days=turn), D(30)) for turn in range(3)]
    assert [part.amount for part in payment.open_parts(parts, D(paid))] == [D(amount) for amount in left]
    assert payment.next_due(parts, D(paid)) == ON + timedelta(days=due)


@pytest.mark.parametrize(("gross", "offered"), [("99.99", False), ("100.00", True), ("0", False)])
def test_a_way_has_its_smallest_order(gross, offered):
    assert payment.is_offered(way(minimum=D(100)), D(gross)) is offered
