"""Text as people type it, brought to one form: compatibility characters unified, digits of any script folded."""

import unicodedata

_HIDDEN = {"Cc", "Cf", "Co", "Cn", "Cs"}
_JOINERS = "\u200c\u200d"  # written in Persian and in Indic scripts; they carry meaning inside a word


def folded(text: str) -> str:
    """`text` in NFKC with ASCII digits, without control and direction marks, its spaces single and trimmed."""
    characters = (_folded(ch) for ch in unicodedata.normalize("NFKC", text))
    return " ".join("".join(characters).split())


def _folded(ch: str) -> str:
    if ch.isascii():
        return ch if ch.isprintable() else " "
    if ch.isdecimal():
        return str(unicodedata.decimal(ch))
    if ch in _JOINERS:
        return ch
    category = unicodedata.category(ch)
    return " " if category in {"Zl", "Zp"} else "" if category in _HIDDEN else ch
