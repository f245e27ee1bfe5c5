"""What translators wrote keeps the figures, names and tags of the text, and is what the pages read."""

import re
from gettext import GNUTranslations
from io import BytesIO

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from django.conf import settings

from config.bootstrap import ROOT

LANGUAGES = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
#: What a text is filled with, and what must stand in it as it is.
KEPT = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}|</?[a-z]+[^>]*>|&[a-z]+;")


def catalogue(language: str, ending: str = "po"):
    return BytesIO((ROOT / "locale" / language / "LC_MESSAGES" / f"django.{ending}").read_bytes())


def messages(language: str) -> list[Message]:
    return [message for message in read_po(catalogue(language)) if message.id]


def forms(text: str | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated_with_all_that_it_is_filled_with(language):
    broken = [
        (message.id, said)
        for message in messages(language)
        for said in forms(message.string)
        if not said
        or message.fuzzy
        or not set(KEPT.findall(said)) <= {part for text in forms(message.id) for part in KEPT.findall(text)}
        or (isinstance(message.id, str) and set(KEPT.findall(said)) != set(KEPT.findall(message.id)))
    ]
    assert broken == []


class _Anything(dict):
    def __missing__(self, name: str) -> int:
        return 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_translation_can_be_filled(language):
    for message in messages(language):
        for said in forms(message.string) if "python-format" in message.flags else ():
            assert said % (_Anything() if "%(" in said else (1,) * len(re.findall("(?<!%)%[sd]", said))), message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_read_what_the_translators_wrote(language):
    """`pybabel compile -d locale -D django` after a change of a .po file."""
    compiled = GNUTranslations(catalogue(language, "mo"))
    assert [message.id for message in messages(language) if read(compiled, message) != forms(message.string)[0]] == []


def read(compiled: GNUTranslations, message: Message) -> str:
    """What a page reads for one of it."""
    one, *more = forms(message.id)
    if message.context:
        return compiled.npgettext(message.context, one, *more, 1) if more else compiled.pgettext(message.context, one)
    return compiled.ngettext(one, *more, 1) if more else compiled.gettext(one)
