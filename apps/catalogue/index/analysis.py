"""How text in other languages is taken apart, at indexing and at searching alike.

1. Thai is written without spaces: it is cut into words (pythainlp, newmm).
2. Korean words carry endings and grow together: each run of syllables becomes its pairs of neighbours.
3. Persian: Arabic letter variants become the Persian ones, marks fall away; a word with a joiner (ZWNJ) is found whole
   and by its parts, one with a plural ending also without it.
4. Vietnamese words stand with their marks and without; whoever types the marks finds what carries them first.
5. Everything else is a word by itself, lower case and without accents.
"""

import re
import unicodedata

from apps.catalogue.index.schema import words

_THAI, _HANGUL, _ARABIC = "\u0e00-\u0e7f", "\uac00-\ud7a3", "\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff"
_RUNS = re.compile(rf"(?P<th>[{_THAI}]+)|(?P<ko>[{_HANGUL}]+)|(?P<fa>[{_ARABIC}\u200c]+)|(?P<other>[^\W_]+)")
_FOREIGN = re.compile(rf"[{_THAI}{_HANGUL}{_ARABIC}]")
_VARIANTS = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "ۀ": "ه", "أ": "ا", "إ": "ا", "آ": "ا", "ؤ": "و"})
_MARKS_AND_STRETCH = re.compile("[\u064b-\u065f\u0670\u0640\u200d]")
_PLURALS = ("های", "ها")


def is_foreign(text: str) -> bool:
    """Whether there is a script in it that English analysis would not take apart."""
    return _FOREIGN.search(text) is not None


def tokens_of(text: str) -> list[str]:
    """The words under which a text is indexed, in its own script; more than one for a word that can be said in ways."""
    found: list[str] = []
    for match in _RUNS.finditer(unicodedata.normalize("NFC", text)):
        found += _TAKEN_APART[match.lastgroup](match[0])
    return found


def searched_tokens(text: str) -> list[str]:
    """The words that a text of a search asks for: all of them must be there."""
    found: list[str] = []
    for match in _RUNS.finditer(unicodedata.normalize("NFC", text)):
        if match.lastgroup == "fa":
            found += [part for part in _persian(match[0]).split("\u200c") if part]
        else:
            found += _TAKEN_APART[match.lastgroup](match[0])
    return found


def _thai(run: str) -> list[str]:
    from pythainlp.tokenize import word_tokenize  # its dictionary takes a second to load, and only Thai needs it

    return [word for word in word_tokenize(run, engine="newmm", keep_whitespace=False) if word.strip()]


def _korean(run: str) -> list[str]:
    return [run] if len(run) == 1 else [run[place : place + 2] for place in range(len(run) - 1)]


def _persian(run: str) -> str:
    return _MARKS_AND_STRETCH.sub("", unicodedata.normalize("NFKC", run).translate(_VARIANTS)).strip("\u200c")


def _persian_ways(run: str) -> list[str]:
    word = _persian(run)
    parts = [part for part in word.split("\u200c") if part]
    ways = [*parts, "".join(parts)] if len(parts) > 1 else parts
    bare = [way.removesuffix(end) for way in ways for end in _PLURALS if way.endswith(end) and len(way) > len(end) + 2]
    return list(dict.fromkeys([*ways, *bare]))


def _latin(run: str) -> list[str]:
    plain = words().analyze(run)
    marked = run.lower()
    return plain if run.isascii() or plain == [marked] else [*plain, marked]


_TAKEN_APART = {"th": _thai, "ko": _korean, "fa": _persian_ways, "other": _latin}
