"""Which column of a sheet holds the codes and which the quantities; and a pasted text as such a sheet.

1. A text is parted by tabs, semicolons, bars or commas, whichever parts most of its lines, where it parts at least
   half of them; else by spaces, and then the last word of a line is its quantity where it can be read as one
   ("BLT-M8-40 200"; "200 x BLT-M8-40" is understood too).
2. Empty lines say nothing. Every other line becomes a line of the order, whatever stands in it.
3. The first line is headings where it names a column of codes or one of quantities and holds no figure there. Headings
   may stand further down, where one of the first lines names both: what stands above is a title, and is counted. The
   columns are those that were named by who sent it, else those that the headings name, else:
4. the codes stand in the column whose cells most often look like one (four letters or digits and more, no spaces), the
   quantities in that of the others with most figures; of equals, in the one right after the codes.
5. A quantity is a whole number, with or without a word for pieces. "1,000" and "1.000" may mean a thousand or one:
   they are not guessed at.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from apps.catalogue.rules import normal_code, parse_quantity
from apps.core.text import folded

MOST_LINES = 5_000
LONGEST_CODE, LONGEST_QUANTITY = 120, 40
_MOST_TITLES = 12
_DELIMITERS = "\t;|,"
_PIECES = r"(?:x|×|pcs?|pces?|ea|each|units?|stk|st|stück|pièces?|ชิ้น|개|cái|عدد)?\.?"
_NUMBER = re.compile(rf"(\d+(?:[.,]0{{1,2}})?|\d{{1,3}}(?:,\d{{3}})+\.0+|\d{{1,3}}(?:\.\d{{3}})+,0+)\s*{_PIECES}", re.I)
_TIMES_FIRST = re.compile(r"(\d+)\s*[x×]\s+(\S.*)", re.I)
_CODES = frozenset(
    "code codes sku skus article articleno articlenumber articlecode item itemno itemnumber itemcode part partno"
    " partnumber mpn gtin ean ean13 upc barcode product productcode productno productnumber stockcode material"
    " materialno materialnumber reference ref yournumber yourno catalogueno catno artikel artikelnummer artikelnr"
    " artnr bestellnummer bestellnr teilenummer référence รหัส รหัสสินค้า 코드 품번 상품코드"
    " mã mãhàng mãsảnphẩm کد کدکالا".split()
)
_QUANTITIES = frozenset(
    "quantity quantities qty qtys orderqty orderquantity amount count pcs pieces units menge anzahl stück stk quantité"
    " qté จำนวน 수량 sốlượng تعداد مقدار".split()
)


class Wish(NamedTuple):
    """A line as it was sent: a code and a quantity, both as typed; `product_id` where one of several was chosen."""

    code: str
    quantity: str
    product_id: int | None = None


@dataclass(frozen=True, slots=True)
class Understood:
    """What was read: the lines, and the headings of the columns of codes and quantities where there were any.

    `titles` is how many lines stood above the headings. Where there are more lines than `MOST_LINES`, none is read and
    `too_many` says how many there are.
    """

    wishes: tuple[Wish, ...]
    headings: tuple[str, str] | None = None
    titles: int = 0
    too_many: int = 0


def read_quantity(text: object) -> int | None:
    """A whole quantity from 1 on as people write it, or None where it can be read in two ways or in none."""
    match = _NUMBER.fullmatch(folded(str(text)))
    if match is None:
        return None
    digits = re.sub(r"[.,]0{1,2}$", "", match[1])
    return parse_quantity(re.sub(r"[.,]", "", digits))


def read_text(text: str, *, columns: tuple[str, str] = ("", "")) -> Understood:
    """The lines of a pasted text or of a csv; `columns` are what the code's and the quantity's are named by, or ""."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_LINES + 1:
        return Understood((), too_many=len(lines))
    counts = {mark: sum(mark in line for line in lines) for mark in _DELIMITERS}
    delimiter = max(_DELIMITERS, key=counts.__getitem__)
    if not lines or counts[delimiter] * 2 < len(lines):
        return read_rows((_by_spaces(line) for line in lines), columns=columns)
    return read_rows((_parted(line, delimiter) for line in lines), columns=columns)


def _parted(line: str, delimiter: str) -> list[str]:
    """A line by itself: a quote that nobody closes must not swallow the lines below it."""
    try:
        return next(csv.reader([line], delimiter=delimiter))
    except csv.Error:
        return line.split(delimiter)


def _by_spaces(line: str) -> list[str]:
    line = line.strip()
    if match := _TIMES_FIRST.fullmatch(line):
        return [match[2].strip(), match[1]]
    if None not in _headed(words := line.split()) and len(words) == 2:
        return words
    code, _space, last = line.rpartition(" ")
    return [code.strip(), last] if code and read_quantity(last) is not None else [line, ""]


def read_rows(rows: Iterable[Sequence[str]], *, columns: tuple[str, str] = ("", "")) -> Understood:
    """The lines of a sheet, whose cells are texts."""
    table = [[cell.strip() for cell in row] for row in rows]
    table = [row for row in table if any(row)]
    if not table:
        return Understood(())
    titles = _titles(table)
    table = table[titles:]
    head = table[0]
    code, quantity = _named(head, columns)
    if code is None and quantity is None:
        code, quantity = _headed(head)
    has_headings = _is_headings(head, columns, quantity)
    body = table[1:] if has_headings else table
    if len(body) > MOST_LINES:
        return Understood((), too_many=len(body))
    code, quantity = _looked_at(body, code, quantity)
    headings = (_cell(head, code), _cell(head, quantity)) if has_headings else None
    return Understood(tuple(_wish(row, code, quantity) for row in body), headings, titles)


def _titles(table: Sequence[Sequence[str]]) -> int:
    """How many lines stand above headings that name both columns; 0 where no such headings are near the top."""
    return next((place for place, row in enumerate(table[:_MOST_TITLES]) if None not in _headed(row)), 0)


def _named(head: Sequence[str], columns: tuple[str, str]) -> tuple[int | None, int | None]:
    """The columns that are told by their heading, or by the letter of a spreadsheet."""
    return tuple(_place(head, name) for name in columns)


def _place(head: Sequence[str], name: str) -> int | None:
    name = folded(name)
    if not name:
        return None
    for place, heading in enumerate(head):
        if folded(heading).casefold() == name.casefold():
            return place
    return ord(name.upper()) - ord("A") if len(name) == 1 and name.isascii() and name.isalpha() else None


def _headed(head: Sequence[str]) -> tuple[int | None, int | None]:
    words = ["".join(ch for ch in folded(cell).casefold() if ch.isalnum()) for cell in head]
    return tuple(next((at for at, word in enumerate(words) if word in known), None) for known in (_CODES, _QUANTITIES))


def _is_headings(head: Sequence[str], columns: tuple[str, str], quantity: int | None) -> bool:
    """Whether the first line names columns: a figure in the quantity's place says that it is a line like any other."""
    names = {folded(name).casefold() for name in columns} - {""}
    named = _headed(head) != (None, None) or any(folded(cell).casefold() in names for cell in head)
    return named and (quantity is None or read_quantity(_cell(head, quantity)) is None)


def _looked_at(table: Sequence[Sequence[str]], code: int | None, quantity: int | None) -> tuple[int, int | None]:
    """The columns as far as they are known, and for the rest those that look like it."""
    width = max((len(row) for row in table), default=1)
    alike: Counter[int] = Counter()
    figures: Counter[int] = Counter()
    for row in table:
        for place, cell in enumerate(row):
            alike[place] += _looks_like_a_code(cell)
            figures[place] += read_quantity(cell) is not None
    if code is None:
        others = [place for place in range(width) if place != quantity]
        code = max(others, key=lambda place: (alike[place], -place), default=0)
    if quantity is None:
        others = [place for place in range(width) if place != code and figures[place]]
        quantity = max(others, key=lambda place: (figures[place], place == code + 1, place), default=None)
        if quantity is None and width > 1:
            quantity = code + 1 if code + 1 < width else 0  # unreadable there, and said so
    return code, quantity


def _looks_like_a_code(cell: str) -> bool:
    return len(normal_code(cell)) >= 4 and " " not in cell


def _cell(row: Sequence[str], place: int | None) -> str:
    return row[place] if place is not None and place < len(row) else ""


def _wish(row: Sequence[str], code: int, quantity: int | None) -> Wish:
    return Wish(folded(_cell(row, code))[:LONGEST_CODE], folded(_cell(row, quantity))[:LONGEST_QUANTITY])
