"""Which of an account's ship-tos is meant by what somebody wrote beside a code.

1. A code means its ship-to; else a name does, where one alone has it. Capitals, spaces and marks do not count.
2. A name that several have means none of them, and these are named.
3. A ship-to in another country than the main one is refused: the taxes of one order are those of one country.
4. Nothing written is the main ship-to.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

from apps.core.text import bare

_ALIKE = 0.6  # of the characters; less is another word
_MOST_ALIKE = 3


class Place(NamedTuple):
    """What the rule has to know of a ship-to."""

    id: int
    code: str
    name: str
    country: str


class NoPlace(StrEnum):
    UNKNOWN = "unknown_ship_to"
    SEVERAL = "ambiguous_ship_to"
    ABROAD = "ship_to_apart"


@dataclass(frozen=True, slots=True)
class Meant:
    """`place` is None where nothing was written and where it is refused; `candidates` are those it may mean."""

    place: Place | None = None
    refused: NoPlace | None = None
    candidates: tuple[Place, ...] = ()


def meant(written: Iterable[str], known: Sequence[Place]) -> dict[str, Meant]:
    """What each text means. The first of `known` is the main ship-to."""
    by_code = {bare(place.code): place for place in known}
    by_name: dict[str, list[Place]] = {}
    for place in known:
        by_name.setdefault(bare(place.name), []).append(place)
    return {text: _meant(bare(text), by_code, by_name, known[:1]) if text else Meant() for text in set(written)}


def _meant(text: str, by_code: dict[str, Place], by_name: dict[str, list[Place]], main: Sequence[Place]) -> Meant:
    found = [by_code[text]] if text and text in by_code else by_name.get(text, [])
    if len(found) > 1:
        return Meant(refused=NoPlace.SEVERAL, candidates=tuple(found))
    if not found:
        return Meant(refused=NoPlace.UNKNOWN)
    if found[0].country != main[0].country:
        return Meant(refused=NoPlace.ABROAD)
    return Meant(found[0])


def alike(text: str, known: Sequence[Place]) -> tuple[Place, ...]:
    """Those of the main ship-to's country that were likely meant by a text that is none of them, best first."""
    text, scored = bare(text), []
    for place in known if text else ():
        if place.country != known[0].country:
            continue
        score = max(_likeness(text, bare(place.code)), _likeness(text, bare(place.name)))
        if score >= _ALIKE:
            scored.append((-score, place.name, place))
    return tuple(place for *_by, place in sorted(scored)[:_MOST_ALIKE])


def _likeness(text: str, word: str) -> float:
    """1 is the same; a word that holds the other, of three characters and more, counts as alike."""
    if min(len(text), len(word)) >= 3 and (text in word or word in text):
        return 0.9
    matcher = SequenceMatcher(None, text, word, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE else 0.0
