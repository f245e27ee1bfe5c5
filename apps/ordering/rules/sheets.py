"""Which column of a sheet holds the codes, which the quantities and which ship-tos; and a pasted text as such a sheet.

1. A text is parted by tabs, semicolons, bars or commas, whichever parts most of its lines, where it parts at least
   half of them; else by spaces, and then the last word of a line is its quantity where it can be read as one
   ("BLT-M8-40 200"; "200 x BLT-M8-40" is understood too, and a ship-to behind: "BLT-M8-40 200 HULL").
2. Empty lines say nothing. Every other line becomes a line of the order, whatever stands in it.
3. The first line is headings where it names a column of codes or one of quantities and holds no figure there. Headings
   may stand further down, where one of the first lines names both: what stands above is a title, and is counted. The
   columns are those that were named by who sent it, else those that the headings name, else:
4. the codes stand in the column whose cells most often look like one (four letters or digits and more, no spaces), the
   quantities in that of the others with most figures; of equals, in the one right after the codes.
5. A quantity is a whole number, with or without a word for pieces. "1,000" and "1.000" may mean a thousand or one:
   they are not guessed at.
6. A sheet need not have ship-tos. They stand in the column that was named, else in the one that a heading names, else
   in the one where most cells that say something are the code or the name of one of the account's.
"""

import csv
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from apps.catalogue.rules import normal_code, parse_quantity
from apps.core.text import bare, folded

MOST_LINES = 5_000
LONGEST_CODE, LONGEST_QUANTITY, LONGEST_PLACE = 120, 40, 120
_MOST_TITLES = 12
_DELIMITERS = "\t;|,"
_PIECES = r"(?:x|×|pcs?|pces?|ea|each|units?|stk|st|stück|pièces?|ชิ้น|개|cái|عدد)?\.?"
_NUMBER = re.compile(rf"(\d+(?:[.,]0{{1,2}})?|\d{{1,3}}(?:,\d{{3}})+\.0+|\d{{1,3}}(?:\.\d{{3}})+,0+)\s*{_PIECES}", re.I)
_TIMES_FIRST = re.compile(r"(\d+)\s*[x×]\s+(\S.*)", re.I)


def _headings(words: str) -> frozenset[str]:
    return frozenset(bare(word) for word in words.split())


_CODES = _headings(
    "code codes sku skus article articleno articlenumber articlecode item itemno itemnumber itemcode part partno"
    " partnumber mpn gtin ean ean13 upc barcode product productcode productno productnumber stockcode material"
    " materialno materialnumber reference ref yournumber yourno catalogueno catno artikel artikelnummer artikelnr"
    " artnr bestellnummer bestellnr teilenummer référence รหัส รหัสสินค้า 코드 품번 상품코드"
    " mã mãhàng mãsảnphẩm کد کدکالا"
)
_QUANTITIES = _headings(
    "quantity quantities qty qtys orderqty orderquantity amount count pcs pieces units menge anzahl stück stk quantité"
    " qté จำนวน 수량 sốlượng تعداد مقدار"
)
_PLACES = _headings(
    "shipto shiptocode shiptoname shiptoaddress deliverto deliveryto deliveryaddress destination site sitecode depot"
    " branch lieferadresse lieferort lieferanschrift standort baustelle adressedelivraison"
    " ที่อยู่จัดส่ง สถานที่จัดส่ง สาขา 배송지 납품처 địachỉgiaohàng nơigiaohàng nơigiao آدرستحویل محلتحویل"
)


class Wish(NamedTuple):
    """A line as it was sent: a code, a quantity and a ship-to or "", all as typed; `product_id` where one of several
    was chosen."""

    code: str
    quantity: str
    product_id: int | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Understood:
    """What was read: the lines, and the headings of the columns of codes and quantities where there were any.

    `place_heading` is that of the ship-tos. `titles` is how many lines stood above the headings. Where there are more
    lines than `MOST_LINES`, none is read and `too_many` says how many there are; where a column of ship-tos was named
    that is not there, none is read and `lost_place` is its name.
    """

    wishes: tuple[Wish, ...]
    headings: tuple[str, str] | None = None
    titles: int = 0
    too_many: int = 0
    place_heading: str = ""
    lost_place: str = ""


def read_quantity(text: object) -> int | None:
    """A whole quantity from 1 on as people write it, or None where it can be read in two ways or in none."""
    match = _NUMBER.fullmatch(folded(str(text)))
    if match is None:
        return None
    digits = re.sub(r"[.,]0{1,2}$", "", match[1])
    return parse_quantity(re.sub(r"[.,]", "", digits))


def read_text(text: str, *, columns: Sequence[str] = (), places: Collection[str] = ()) -> Understood:
    """The lines of a pasted text or of a csv; `columns` are what those of codes, quantities and ship-tos are named by,
    or "". `places` are the codes and names of the account's ship-tos as `bare` writes them."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_LINES + 1:
        return Understood((), too_many=len(lines))
    counts = {mark: sum(mark in line for line in lines) for mark in _DELIMITERS}
    delimiter = max(_DELIMITERS, key=counts.__getitem__)
    if not lines or counts[delimiter] * 2 < len(lines):
        return read_rows((_by_spaces(line, places) for line in lines), columns=columns, places=places)
    return read_rows((_parted(line, delimiter) for line in lines), columns=columns, places=places)


def _parted(line: str, delimiter: str) -> list[str]:
    """A line by itself: a quote that nobody closes must not swallow the lines below it."""
    try:
        return next(csv.reader([line], delimiter=delimiter))
    except csv.Error:
        return line.split(delimiter)


def _by_spaces(line: str, places: Collection[str] = ()) -> list[str]:
    line = line.strip()
    before, _space, place = line.rpartition(" ")
    if bare(place) in places and len(parted := _by_spaces(before)) == 2 and read_quantity(parted[1]) is not None:
        return [*parted, place]
    if match := _TIMES_FIRST.fullmatch(line):
        return [match[2].strip(), match[1]]
    if None not in _headed(words := line.split()) and len(words) in (2, 3):
        return words
    code, _space, last = line.rpartition(" ")
    return [code.strip(), last] if code and read_quantity(last) is not None else [line, ""]


def read_rows(
    rows: Iterable[Sequence[str]], *, columns: Sequence[str] = (), places: Collection[str] = ()
) -> Understood:
    """The lines of a sheet, whose cells are texts; the rest as for `read_text`."""
    columns = (*columns, "", "", "")[:3]
    table = [[cell.strip() for cell in row] for row in rows]
    table = [row for row in table if any(row)]
    if not table:
        return Understood(())
    titles = _titles(table)
    table = table[titles:]
    head = table[0]
    code, quantity, place = _named(head, columns)
    if place is None and folded(columns[2]):
        return Understood((), lost_place=folded(columns[2])[:80])
    if code is None and quantity is None:
        code, quantity = _headed(head)
    has_headings = _is_headings(head, columns, quantity)
    body = table[1:] if has_headings else table
    if len(body) > MOST_LINES:
        return Understood((), too_many=len(body))
    if place is None and has_headings:
        place = next((at for at, cell in enumerate(head) if bare(cell) in _PLACES and at not in (code, quantity)), None)
    if place is None and places:
        place = _of_places(body, {code, quantity}, places)
    code, quantity = _looked_at(body, code, quantity, place)
    wishes = tuple(_wish(row, code, quantity, place) for row in body)
    if not has_headings:
        return Understood(wishes, titles=titles)
    headings = _cell(head, code), _cell(head, quantity)
    return Understood(wishes, headings, titles, place_heading=_cell(head, place))


def _titles(table: Sequence[Sequence[str]]) -> int:
    """How many lines stand above headings that name both columns; 0 where no such headings are near the top."""
    return next((place for place, row in enumerate(table[:_MOST_TITLES]) if None not in _headed(row)), 0)


def _named(head: Sequence[str], columns: Sequence[str]) -> tuple[int | None, ...]:
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
    words = [bare(cell) for cell in head]
    return tuple(next((at for at, word in enumerate(words) if word in known), None) for known in (_CODES, _QUANTITIES))


def _is_headings(head: Sequence[str], columns: Sequence[str], quantity: int | None) -> bool:
    """Whether the first line names columns: a figure in the quantity's place says that it is a line like any other."""
    names = {folded(name).casefold() for name in columns} - {""}
    named = _headed(head) != (None, None) or any(folded(cell).casefold() in names for cell in head)
    return named and (quantity is None or read_quantity(_cell(head, quantity)) is None)


def _looked_at(
    table: Sequence[Sequence[str]], code: int | None, quantity: int | None, place_of_ship_tos: int | None
) -> tuple[int, int | None]:
    """The columns as far as they are known, and for the rest those that look like it."""
    taken = {place_of_ship_tos}
    width = max((len(row) for row in table), default=1)
    alike: Counter[int] = Counter()
    figures: Counter[int] = Counter()
    for row in table:
        for place, cell in enumerate(row):
            alike[place] += _looks_like_a_code(cell)
            figures[place] += read_quantity(cell) is not None
    if code is None:
        others = [place for place in range(width) if place not in taken | {quantity}]
        code = max(others, key=lambda place: (alike[place], -place), default=0)
    if quantity is None:
        others = [place for place in range(width) if place not in taken | {code} and figures[place]]
        quantity = max(others, key=lambda place: (figures[place], place == code + 1, place), default=None)
        if quantity is None and width > 1:
            beside = code + 1 if code + 1 < width else 0  # unreadable there, and said so
            quantity = None if beside in taken else beside
    return code, quantity


def _of_places(table: Sequence[Sequence[str]], others: set[int | None], places: Collection[str]) -> int | None:
    """The column where most cells that say something are one of `places`; None where there is none."""
    told: Counter[int] = Counter()
    known: Counter[int] = Counter()
    for row in table:
        for at, cell in enumerate(row):
            if cell and at not in others:
                told[at] += 1
                known[at] += bare(cell) in places and read_quantity(cell) is None
    return max((at for at in told if known[at] * 2 > told[at]), key=lambda at: (known[at], -at), default=None)


def _looks_like_a_code(cell: str) -> bool:
    return len(normal_code(cell)) >= 4 and " " not in cell


def _cell(row: Sequence[str], place: int | None) -> str:
    return row[place] if place is not None and place < len(row) else ""


def _wish(row: Sequence[str], code: int, quantity: int | None, place: int | None) -> Wish:
    return Wish(
        folded(_cell(row, code))[:LONGEST_CODE],
        folded(_cell(row, quantity))[:LONGEST_QUANTITY],
        place=folded(_cell(row, place))[:LONGEST_PLACE],
    )
