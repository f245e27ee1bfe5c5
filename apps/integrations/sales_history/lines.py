"""What one row of an export says, read strictly: what cannot be read with certainty is not read."""

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

_WIDTHS = {
    "document": 30,
    "sku": 40,
    "description": 200,
    "quantity": 40,
    "price": 40,
    "date": 40,
    "customer": 20,
    "country": 60,
}
_IDENTIFIERS = ("document", "sku", "customer")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")
_MAX_QUANTITY, _MAX_PRICE, _MAX_AMOUNT = 99_999_999, Decimal(10**9), Decimal(10**9)


@dataclass(frozen=True, slots=True)
class Manner:
    """How figures and dates are written in the file."""

    zone: ZoneInfo
    date_format: str = ""
    decimal_mark: str = "."


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A row as it stood (`texts`, cut to what can be kept) and as it reads; None where it does not."""

    texts: dict[str, str]
    quantity: int | None
    price: Decimal | None
    sold_at: datetime | None


def read_line(row: list[str], mapping: dict[str, int], manner: Manner) -> ReadLine:
    """The line in `row`; an identifier too long to keep makes the line unreadable rather than another's.

    Numbers of documents and customers stand in addresses of pages: a slash in them becomes a dash.
    """
    full = {field: row[index].replace("\0", "").strip() if index < len(row) else "" for field, index in mapping.items()}
    texts = {field: full.get(field, "")[:width] for field, width in _WIDTHS.items()}
    if any(len(full.get(field, "")) > _WIDTHS[field] for field in _IDENTIFIERS):
        return ReadLine(texts, None, None, None)
    texts |= {field: texts[field].replace("/", "-") for field in ("document", "customer")}
    quantity, price = (
        read_quantity(full["quantity"], manner.decimal_mark),
        read_price(full["price"], manner.decimal_mark),
    )
    if quantity is not None and price is not None and abs(quantity * price) > _MAX_AMOUNT:
        quantity = price = None
    return ReadLine(texts, quantity, price, read_instant(full["date"], manner))


def read_number(text: str, decimal_mark: str = ".") -> Decimal | None:
    """A finite decimal, or None. A comma is a decimal mark only where it is said to be, else it parts thousands."""
    if decimal_mark == ",":
        text = text.replace(".", " ").replace(",", ".").replace(" ", "")
    elif "," in text:
        if not _THOUSANDS.fullmatch(text):
            return None
        text = text.replace(",", "")
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def read_quantity(text: str, decimal_mark: str = ".") -> int | None:
    """A whole number of pieces, or None."""
    number = read_number(text, decimal_mark)
    if number is None or abs(number) > _MAX_QUANTITY or number != number.to_integral_value():
        return None
    return int(number)


def read_price(text: str, decimal_mark: str = ".") -> Decimal | None:
    """A unit price of up to six places, or None."""
    number = read_number(text, decimal_mark)
    if number is None or abs(number) > _MAX_PRICE or number != round(number, 6):
        return None
    return number


def read_instant(text: str, manner: Manner) -> datetime | None:
    """When it was sold, in the distributor's time zone where the text names none, or None."""
    try:
        at = datetime.strptime(text, manner.date_format) if manner.date_format else datetime.fromisoformat(text)  # noqa: DTZ007
        return at if at.tzinfo else at.replace(tzinfo=manner.zone)
    except ValueError:
        return None
