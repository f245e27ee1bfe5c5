"""Rows of one kind: a fragment is rendered once for each shape that a row takes, and filled in for every row.

1. A row is a NamedTuple of words (text) and of choices (True or False); words of the page (where a form goes, its
   token) are the same for every row. A row's shape: its choices, and which of its words and the page's are empty.
2. A shape that is new in a language is rendered by Django's templates with marks instead of words. What comes out is
   the shape's form: fixed text with places. It holds nothing of anybody, and is kept.
3. A row is its form with its words in the places, escaped as a template would.

So a fragment prints words and asks whether there are any; whoever makes the row computes, and formats. A mark refuses
to be looked into, and no figure can be read from it: a fragment that tries fails with its first row.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

_OPEN, _CLOSE = "\ue000", "\ue001"  # for private use: no translation or template has them
_PLACES = re.compile(f"{_OPEN}([0-9]+){_CLOSE}")
_SPECIAL = re.compile("[&<>\"']")
_EMPTY, _WORDS = "empty", "words"
Shape = tuple[str | bool, ...]


class Mark(SafeString):
    """Stands for words while a form is made."""

    def __getattr__(self, name: str):
        if name.startswith("__"):
            raise AttributeError(name)
        raise ValueError(f"A row has words: {name!r} cannot be read from one. Make it a field of the row.")


class Form(NamedTuple):
    """Fixed text with places for words; `places` says which."""

    text: str
    places: tuple[int, ...]

    def fill(self, words: tuple) -> str:
        return self.text % tuple([_escaped(words[place]) for place in self.places])


def filled(template: str, name: str, rows: Iterable[NamedTuple], page: Mapping[str, str]) -> SafeString:
    """The fragment `template` for each of `rows`, which it knows by `name`, one after the other."""
    form_of = _form.__wrapped__ if settings.DEBUG else _form
    language, names, words = get_language(), tuple(page), tuple(page.values())
    lines = []
    for row in rows:
        values = (*row, *words)
        form = form_of(template, language, name, row._fields, names, _shape(values))
        lines.append(form.fill(values))
    return SafeString("".join(lines))


def _shape(values: tuple) -> Shape:
    return tuple([value if value is True or value is False else _WORDS if value else _EMPTY for value in values])


def _escaped(words: object) -> str:
    if isinstance(words, SafeString):
        return words
    text = words if type(words) is str else str(words)
    return escape(text) if _SPECIAL.search(text) else text


@lru_cache(maxsize=2048)
def _form(
    template: str, language: str | None, name: str, fields: tuple[str, ...], page: tuple[str, ...], shape: Shape
) -> Form:
    stand_ins = [_stand_in(place, kind) for place, kind in enumerate(shape)]
    row, rest = dict(zip(fields, stand_ins, strict=False)), stand_ins[len(fields) :]
    text = render_to_string(template, {**dict(zip(page, rest, strict=True)), name: row})
    parts = _PLACES.split(text)
    fixed = [part.replace("%", "%%") for part in parts[::2]]
    return Form("%s".join(fixed), tuple(int(place) for place in parts[1::2]))


def _stand_in(place: int, kind: str | bool) -> Mark | str | bool:
    if kind is True or kind is False:
        return kind
    return Mark(f"{_OPEN}{place}{_CLOSE}") if kind == _WORDS else ""
