"""When words mean the same need, and what it is worth."""

from decimal import Decimal

import pytest

from apps.insights.rules import Said, key_of, key_of_product, size_of


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("Nitrile gloves", "gloves, NITRILE"),
        ("M8 × 40", "m8 40 ×"),
        ("ｏ-ring ７ mm", "7 mm O ring"),
        ("gloves gloves", "gloves"),
        ("۱۲ سفارش", "سفارش 12"),
    ],
)
def test_order_case_width_and_punctuation_make_no_other_need(text, same):
    assert key_of(text) == key_of(same)


def test_other_words_are_another_need():
    assert key_of("nitrile gloves") != key_of("latex gloves")
    assert key_of("!?") == ""


def test_no_words_are_the_need_of_a_product():
    assert key_of(key_of_product(7)) != key_of_product(7)


def said(account, basis, total, largest=None):
    return Said(account, basis, None if total is None else Decimal(total), Decimal(largest or total or 0))


def test_an_account_counts_with_the_strongest_thing_it_told():
    size = size_of([said(1, "usual", 90, 30), said(1, "quoted", 500), said(1, "elsewhere", 450)])
    assert size.by_basis == {"quoted": 500}
    assert size.amount == 500


def test_what_was_asked_adds_up_and_a_usual_line_stands_once():
    size = size_of([said(1, "quoted", 700), said(2, "usual", 90, 30), said(3, "usual", 20)])
    assert size.by_basis == {"quoted": 700, "usual": 50}


def test_an_account_without_a_figure_is_counted_as_not_sized():
    size = size_of([said(1, "", None), said(2, "usual", 10)])
    assert (size.amount, size.unsized) == (10, 1)
    assert size_of([said(1, "", None), said(1, "elsewhere", 5)]).unsized == 0
