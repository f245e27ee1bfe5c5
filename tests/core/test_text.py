"""Text as people type it."""

import pytest

from apps.core.text import folded


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  two   words \n here ", "two words here"),
        ("۱۲۳ خیابان", "123 خیابان"),
        ("٤٢", "42"),
        ("１２Ａ", "12A"),
        ("๑๒", "12"),
        ("6204\u202e-2RS", "6204-2RS"),
        ("nul\x00byte", "nul byte"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("Café", "Café"),
    ],
)
def test_digits_and_compatibility_characters_are_folded_and_marks_taken_out(typed, kept):
    assert folded(typed) == kept
