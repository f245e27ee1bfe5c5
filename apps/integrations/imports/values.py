"""A text of a file as a number or as yes or no, read strictly: what can be read in two ways is refused."""

import re
from decimal import Decimal, InvalidOperation

from apps.core.text import folded

_GROUPED = {
    ".": re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?"),
    ",": re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d*)?"),
}
_PLAIN = {".": re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)"), ",": re.compile(r"[+-]?(\d+(,\d*)?|,\d+)")}
_EITHER_WAY = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")
_YES = {"yes", "true", "ja", "wahr", "oui", "sí"}
_NO = {"no", "false", "nein", "falsch", "non"}


class Quarantined(Exception):
    """This row is not certain: why, and what exactly is wrong."""

    def __init__(self, reason: str, detail: str):
        self.reason, self.detail = reason, detail[:300]
        super().__init__(detail)


def read_decimal(text: str, mark: str) -> Decimal | None:
    """A finite decimal, or None. `mark` is the decimal mark, or empty where the text has to make it clear itself."""
    text = (text if text.isascii() else folded(text)).replace(" ", "").replace("'", "")
    if not mark:
        if _EITHER_WAY.fullmatch(text):
            return None
        mark = "," if text.rfind(",") > text.rfind(".") else "."
    if _GROUPED[mark].fullmatch(text):
        text = text.replace("," if mark == "." else ".", "")
    elif not _PLAIN[mark].fullmatch(text):
        return None
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None


def yes_or_no(text: str) -> bool | None:
    word = text.strip().casefold()
    return True if word in _YES else False if word in _NO else None
