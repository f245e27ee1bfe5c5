"""Figures and dates as Babel writes them, many times faster, rounded half up."""

from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from babel.numbers import format_currency, format_decimal, format_percent
from hypothesis import given
from hypothesis import strategies as st

from apps.core import formatting

LANGUAGES = (
    "en",
    "de",
    "fr",
    "es",
    "it",
    "nl",
    "pl",
    "pt-br",
    "sv",
    "tr",
    "ar",
    "he",
    "fa",
    "hi",
    "th",
    "ja",
    "ko",
    "zh-hans",
    "de-ch",
)
AMOUNTS = st.decimals(min_value=-(10**12), max_value=10**12, places=4, allow_nan=False, allow_infinity=False)


@given(
    amount=AMOUNTS,
    language=st.sampled_from(LANGUAGES),
    currency=st.sampled_from(("EUR", "GBP", "USD", "CHF", "JPY", "KWD")),
)
def test_money_is_what_babel_writes(amount, language, currency):
    places = {"JPY": 0, "KWD": 3}.get(currency, 2)
    rounded = amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    babel = format_currency(rounded, currency, locale=formatting.locale_of(language))
    assert formatting.money_writer(language, currency).write(amount) == babel


@given(figure=AMOUNTS, language=st.sampled_from(LANGUAGES))
def test_numbers_are_what_babel_writes(figure, language):
    rounded = figure.quantize(Decimal("0.001"), ROUND_HALF_UP)
    assert formatting.number_writer(language).write(figure) == format_decimal(
        rounded, locale=formatting.locale_of(language)
    )


@given(points=st.decimals(min_value=-1000, max_value=1000, places=1), language=st.sampled_from(LANGUAGES))
def test_percentages_are_what_babel_writes(points, language):
    locale = formatting.locale_of(language)
    pattern = locale.percent_formats[None].pattern.replace("#,##0", "#,##0.0")
    babel = format_percent(points / 100, format=pattern, locale=locale)
    assert formatting.number_writer(language, 1, 1, percent=True).write(points) == babel


@pytest.mark.parametrize(
    ("price", "currency", "words"),
    [
        ("12.5000", "EUR", "€12.50"),
        ("0.0475", "EUR", "€0.0475"),
        ("0.0430", "EUR", "€0.043"),
        ("1250.0000", "GBP", "£1,250.00"),
        ("-3.1000", "GBP", "-£3.10"),
        ("0.00005", "GBP", "£0.0001"),
        ("1200.0000", "JPY", "JP¥1,200"),
        ("0.5000", "JPY", "JP¥0.5"),
    ],
)
def test_unit_prices_show_as_many_places_as_they_have(price, currency, words):
    assert formatting.unit_price_writer("en", currency).write(Decimal(price)) == words


@pytest.mark.parametrize(
    ("amount", "words"), [("0.005", "£0.01"), ("-0.005", "-£0.01"), ("2.675", "£2.68"), ("-0.004", "-£0.00")]
)
def test_halves_go_up(amount, words):
    assert formatting.money_writer("en", "GBP").write(Decimal(amount)) == words


def test_whole_numbers_need_no_decimal():
    assert formatting.number_writer("en").write(1_240) == "1,240"


def test_a_language_babel_does_not_know_reads_english():
    assert str(formatting.locale_of("tlh")) == "en_GB"


CHRISTMAS = date(2026, 12, 24)


@pytest.mark.parametrize(
    ("language", "short", "long"),
    [
        ("en", "24 Dec", "Thursday, 24 December 2026"),
        ("de", "24. Dez.", "Donnerstag, 24. Dezember 2026"),
        ("ja", "12月24日", "2026年12月24日木曜日"),
    ],
)
def test_dates_in_each_language(language, short, long):
    assert formatting.short_date(CHRISTMAS, language, 2026) == short
    assert formatting.long_date(CHRISTMAS, language) == long


def test_a_date_of_another_year_names_it():
    assert formatting.short_date(CHRISTMAS, "en", 2027) == "24 Dec 2026"


def test_a_range_of_dates_says_the_month_once():
    assert formatting.date_range(date(2026, 12, 3), date(2026, 12, 5), "en") == "3–5 Dec 2026"


def test_instants_keep_the_zone_they_are_given_in():
    at = datetime(2026, 12, 3, 14, 30, tzinfo=UTC)
    assert formatting.time_of(at, "en") == "14:30"
    assert formatting.date_and_time(at, "en") == "3 Dec 2026, 14:30"


def test_distance_says_which_way():
    assert formatting.distance(timedelta(hours=-2), "en") == "2 hours ago"
    assert formatting.distance(timedelta(days=3), "de") == "in 3 Tagen"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("4711", "PO 4711"),
        ("PO-4711", "PO-4711"),
        ("po 4711", "po 4711"),
        ("PO4711", "PO4711"),
        ("POLE 3", "PO POLE 3"),
    ],
)
def test_an_identifier_is_named_once(code, words):
    assert formatting.after(code, "PO") == words


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "late, incomplete and damaged"),
        ("ko", "late, incomplete 및 damaged"),
        ("xx", "late, incomplete and damaged"),
    ],
)
def test_several_words_are_said_as_the_language_says_them(language, said):
    assert formatting.listed(["late", "incomplete", "damaged"], language) == said


@pytest.mark.parametrize(
    ("text", "country", "language", "last"),
    [
        ("Calder\nMill Lane 1\nYO1 7HH York\nGB", "GB", "en", "United Kingdom"),
        ("Calder\nMill Lane 1\nYO1 7HH York\nGB", "GB", "de", "Vereinigtes Königreich"),
        ("Calder\nMill Lane 1\nYO1 7HH York\nGB", "GB", "fa", "بریتانیا"),
        ("Calder\nMill Lane 1\nYork", "GB", "en", "York"),
        ("Calder\nMill Lane 1\nYork\nZZ", "ZZ", "en", "Unknown Region"),
        ("Calder\nMill Lane 1\nYork\nQQ", "QQ", "en", "QQ"),
    ],
)
def test_an_address_names_its_country(text, country, language, last):
    assert formatting.address_lines(text, country, language)[-1] == last


def test_only_the_line_of_the_country_is_named():
    assert formatting.address_lines("GB\n GB \n\nYork\nGB\nGB", "GB", "en") == [
        "GB",
        "GB",
        "York",
        "United Kingdom",
        "GB",
    ]
    assert formatting.address_lines("", "", "en") == []


@pytest.mark.parametrize(
    "amount, said",
    [("12438.20", "£12,000"), ("98760", "£99,000"), ("99600", "£100,000"), ("7.4", "£7"), ("0", "£0"), ("45", "£45")],
)
def test_an_amount_as_one_says_it(amount, said):
    assert formatting.about_money(Decimal(amount), "GBP") == said
