"""What a payment of the bank pays, proposed by rule."""

from datetime import date
from decimal import Decimal as D

import pytest

from apps.invoicing.rules import matching
from apps.invoicing.rules.matching import Open

DAY = date(2026, 3, 4)


def doc(number, amount, payable=None, due=4, account=1):
    return Open(number, account, D(amount), D(payable or amount), date(2026, 3, due))


TEXTS = [
    ("IN-1000001", ["IN-1000001"]),
    ("Inv in 1000001 and IN1000002.", ["IN-1000001", "IN-1000002"]),
    ("your ref. IN-1000001, less CN-1000003", ["IN-1000001", "CN-1000003"]),
    ("IN-1000001 IN-1000001", ["IN-1000001"]),
    ("IN 1000 001", ["IN-1000001"]),
    ("order SO:1000007", ["SO-1000007"]),
    ("BRIN-1000001", []),  # the end of another word
    ("IN-10", []),
    ("thank you", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "numbers"), TEXTS)
def test_numbers_are_read_however_they_are_written(text, numbers):
    assert list(matching.numbers_in(text)) == numbers


REFERENCES = [  # amount, documents named, what pays what
    ("100", [doc("IN-1", "100")], {"IN-1": "100"}),
    ("60", [doc("IN-1", "100")], {"IN-1": "60"}),  # a part
    ("130", [doc("IN-1", "100")], {"IN-1": "100"}),  # the rest stays with the account
    ("98", [doc("IN-1", "100", "98")], {"IN-1": "98"}),  # in time, less discount
    ("150", [doc("IN-1", "100"), doc("IN-2", "50")], {"IN-1": "100", "IN-2": "50"}),
    ("120", [doc("IN-1", "100"), doc("IN-2", "50")], {"IN-1": "100", "IN-2": "20"}),
    ("148", [doc("IN-1", "100", "98"), doc("IN-2", "50")], {"IN-1": "98", "IN-2": "50"}),
    ("70", [doc("IN-1", "100"), doc("CN-1", "-30")], {"IN-1": "100", "CN-1": "-30"}),  # less a credit note
    ("100", [doc("IN-1", "100"), doc("CN-1", "-30")], {"IN-1": "100"}),  # paid in full all the same
    ("50", [doc("CN-1", "-30")], {}),
]


@pytest.mark.parametrize(("amount", "named", "parts"), REFERENCES)
def test_what_is_named_is_paid(amount, named, parts):
    found = matching.by_reference(D(amount), named)
    assert (found.match, dict(found.parts)) == ("reference", {number: D(each) for number, each in parts.items()})
    assert found.applied <= D(amount)


ACCOUNTS = [  # amount, what is open, how it is found, what pays what
    ("50", [doc("IN-1", "100"), doc("IN-2", "50", due=9)], "amount", {"IN-2": "50"}),
    ("49", [doc("IN-1", "100"), doc("IN-2", "50", "49", due=9)], "amount", {"IN-2": "49"}),
    ("150", [doc("IN-1", "100"), doc("IN-2", "50")], "amount", {"IN-1": "100", "IN-2": "50"}),
    ("120", [doc("IN-1", "100"), doc("IN-2", "50"), doc("CN-1", "-30")], "amount",
     {"IN-1": "100", "IN-2": "50", "CN-1": "-30"}),
    ("110", [doc("IN-1", "100", due=9), doc("IN-2", "50", due=1)], "oldest", {"IN-2": "50", "IN-1": "60"}),
    ("500", [doc("IN-1", "100")], "oldest", {"IN-1": "100"}),
    ("500", [], "none", {}),
]  # fmt: skip


@pytest.mark.parametrize(("amount", "documents", "match", "parts"), ACCOUNTS)
def test_what_names_nothing_is_laid_at_the_account(amount, documents, match, parts):
    found = matching.by_account(D(amount), 1, documents)
    assert (found.match, found.account_id) == (match, 1)
    assert dict(found.parts) == {number: D(each) for number, each in parts.items()}


@pytest.mark.parametrize(
    ("same", "match"), [([doc("IN-1", "7")], "alone"), ([doc("IN-1", "7")] * 2, "none"), ([], "none")]
)
def test_an_amount_alone_is_a_guess_and_only_where_it_is_the_only_one(same, match):
    assert matching.by_amount_alone(D(7), same).match == match
