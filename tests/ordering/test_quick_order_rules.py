"""How a pasted list is read, and what its lines come to."""

import pytest

from apps.ordering.rules.quick_orders import Counted, Sold, counted, to_par
from apps.ordering.rules.sheets import MOST_LINES, Wish, read_quantity, read_rows, read_text


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("200", 200), (" 7 ", 7), ("٢٠", 20), ("10 pcs", 10), ("10x", 10), ("5 Stk.", 5), ("2.0", 2), ("2,00", 2),
        ("1,000.00", 1000), ("1.000,00", 1000),
        ("1,000", None), ("1.000", None),  # a thousand to one reader, one to another
        ("2.5", None), ("0", None), ("-3", None), ("", None), ("ten", None), ("10 boxes", None), ("1e3", None),
        ("1_0", None), ("99999999", None), ("NaN", None), ("=1+1", None),
    ],
)  # fmt: skip
def test_a_quantity_is_read_or_not_guessed_at(typed, read):
    assert read_quantity(typed) == read


A, B = Wish("BLT-M8-40", "200"), Wish("GLV-NIT-L", "3")
PASTED = [
    ("tabs, as from Excel", "BLT-M8-40\t200\nGLV-NIT-L\t3\n", None),
    ("commas", "BLT-M8-40,200\r\nGLV-NIT-L,3", None),
    ("semicolons and spaces", "BLT-M8-40 ; 200\n\n  GLV-NIT-L;3", None),
    ("spaces", "BLT-M8-40   200\nGLV-NIT-L 3", None),
    ("spaces with headings", "SKU Qty\nBLT-M8-40 200\nGLV-NIT-L 3", ("SKU", "Qty")),
    ("as one says it", "200 x BLT-M8-40\n3 x GLV-NIT-L", None),
    ("headings", "SKU,Qty\nBLT-M8-40,200\nGLV-NIT-L,3", ("SKU", "Qty")),
    ("quantity first", "Menge;Artikelnummer\n200;BLT-M8-40\n3;GLV-NIT-L", ("Artikelnummer", "Menge")),
    ("names between", "Item no.,Name,Qty\nBLT-M8-40,\"Bolt, hex\",200\nGLV-NIT-L,Gloves,3", ("Item no.", "Qty")),
    ("line numbers, no headings", "1\tBLT-M8-40\t200\n2\tGLV-NIT-L\t3", None),
    ("a price behind", "BLT-M8-40;200;0.16\nGLV-NIT-L;3;7.90", None),
    ("names with figures", "Bolt M8 zinc;BLT-M8-40;200\nGloves size 9;GLV-NIT-L;3", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "headings"), [row[1:] for row in PASTED], ids=[row[0] for row in PASTED])
def test_a_pasted_list_is_read(text, headings):
    read = read_text(text)
    assert (read.wishes, read.headings) == ((A, B), headings)


@pytest.mark.parametrize(
    ("text", "wishes"),
    [
        ("BLT-M8-40\nGLV-NIT-L", [("BLT-M8-40", ""), ("GLV-NIT-L", "")]),
        ("6205 2RS\n", [("6205 2RS", "")]),
        ('"M8 bolt,10\nGLV-NIT-L,3', [("M8 bolt,10", ""), ("GLV-NIT-L", "3")]),  # a quote that nobody closes
        ("4006381333931,10\n4006381333932,20", [("4006381333931", "10"), ("4006381333932", "20")]),
        ("BLT-M8-40;many\nGLV-NIT-L;few", [("BLT-M8-40", "many"), ("GLV-NIT-L", "few")]),
        (",5\nGLV-NIT-L,3", [("", "5"), ("GLV-NIT-L", "3")]),
        ("", []),
    ],
)
def test_no_line_is_dropped(text, wishes):
    assert [tuple(wish)[:2] for wish in read_text(text).wishes] == wishes


def test_a_title_above_the_headings_is_counted():
    read = read_text("Order for March;;\nDepot York;;\nQty;Name;Item\n200;Bolt;BLT-M8-40\n3;Gloves;GLV-NIT-L")
    assert (read.wishes, read.headings, read.titles) == ((A, B), ("Item", "Qty"), 2)


def test_columns_can_be_named():
    rows = [["Old", "New", "A", "B"], ["X-1000", "BLT-M8-40", "7", "200"]]
    assert read_rows(rows, columns=("New", "B")).wishes == (A,)
    assert read_rows(rows[1:], columns=("b", "D")).wishes == (A,)


def test_more_lines_than_fit_are_counted_and_not_read():
    read = read_text("BLT-M8-40,1\n" * (MOST_LINES + 7))
    assert (read.wishes, read.too_many) == ((), MOST_LINES + 7)


BOLT, GLOVES = Sold(1, minimum=100, multiple=100), Sold(2)


@pytest.mark.parametrize(
    ("lines", "come_to"),
    [
        ([(GLOVES, "3")], [Counted(3)]),
        ([(BOLT, "60")], [Counted(100, raised_from=60)]),
        (
            [(BOLT, "60"), (GLOVES, "1"), (BOLT, "40")],
            [Counted(100, together=(0, 2)), Counted(1), Counted(with_line=0)],
        ),
        ([(BOLT, "60"), (BOLT, "?")], [Counted(100, raised_from=60), Counted(unreadable=True)]),
        ([(None, "5")], [Counted()]),
        ([(GLOVES, "9999999"), (GLOVES, "1")], [Counted(unreadable=True), Counted(unreadable=True)]),
    ],
)
def test_lines_come_to_what_can_be_ordered(lines, come_to):
    assert counted(lines) == come_to


@pytest.mark.parametrize(
    ("par", "shelf", "missing"),
    [(20, "5", 15), (20, "0", 20), (20, "20", 0), (20, "31", 0), (20, "", None), (None, "5", None)],
)
def test_what_is_missing_up_to_par(par, shelf, missing):
    assert to_par(par, shelf) == missing
