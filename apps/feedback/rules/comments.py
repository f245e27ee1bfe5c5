"""What a comment is about: its language, and the themes whose words stand in it.

1. The language is that of the script where only one is written in it (Hangul, Thai, Persian by the letters Arabic has
   not). Of languages in Latin script, the one whose small words stand in the text most often; Vietnamese also by its
   own letters. Where two are level, or nothing tells, it is the language the writer reads the portal in.
2. A vocabulary lists, for each language and theme, the words that tell the theme. `late` is the whole word, `deliver*`
   every word that begins so, `waited too long` the words in this order. Case, width and spaces do not matter.
3. Thai is written without spaces between words: there every entry is looked for anywhere in the text.
4. A comment has a theme when one of its words stands in it, whatever is said about it. The first such word is kept, as
   it was written, so that everybody sees why. Nothing is guessed: praise and blame are told by the score, not by words.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from apps.core.text import folded

THEMES = ("delivery", "quality", "price", "range", "people", "documents", "packaging", "ordering")
#: Small words that stand in nearly every sentence of one of these languages and seldom in the others'.
_SMALL_WORDS = {
    "en": "the and is was were are not you your we our it its of to with very have has had this that too but they been",
    "de": "der die das und ist war nicht sie wir ich mit sehr ein eine auch aber haben hat wurde zu auf für von dem",
    "fr": "le la les et est était pas vous nous avec très une des du mais que qui pour dans sur sont été ce cette",
    "es": "el la los las y es fue no con muy una pero que por para se del al está son este todo",
    "nl": "de het een en is was niet wij we met zeer maar van voor op zijn heel ook dat deze goed",
    "it": "il lo la gli le e è era non con molto una ma che per del della sono questo tutto",
    "vi": "và là của không rất có cho với được này đã giao hàng nhưng tôi chúng",
}
_BY_WORD = {
    word: [language for language, words in _SMALL_WORDS.items() if word in words.split()]
    for words in _SMALL_WORDS.values()
    for word in words.split()
}
_SCRIPTS = (
    ("ko", re.compile("[\uac00-\ud7a3]")),
    ("th", re.compile("[\u0e01-\u0e5b]")),
    # Letters of Persian that Arabic has not: pe, che, zhe, gaf, and its own kaf and ye.
    ("fa", re.compile("[پچژگکی]")),
    ("ar", re.compile("[\u0621-\u064a]")),
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
    # Letters of Vietnamese that no other language of the list writes.
    ("vi", re.compile("[ăđơưẠ-ỹ]")),
)
_UNSPACED = {"th", "ja", "zh"}
_WORD = re.compile(r"[^\W\d_]+")
#: The languages that are told apart.
LANGUAGES = tuple(dict.fromkeys([*(code for code, _letters in _SCRIPTS), *_SMALL_WORDS]))


def language_of(text: str, otherwise: str = "") -> str:
    """The language `text` is written in, as its two letters; `otherwise` where nothing tells, "" for an empty text."""
    words = _WORD.findall(folded(text).casefold())
    if not words:
        return ""
    letters = "".join(words)
    counts = ((len(pattern.findall(letters)), code) for code, pattern in _SCRIPTS)
    # A name or a code in another script does not make a language: a tenth of the letters has to be its own.
    by_script = next((code for count, code in counts if count * 10 >= len(letters)), "")
    return by_script or _by_small_words(words) or otherwise


def _by_small_words(words: Iterable[str]) -> str:
    votes = Counter(language for word in words for language in _BY_WORD.get(word, ()))
    (first, most), (_second, next_most) = [*votes.most_common(2), ("", 0), ("", 0)][:2]
    return first if most > next_most else ""


@dataclass(frozen=True, slots=True)
class Entry:
    """The words of one theme in one language, as operations keep them: one on a line."""

    language: str
    theme: str
    words: str

    @property
    def each(self) -> list[str]:
        return [word for line in self.words.splitlines() if (word := folded(line).casefold()).strip("* ")]


def themes_in(text: str, language: str, vocabulary: Iterable[Entry]) -> dict[str, str]:
    """The themes of a comment: theme -> the first of its words in it, as written; of its own language only."""
    told = folded(text)
    found = {}
    for entry in vocabulary:
        if entry.language == language and (hit := _pattern(tuple(entry.each), language).search(told)):
            found[entry.theme] = hit.group()
    return {theme: found[theme] for theme in (*THEMES, *sorted(found.keys() - set(THEMES))) if theme in found}


@lru_cache(maxsize=512)
def _pattern(words: tuple[str, ...], language: str) -> re.Pattern[str]:
    if not words:
        return re.compile("(?!)")
    if language in _UNSPACED:
        return re.compile("|".join(re.escape(word.rstrip("*")) for word in words), re.IGNORECASE)
    return re.compile("|".join(_whole(word) for word in words), re.IGNORECASE)


def _whole(word: str) -> str:
    letters = r"\s+".join(map(re.escape, word.rstrip("*").split()))
    return rf"(?<!\w){letters}\w*" if word.endswith("*") else rf"(?<!\w){letters}(?!\w)"


def marked(text: str, words: Iterable[str]) -> list[tuple[str, bool]]:
    """`text` in pieces, each with whether it is one of `words`: to show why a comment has its themes."""
    wanted = sorted({word for word in words if word}, key=len, reverse=True)
    if not wanted:
        return [(text, False)] if text else []
    pieces = re.split(f"({'|'.join(map(re.escape, wanted))})", text, flags=re.IGNORECASE)
    lowered = {word.casefold() for word in wanted}
    return [(piece, piece.casefold() in lowered) for piece in pieces if piece]


def most_named(counts: Mapping[str, tuple[int, int, int]]) -> list[tuple[str, tuple[int, int, int]]]:
    """Themes with their promoters, passives and detractors: those with most detractors first, then the most named."""
    return sorted(counts.items(), key=lambda one: (-one[1][2], -sum(one[1]), one[0]))
