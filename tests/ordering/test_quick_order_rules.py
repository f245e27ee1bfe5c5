"""How a pasted list is read, and what its lines come to."""

import pytest

from apps.ordering.rules.places import Place, alike, meant
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


HULL = Wish("BLT-M8-40", "200", place="HUL"), Wish("GLV-NIT-L", "3", place="")


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("SKU;Qty;Ship-to\nBLT-M8-40;200;HUL\nGLV-NIT-L;3;", "Ship-to"),
        ("Lieferort;Artikel;Menge\nHUL;BLT-M8-40;200\n;GLV-NIT-L;3", "Lieferort"),
        ("รหัสสินค้า\tจำนวน\tสาขา\nBLT-M8-40\t200\tHUL\nGLV-NIT-L\t3\t", "สาขา"),
        ("BLT-M8-40\t200\tHUL\nGLV-NIT-L\t3\t", ""),
        ("HUL,BLT-M8-40,200\n,GLV-NIT-L,3", ""),
        ("BLT-M8-40 200 HUL\nGLV-NIT-L 3", ""),
    ],
)
def test_a_list_may_name_ship_tos(text, heading):
    read = read_text(text, places={"hul", "hullsite"})
    assert (read.wishes, read.place_heading) == (HULL, heading)


def test_a_column_that_names_no_ship_to_of_the_account_is_not_taken_for_one():
    read = read_text("BLT-M8-40;200;M8\nGLV-NIT-L;3;L", places={"hul"})
    assert read.wishes == (A, B)


def test_a_column_of_ship_tos_that_is_named_must_be_there():
    rows = [["SKU", "Qty", "Goes"], ["BLT-M8-40", "200", "HUL"], ["GLV-NIT-L", "3", ""]]
    assert read_rows(rows, columns=("", "", "goes")).wishes == HULL
    lost = read_rows(rows, columns=("", "", "Went"))
    assert (lost.wishes, lost.lost_place) == ((), "Went")


KNOWN = (
    Place(1, "YOR", "York dock", "GB"),
    Place(2, "HUL", "Hull site", "GB"),
    Place(3, "HU2", "Site", "GB"),
    Place(4, "HU3", "Site", "GB"),
    Place(5, "DUB", "Dublin", "IE"),
)


@pytest.mark.parametrize(
    ("text", "place", "refused"),
    [
        ("", None, None), ("hul", 2, None), ("HULL  SITE", 2, None), ("York-Dock", 1, None),
        ("Site", None, "ambiguous_ship_to"), ("Leeds", None, "unknown_ship_to"), ("-", None, "unknown_ship_to"),
        ("Dublin", None, "ship_to_apart"),
    ],
)  # fmt: skip
def test_which_ship_to_is_meant(text, place, refused):
    found = meant([text], KNOWN)[text]
    assert (found.place and found.place.id, found.refused) == (place, refused)


@pytest.mark.parametrize(
    ("text", "codes"),
    [("Hul site", ["HUL"]), ("Hull", ["HUL"]), ("yrok dock", ["YOR"]), ("Paris", []), ("Dublin 2", [])],
)
def test_which_ship_to_was_likely_meant(text, codes):
    assert [place.code for place in alike(text, KNOWN)][:1] == codes


def test_nothing_is_like_it_where_there_is_no_ship_to():
    assert meant(["Hull"], ())["Hull"].refused == "unknown_ship_to"
    assert alike("Hull", ()) == ()


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
    ("lines", "ship_tos", "come_to"),
    [
        ([(GLOVES, "3")], [0], [Counted(3)]),
        ([(GLOVES, "3")], [7], [Counted(3, goes=((7, 3),))]),
        (  # one price for the sum, and each its own
            [(GLOVES, "3"), (GLOVES, "4")],
            [0, 7],
            [Counted(7, together=(0, 1), goes=((0, 3), (7, 4))), Counted(with_line=0)],
        ),
        (  # no pack is opened: two begun ones are two
            [(BOLT, "60"), (BOLT, "40")],
            [0, 7],
            [Counted(200, raised_from=100, together=(0, 1), goes=((0, 100), (7, 100))), Counted(with_line=0)],
        ),
        ([(Sold(3, minimum=10), "4")], [7], [Counted(10, raised_from=4, goes=((7, 10),))]),
        ([(GLOVES, "3"), (GLOVES, "4")], [None, 0], [Counted(), Counted(4)]),  # what is not understood waits alone
    ],
)
def test_lines_come_to_what_goes_to_each_ship_to(lines, ship_tos, come_to):
    assert counted(lines, ship_tos) == come_to


@pytest.mark.parametrize(
    ("par", "shelf", "missing"),
    [(20, "5", 15), (20, "0", 20), (20, "20", 0), (20, "31", 0), (20, "", None), (None, "5", None)],
)
def test_what_is_missing_up_to_par(par, shelf, missing):
    assert to_par(par, shelf) == missing
