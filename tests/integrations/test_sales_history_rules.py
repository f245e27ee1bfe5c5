"""Reading an export of invoice lines: columns, figures, lines, what cancellations take back, what prices show."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from apps.integrations.imports.columns import ColumnsUnclear
from apps.integrations.sales_history.columns import FIELDS, mapping_of
from apps.integrations.sales_history.evidence import ladder_of
from apps.integrations.sales_history.lines import Manner, read_instant, read_line, read_number, read_quantity
from apps.integrations.sales_history.netting import Movement, net_out
from apps.integrations.sales_history.sorting import CHARGES, pattern_of

D = Decimal
LONDON = Manner(ZoneInfo("Europe/London"))


@pytest.mark.parametrize(
    ("headings", "said"),
    [
        ("InvoiceNo StockCode Description Quantity InvoiceDate UnitPrice CustomerID Country", {}),
        ("Document-No. SKU Name Qty Date Price Account Land", {}),
        ("a b c d e f g h", dict(zip(FIELDS, "abcdefgh", strict=True))),
    ],
)
def test_columns_are_guessed_from_their_headings_or_said(headings, said):
    assert list(mapping_of(headings.split(), said).values()) == list(range(8))


def test_a_missing_column_is_named_with_the_option_that_would_say_it():
    with pytest.raises(ColumnsUnclear, match="No column for price"):
        mapping_of(["InvoiceNo", "StockCode", "Quantity", "InvoiceDate", "CustomerID"], {})
    with pytest.raises(ColumnsUnclear) as refused:
        mapping_of(["InvoiceNo"], {"sku": "Articul"})
    assert refused.value.fields["sku"] == ["Articul"]


@pytest.mark.parametrize(
    ("text", "mark", "number"),
    [
        ("2.55", ".", "2.55"),
        ("1,234.50", ".", "1234.50"),
        ("2,55", ".", None),
        ("2,55", ",", "2.55"),
        ("1.234,50", ",", "1234.50"),
        ("-3", ".", "-3"),
        ("NaN", ".", None),
        ("Infinity", ".", None),
        ("1e308", ".", "1e308"),
        ("", ".", None),
        ("twelve", ".", None),
    ],
)
def test_a_figure_is_read_strictly(text, mark, number):
    assert read_number(text, mark) == (None if number is None else D(number))


@pytest.mark.parametrize("text", ["1e308", "2.5", "NaN", "", "999999999"])
def test_what_is_no_number_of_pieces_is_not_read(text):
    assert read_quantity(text) is None


def test_a_time_without_a_zone_is_the_distributors():
    assert read_instant("2011-07-01 09:30:00", LONDON) == datetime(2011, 7, 1, 8, 30, tzinfo=UTC)
    assert read_instant("1/7/2011 9:30", Manner(LONDON.zone, "%d/%m/%Y %H:%M")) == datetime(
        2011, 7, 1, 8, 30, tzinfo=UTC
    )
    assert read_instant("yesterday", LONDON) is None


def test_a_row_that_is_too_short_or_names_too_much_is_kept_but_not_read():
    mapping = {"document": 0, "sku": 1, "quantity": 2, "date": 3, "price": 4, "customer": 5}
    short = read_line(["536365", "85123A"], mapping, LONDON)
    assert (short.texts["sku"], short.quantity, short.price, short.sold_at) == ("85123A", None, None, None)
    long = read_line(["5", "X" * 41, "1", "2011-07-01", "2.55", "17850"], mapping, LONDON)
    assert (len(long.texts["sku"]), long.quantity) == (40, None)


def test_a_number_that_would_break_an_address_and_an_amount_nobody_pays_are_not_taken_as_they_are():
    mapping = {"document": 0, "sku": 1, "quantity": 2, "date": 3, "price": 4, "customer": 5}
    slashed = read_line(["INV/11/1", "A/1", "1", "2011-07-01", "2.55", "C/7"], mapping, LONDON)
    assert [slashed.texts[field] for field in ("document", "sku", "customer")] == ["INV-11-1", "A/1", "C-7"]
    huge = read_line(["5", "A", "99999999", "2011-07-01", "99999", "7"], mapping, LONDON)
    assert (huge.quantity, huge.price) == (None, None)
    named = read_line(["5", "A", "1", "2011-07-01", "1", "Brightwater Engineering Ltd"], mapping, LONDON)
    assert named.quantity is None


@pytest.mark.parametrize(
    ("code", "is_charge"),
    [("POST", True), ("m", True), ("BANK CHARGES", True), ("DCGSSBOY", True), ("gift_0001_20", True),
     ("85123A", False), ("POST2", False), ("DX", False), ("22423", False)],
)  # fmt: skip
def test_codes_that_are_no_goods_are_known_by_pattern(code, is_charge):
    assert bool(re.match(pattern_of(CHARGES), code, re.IGNORECASE)) is is_charge


@pytest.mark.parametrize(
    ("movements", "netted"),
    [
        ([(10, "2.5"), (-10, "2.5")], [10, 10]),
        ([(10, "2.5"), (-4, "2.5")], [4, 4]),
        ([(10, "2.5"), (10, "2.5"), (-4, "2.5")], [0, 4, 4]),
        ([(10, "2.0"), (10, "2.5"), (-12, "2.0")], [10, 2, 12]),
        ([(-4, "2.5"), (10, "2.5")], [0, 0]),
        ([(3, "2.5"), (-10, "2.5")], [3, 3]),
    ],
)
def test_a_cancellation_takes_the_latest_bought_at_its_price_first(movements, netted):
    piles = [Movement(number, quantity, D(price)) for number, (quantity, price) in enumerate(movements)]
    net_out(piles)
    assert [movement.netted for movement in piles] == netted


@pytest.mark.parametrize(
    ("bands", "ladder"),
    [
        ({}, []),
        ({1: (30, D("2.95")), 12: (9, D("2.55")), 48: (4, D("2.10"))}, [(1, "2.95"), (12, "2.55"), (48, "2.10")]),
        ({1: (30, D("2.95")), 12: (2, D("2.55"))}, [(1, "2.95")]),
        ({1: (30, D("2.95")), 12: (9, D("2.94"))}, [(1, "2.95")]),
        ({1: (30, D("2.95")), 12: (9, D("3.10")), 24: (9, D("2.50"))}, [(1, "2.95"), (24, "2.50")]),
        ({12: (9, D("2.55")), 48: (9, D("2.10"))}, [(1, "2.55"), (48, "2.10")]),
    ],
)
def test_breaks_are_those_that_enough_lines_witnessed_and_they_only_go_down(bands, ladder):
    assert [(quantity, str(price.normalize())) for quantity, price in ladder_of(bands)] == [
        (quantity, str(D(price).normalize())) for quantity, price in ladder
    ]
