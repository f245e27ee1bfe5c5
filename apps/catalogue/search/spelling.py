"""The nearest words of the catalogue for words it does not know.

1. A word is known if a name, brand or category has it, or begins with it.
2. For an unknown one, words of about the same length are compared by the letters they have (one bit a letter, all at
   once); those that differ in few are compared letter by letter: a missing, further, other or swapped one counts one.
3. Up to seven letters one such mistake is forgiven, beyond that two; of equally near ones the same beginning wins, then
   the more frequent word.
4. Words with digits are left alone: a size or a code has no neighbours worth guessing.
"""

import re
from dataclasses import dataclass
from functools import cached_property

import numpy

from apps.catalogue.index import Opened
from apps.catalogue.index.schema import words

_WORD = re.compile(r"[^\W\d_]{3,}")
_SHORT = 7
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_MOST_CANDIDATES = 400


@dataclass(frozen=True)
class Vocabulary:
    """The words of the catalogue with the number of products that have them."""

    words: list[str]
    counts: list[int]

    @cached_property
    def lengths(self) -> numpy.ndarray:
        return numpy.array([len(word) for word in self.words], dtype=numpy.int16)

    @cached_property
    def letters(self) -> numpy.ndarray:
        return numpy.array([_letters(word) for word in self.words], dtype=numpy.uint32)

    def near(self, word: str, mistakes: int) -> list[int]:
        """Places of the words that may be no further than so many mistakes from `word`."""
        differing = numpy.bitwise_count(self.letters ^ numpy.uint32(_letters(word)))
        near = (numpy.abs(self.lengths - len(word)) <= mistakes) & (differing <= 2 * mistakes)
        places = numpy.flatnonzero(near)
        if len(places) > _MOST_CANDIDATES:
            places = places[numpy.argsort(differing[places], kind="stable")[:_MOST_CANDIDATES]]
        return places.tolist()


def _letters(word: str) -> int:
    bits = 0
    for letter in word:
        bits |= 1 << (_LETTERS.find(letter) + 1)
    return bits


def nearest(index: Opened, text: str) -> str | None:
    """`text` with each unknown word replaced by the nearest known one; None where that changes nothing."""
    better = {word: best for word in _WORD.findall(text) if (best := _best(index, word))}
    return _WORD.sub(lambda match: better.get(match[0], match[0]), text) if better else None


def _best(index: Opened, typed: str) -> str | None:
    plain = words().analyze(typed)
    if len(plain) != 1 or not plain[0].isascii() or _is_known(index, plain[0]):
        return None
    word = plain[0]
    mistakes = 1 if len(word) <= _SHORT else 2
    vocabulary, best, best_key = _vocabulary(index), None, (mistakes + 1, False, 0)
    for place in vocabulary.near(word, mistakes):
        candidate = vocabulary.words[place]
        distance = _distance(word, candidate, mistakes)
        key = (distance, candidate[0] != word[0], -vocabulary.counts[place])
        if distance <= mistakes and key < best_key:
            best, best_key = candidate, key
    return best


def _is_known(index: Opened, word: str) -> bool:
    return bool(index.searcher.terms_with_prefix("word", word, limit=1))


def _vocabulary(index: Opened) -> Vocabulary:
    """The vocabulary, read once while an index is open, and again when it has grown by a tenth."""
    known, size = index.learnt.get("vocabulary", (None, 0))
    if known is None or abs(index.searcher.num_docs - size) * 10 > size:
        pairs = [(word, count) for word, count in index.searcher.terms_with_prefix("word", "") if word.isalpha()]
        pairs = [(word, count) for word, count in pairs if len(word) > 2]
        known = Vocabulary([word for word, _count in pairs], [count for _word, count in pairs])
        index.learnt["vocabulary"] = (known, index.searcher.num_docs)
    return known


def _distance(one: str, other: str, most: int) -> int:
    """Missing, further, other and swapped letters between two words; anything above `most` may be told as more."""
    before, row = [], list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, facing in enumerate(other, 1):
            least = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != facing))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == facing:
                least = min(least, earlier[j - 2] + 1)
            row.append(least)
        if min(row) > most:
            return most + 1
    return row[-1]
