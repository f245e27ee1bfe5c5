"""The nearest words of the catalogue for words it does not know.

1. A word is known if a name or brand on sale has it, or begins with it.
2. For an unknown one, words of about the same length that share its first or its last letter are compared
   (Ratcliff-Obershelp, difflib); of the near ones the nearest wins, then the more frequent.
3. Words with digits are left alone: a size or a code has no neighbours worth guessing.
"""

import re
from difflib import SequenceMatcher

from django.db.models import Q
from django.db.models.functions import Length

from apps.catalogue.models import Word

NEAR = 0.75
MOST_CANDIDATES = 4000
_WORD = re.compile(r"[^\W\d_]{3,}")


def nearest(text: str) -> str | None:
    """`text` with each unknown word replaced by the nearest known one; None where that changes nothing. One query."""
    typed = [word.lower() for word in _WORD.findall(text)]
    if not typed:
        return None
    candidates = _candidates(typed)
    better = {word: best for word in typed if (best := _best(word, candidates)) and best != word}
    if not better:
        return None
    return _WORD.sub(lambda match: better.get(match[0].lower(), match[0]), text)


def _candidates(typed: list[str]) -> dict[str, int]:
    near = Q()
    for word in typed:
        length = Q(length__range=(len(word) - 2, len(word) + 2))
        near |= (length & (Q(word__startswith=word[0]) | Q(word__endswith=word[-1]))) | Q(word__startswith=word)
    words = Word.objects.annotate(length=Length("word")).filter(near).order_by("-products", "word")
    return dict(words.values_list("word", "products")[:MOST_CANDIDATES])


def _best(word: str, candidates: dict[str, int]) -> str | None:
    if any(known.startswith(word) for known in candidates):
        return None
    matcher = SequenceMatcher(b=word, autojunk=False)
    best, best_key = None, (NEAR, 0)
    for known, products in candidates.items():
        matcher.set_seq1(known)
        if matcher.real_quick_ratio() < best_key[0] or matcher.quick_ratio() < best_key[0]:
            continue
        key = (matcher.ratio(), products)
        if key >= best_key:
            best, best_key = known, key
    return best
