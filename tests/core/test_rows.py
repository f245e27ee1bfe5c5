"""Rows filled into the forms of their fragment: what a reader gets is what Django's own include would have given."""

from typing import NamedTuple

import pytest
from django.conf import settings as ours
from django.template import engines
from django.test import override_settings
from django.utils import translation
from django.utils.safestring import SafeString

from apps.core.rows import _form, filled

FRAGMENT = """{% load i18n tw %}<li{% if line.late %} class="late"{% endif %}>{{ line.name }}: {{ line.sku|ident }} 100%
{% if line.note %}<i title="{{ line.note }}">
{% blocktranslate with name=line.note|bdi %}Close {{ name }}{% endblocktranslate %}</i>{% endif %}
{% if url %}<a href="{{ url }}">{% translate "Close" %}</a>{% endif %}</li>"""
LOOKS_IN = "{{ line.name.first }}"
LOADER = "django.template.loaders.locmem.Loader"


class Line(NamedTuple):
    name: str
    sku: str
    note: str = ""
    late: bool = False


LINES = [
    Line("Bolt", "BLT-1"),
    Line("Bolt & nut", "BLT<2>", note='5" 50% %s', late=True),
    Line("Nut", "NUT-1", note=SafeString("<b>two</b>")),
    Line("Glove", "GLV"),
]


@pytest.fixture(autouse=True)
def fragments():
    mine = {"line.html": FRAGMENT, "looks_in.html": LOOKS_IN}
    options = {**ours.TEMPLATES[0]["OPTIONS"], "loaders": [(LOADER, mine)]}
    engine = {**ours.TEMPLATES[0], "DIRS": [], "APP_DIRS": False, "OPTIONS": options}
    _form.cache_clear()
    with override_settings(TEMPLATES=[engine]):
        yield
    _form.cache_clear()


def included(lines, **page) -> str:
    """What the fragment says when Django includes it for each line."""
    source = '{% for line in lines %}{% include "line.html" %}{% endfor %}'
    return engines["django"].from_string(source).render({"lines": lines, **page})


@pytest.mark.parametrize("page", [{"url": ""}, {"url": "/cart/?a=1&b=2"}])
def test_rows_say_what_an_include_says(page):
    assert filled("line.html", "line", LINES, page) == included(LINES, **page)


def test_what_was_typed_stays_text():
    typed = [Line("<script>", "\ue0000\ue001", note="%(x)s {{ line.sku }}")]

    assert filled("line.html", "line", typed, {"url": ""}) == included(typed, url="")
    assert "<script>" not in filled("line.html", "line", typed, {"url": ""})


def test_a_shape_is_rendered_once_and_keeps_nobodys_words():
    filled("line.html", "line", LINES * 50, {"url": "/a/"})

    assert _form.cache_info().misses == 3  # plain, with a note, late with a note
    assert "/b/" in filled("line.html", "line", LINES, {"url": "/b/"})
    assert "/a/" not in filled("line.html", "line", LINES, {"url": "/b/"})


def test_each_language_has_forms_of_its_own():
    for language in ("en", "th", "en"):
        with translation.override(language):
            assert filled("line.html", "line", LINES, {"url": "/"}) == included(LINES, url="/")


def test_a_fragment_that_looks_into_words_is_refused():
    with pytest.raises(ValueError, match="Make it a field of the row"):
        filled("looks_in.html", "line", LINES, {})
