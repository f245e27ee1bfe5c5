"""Text as people type it."""

import pytest

from apps.core.text import folded, plain


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


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Late\u202e gnp.exe\u2069", "Late gnp.exe"),
        ("a\x00b", "ab"),
        ("می\u200cخواهم\u200f", "می\u200cخواهم\u200f"),
        ("two\nlines", "two\nlines"),
    ],
)
def test_what_is_sent_cannot_turn_a_page_round(sent, kept):
    assert plain(sent) == kept
