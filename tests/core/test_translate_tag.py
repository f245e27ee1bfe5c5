"""The remembered words are those of Django's own tag, in each language."""

import pytest
from django.template import Context, Template
from django.utils.translation import override

WRITTEN = [
    '{% translate "Search" %}',
    "{% translate 'Search' %}",
    '{% translate "Search & <b>find</b>" %}',
    '{% translate "100%% sure" %}',
    '{% translate "Search"|upper %}',
    "{% translate word %}",
    '{% translate "Search" noop %}',
    '{% translate "May" context "abbrev. month" %}',
    '{% translate "Search" as found %}[{{ found }}]',
]


@pytest.mark.parametrize("written", WRITTEN)
def test_the_same_words_as_before(written):
    djangos, ours = (Template("{% load " + libraries + " %}" + written) for libraries in ("i18n", "i18n tw"))
    for language in ("en", "fa", "th", "en", "fa"):
        with override(language):
            assert ours.render(Context({"word": "Search <i>"})) == djangos.render(Context({"word": "Search <i>"}))


def test_the_language_of_the_reader_not_of_the_first_reader():
    template = Template('{% load i18n tw %}{% translate "Search" %}')
    said = []
    for language in ("en", "fa", "en"):
        with override(language):
            said.append(template.render(Context()))

    assert said[0] == said[2] == "Search" != said[1]
