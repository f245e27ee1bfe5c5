"""What is read from a statement, whatever the format of the file."""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from apps.core.money import step

LARGEST = Decimal("999999999999.99")
_GROUPED = re.compile(r"[0-9]{1,3}([.,'  ])[0-9]{3}(?:\1[0-9]{3})*(?:[.,][0-9]{1,3})?")


@dataclass(frozen=True, slots=True)
class Line:
    """Money that came in: the bank's reference of it (unique in our account), the day, amount, payer and text."""

    reference: str
    received_on: date
    amount: Decimal
    currency: str
    payer_name: str = ""
    payer_iban: str = ""
    text: str = ""
    our_iban: str = ""


@dataclass(slots=True)
class Found:
    """A file as it was read: money that came in, how many lines were outgoing or not booked yet, and what could not be
    read (line, reason)."""

    kind: str
    lines: list[Line] = field(default_factory=list)
    outgoing: int = 0
    problems: list[tuple[int, str]] = field(default_factory=list)


def amount_of(text: str, currency: str) -> Decimal | None:
    """An amount as banks and spreadsheets write it; None where it is none, or could be two.

    With both marks the last one is the decimal mark. One mark alone is it, too, unless three figures follow: "1,234"
    could be either, and is taken for a thousand only in a currency without decimals. Parentheses are a minus.
    """
    text = text.strip().replace("\u2212", "-")
    if text.startswith("(") and text.endswith(")"):
        text = f"-{text[1:-1]}"
    sign = -1 if text.startswith("-") or text.endswith("-") else 1
    digits = text.strip("+-").strip().replace("\u00a0", " ").replace("\u202f", " ")
    if not re.fullmatch(r"[0-9][0-9.,' ]*", digits):
        return None
    plain = _plain(digits, has_decimals=step(currency) != 1)
    try:
        amount = sign * Decimal(plain) if plain else None
    except InvalidOperation:
        return None
    return amount if amount is not None and abs(amount) <= LARGEST else None


def _plain(digits: str, *, has_decimals: bool) -> str | None:
    marks = [mark for mark in digits if not mark.isdigit()]
    if not marks:
        return digits
    last = digits.rindex(marks[-1])
    if len(set(marks)) == 1 and marks[-1] in ",." and len(marks) == 1:
        after = len(digits) - last - 1
        if after == 3:
            return None if has_decimals else digits.replace(marks[0], "")
        return digits.replace(",", ".")
    if not _GROUPED.fullmatch(digits):
        return None
    is_decimal = marks[-1] in ",." and marks.count(marks[-1]) == 1 and len(set(marks)) > 1
    whole, rest = (digits[:last], digits[last + 1 :]) if is_decimal else (digits, "")
    return "".join(filter(str.isdigit, whole)) + (f".{rest}" if rest else "")


def iban_of(text: str) -> str:
    """An account number without its spaces."""
    return re.sub(r"\s", "", text).upper()[:42]
