"""Text as people type it, brought to one form: compatibility characters unified, digits of any script folded."""

import re
import unicodedata

_HIDDEN = {"Cc", "Cf", "Co", "Cn", "Cs"}
_JOINERS = "\u200c\u200d"  # written in Persian and in Indic scripts; they carry meaning inside a word
_FRACTION_AFTER_NUMBER = re.compile("(?<=[0-9])(?=[¼-¾⅐-⅞])")  # 1½ is 1 1/2, not 11/2


# What turns the text after it round, or hides it: nothing that is typed needs them, since pages isolate what they show.
_UNWANTED = re.compile("[\0\u202a-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    """`text` without NULs, which PostgreSQL cannot keep, and without direction overrides and embeddings."""
    return _UNWANTED.sub("", text) if _UNWANTED.search(text) else text


def folded(text: str) -> str:
    """`text` in NFKC with ASCII digits, without control and direction marks, its spaces single and trimmed."""
    apart = _FRACTION_AFTER_NUMBER.sub(" ", text)
    characters = (_folded(ch) for ch in unicodedata.normalize("NFKC", apart))
    return " ".join("".join(characters).split())


def bare(text: str) -> str:
    """`text` by its letters and figures alone, whatever their case: "Item no." is "itemno"."""
    return "".join(ch for ch in folded(text).casefold() if ch.isalnum())


def _folded(ch: str) -> str:
    if ch.isascii():
        return ch if ch.isprintable() else " "
    if ch.isdecimal():
        return str(unicodedata.decimal(ch))
    if ch in _JOINERS:
        return ch
    category = unicodedata.category(ch)
    return " " if category in {"Zl", "Zp"} else "" if category in _HIDDEN else ch


def isolated(text: str) -> str:
    """A name in the middle of other words, whichever way it runs (UAX #9), where there is no markup to say so."""
    return f"\u2068{text}\u2069"
