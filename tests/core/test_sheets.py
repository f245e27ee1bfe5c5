"""Workbooks that others made: read as text, refused before they are held."""

import io
import zipfile

import pytest
from xlsxwriter import Workbook

from apps.core.sheets import FileRefused, guarded, workbook_rows


def workbook(*rows, formulas=(), merged=()) -> io.BytesIO:
    file = io.BytesIO()
    with Workbook(file) as book:
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
        for place, formula, value in formulas:
            page.write_formula(place, formula, None, value)
        for where, words in merged:
            page.merge_range(where, words)
    file.seek(0)
    return file


def rows_of(file, **limits):
    return list(workbook_rows(file, **({"most_bytes": 10**7, "most_cells": 1_000} | limits)))


def test_cells_are_read_as_a_csv_would_have_them():
    file = workbook(("SKU", "Qty"), ("BLT-1", 200), ("0042", 2.5), formulas=[("B4", "=100*2", 200)])
    assert rows_of(file) == [["SKU", "Qty"], ["BLT-1", "200"], ["0042", "2.5"], ["", "200"]]


def test_a_merged_cell_stands_in_its_first_place():
    assert rows_of(workbook((), ("", 200), merged=[("A1:A2", "BLT-1")])) == [["BLT-1", ""], ["", "200"]]


def test_two_cells_in_far_corners_are_all_the_cells_between_them():
    file = io.BytesIO()
    with Workbook(file) as book:
        page = book.add_worksheet()
        page.write(0, 0, "a")
        page.write(1_048_575, 16_383, "z")
    file.seek(0)
    with pytest.raises(FileRefused, match="more than 1,000 cells"):
        rows_of(file)


def test_too_many_cells_are_refused():
    with pytest.raises(FileRefused, match="more than 10 cells"):
        rows_of(workbook(*[("a", "b")] * 6), most_cells=10)


def test_a_bomb_is_refused_by_what_it_unpacks_to():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 5_000_000)
    assert file.tell() < 50_000
    file.seek(0)
    with pytest.raises(FileRefused, match="unpacks to"):
        rows_of(file, most_bytes=1_000_000)


@pytest.mark.parametrize(
    ("text", "kept"), [("=1+1", "'=1+1"), ("@SUM(A1)", "'@SUM(A1)"), ("-5", "-5"), ("BLT-1", "BLT-1")]
)
def test_no_text_is_told_as_a_formula(text, kept):
    assert guarded(text) == kept
