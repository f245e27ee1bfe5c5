"""Codes and quantities as people type them."""

import pytest

from apps.catalogue.rules import MAX_QUANTITY, Pack, in_packs, normal_code, orderable_quantity, parse_quantity


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("BLT-M8-40", "BLTM840"),
        ("blt m8/40", "BLTM840"),
        (" blt.m8_40 ", "BLTM840"),
        ("0004711", "4711"),
        ("000", "0"),
        ("6204‑2RS", "62042RS"),
        ("۶۲۰۴", "6204"),
        ("ＡＢ１２", "AB12"),
        ("6204\u202e-2RS", "62042RS"),
        ("Größe 9", "GRÖSSE9"),
        ("--", ""),
        ("X" * 80, "X" * 60),
    ],
)
def test_a_code_is_compared_without_case_spaces_punctuation_and_leading_zeros(typed, normal):
    assert normal_code(typed) == normal


@pytest.mark.parametrize(
    ("typed", "quantity"),
    [
        ("12", 12),
        (" 12 ", 12),
        ("۱۲", 12),
        ("1e2", 100),
        ("12.0", 12),
        ("1_2", None),
        ("12.5", None),
        ("0", None),
        ("-3", None),
        ("NaN", None),
        ("Infinity", None),
        ("1e308", None),
        ("twelve", None),
        ("", None),
        (None, None),
        (str(MAX_QUANTITY), MAX_QUANTITY),
        (str(MAX_QUANTITY + 1), None),
    ],
)
def test_a_quantity_is_a_whole_number_within_reason(typed, quantity):
    assert parse_quantity(typed) == quantity


@pytest.mark.parametrize(
    ("wished", "minimum", "multiple", "orderable"),
    [(1, 1, 1, 1), (1, 100, 100, 100), (101, 100, 100, 200), (3, 5, 2, 6), (0, 1, 1, 1), (500, 1, 1, 500)],
)
def test_a_wish_is_raised_to_what_can_be_ordered(wished, minimum, multiple, orderable):
    assert orderable_quantity(wished, minimum=minimum, multiple=multiple) == orderable


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [
        (500, (5, "Carton")), (1000, (1, "Pallet")), (50, (5, "Box")), (510, (51, "Box")), (505, None), (5, None),
        (1, None),
    ],
)  # fmt: skip
def test_a_quantity_is_so_many_of_the_largest_unit_that_divides_it(quantity, expected):
    packs = [Pack("Piece", 1), Pack("Box", 10), Pack("Carton", 100), Pack("Pallet", 1000)]
    assert in_packs(quantity, packs) == expected
