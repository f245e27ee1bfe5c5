"""The filters and tags as pages use them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils import timezone, translation

from apps.core.templatetags import tw


def page(source: str, **context) -> str:
    return Template("{% load tw %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("source", "value", "html"),
    [
        ('{{ x|money:"GBP" }}', Decimal("1234.5"), "<bdi>£1,234.50</bdi>"),
        ('{{ x|money_text:"GBP" }}', Decimal("1234.5"), "£1,234.50"),
        ('{{ x|unit_price:"GBP" }}', Decimal("0.0475"), "<bdi>£0.0475</bdi>"),
        ('{{ x|unit_price_text:"GBP" }}', Decimal("0.0475"), "£0.0475"),
        ("{{ x|quantity }}", Decimal("12.000"), "12"),
        ("{{ x|quantity }}", Decimal("2.500"), "2.5"),
        ("{{ x|number }}", 1240, "1,240"),
        ("{{ x|number:1 }}", Decimal("3.25"), "3.3"),
        ("{{ x|percent }}", Decimal("0.125"), "13%"),
        ("{{ x|percent:1 }}", 0.125, "12.5%"),
        ("{{ x|rate }}", Decimal("20.00"), "20%"),
        ("{{ x|signed }}", 30, "+30"),
        ("{{ x|signed }}", -19, "−19"),
        ("{{ x|signed }}", 0, "0"),
        ("{{ x|signed }}", 27.027, "+27"),
        ("{{ x|signed }}", -0.3, "0"),
        ("{{ x|plain }}", Decimal("1200.500"), "1200.5"),
        ("{{ x|plain }}", 1200, "1200"),
        ("{{ x|ident }}", "6204-2RS<C3>", '<bdi class="ident">6204-2RS&lt;C3&gt;</bdi>'),
    ],
)
def test_figures(source, value, html):
    assert page(source, x=value) == html


@pytest.mark.parametrize(
    "name",
    [
        'money:"EUR"',
        'unit_price:"EUR"',
        "number",
        "quantity",
        "percent",
        "rate",
        "signed",
        "plain",
        "short_date",
        "long_date",
        "month",
        "time_of",
        "ago",
        "ident",
    ],
)
def test_nothing_stays_nothing(name):
    assert page("{{ x|" + name + " }}", x=None) == ""


def test_figures_for_attributes_are_the_same_in_every_language():
    with translation.override("de"):
        assert page("{{ x|plain }} {{ x|quantity }}", x=Decimal("1200.500")) == "1200.5 1.200,5"


def test_instants_are_shown_in_the_readers_zone():
    at = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
    with timezone.override("Europe/Berlin"):
        assert page("{{ at|time_of }}, {{ at|long_date }}", at=at) == "00:30, Wednesday, 1 July 2026"


@pytest.mark.parametrize(("hours", "words"), [(-2, "2 hours ago"), (71, "in 3 days")])
def test_ago_keeps_the_instant_beside_the_words(hours, words):
    html = page("{{ at|ago }}", at=timezone.now() + timedelta(hours=hours))
    assert html.startswith('<time datetime="')
    assert f">{words}</time>" in html


def test_long_ago_is_a_date():
    assert "2019</time>" in page("{{ at|ago }}", at=datetime(2019, 5, 3, tzinfo=UTC))


def test_icons_are_inlined_and_arrows_turn_with_the_page():
    assert page('{% icon "truck" %}').startswith('<svg class="icon" width="20"')
    assert 'class="icon icon-mirrored"' in page('{% icon "arrow-right" %}')
    assert page("{% icon name %}", name="truck") == page('{% icon "truck" %}')


def test_a_mistyped_icon_fails_when_the_template_is_read_and_costs_no_page_when_data_names_it():
    with pytest.raises(TemplateSyntaxError):
        page('{% icon "trukc" %}')
    assert page("{% icon name %}", name="trukc") == ""


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?q=bolt&brand=a&after=xyz", "?q=bolt&amp;brand=a&amp;brand=b"),
        ("?brand=a&brand=b&page=3", "?brand=a"),
        ("", "?brand=b"),
    ],
)
def test_a_filter_is_added_or_taken_away_and_paging_starts_again(query, expected):
    request = RequestFactory().get("/" + query)
    assert page('{% qs_toggle "brand" "b" %}', request=request) == expected


def test_a_fixed_fragment_is_rendered_once_for_each_language(settings):
    settings.DEBUG = False
    tw._rendered.cache_clear()
    for language in ("en", "de", "en", "de"):
        with translation.override(language):
            assert "Tradewell" in page('{% fixed "components/_nav_head.html" %}')
    assert (tw._rendered.cache_info().misses, tw._rendered.cache_info().hits) == (2, 2)
