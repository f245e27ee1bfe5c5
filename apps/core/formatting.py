"""Money, numbers and dates in the reader's language.

Babel knows how each language writes them, but takes 20 microseconds and more to say it; a page writes hundreds. So:

1. For each language and currency, Babel is asked once how it writes two known figures, one positive and one negative.
2. From its answer come what stands before and after the digits, the grouping mark and the decimal mark.
3. Where digits are grouped by threes, figures are then written directly; any other language keeps going through Babel.

Both ways give the same text. Rounding is half up, as everywhere in the house.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_interval, format_skeleton, format_time, format_timedelta
from babel.lists import format_list
from babel.numbers import NumberPattern, parse_pattern
from django.utils import timezone
from django.utils.translation import get_language, to_locale

from apps.core.money import step

Figure = Decimal | int
_PROBE = Decimal("1234567.25")
_UNIT_PLACES = 4
_QUANTITY_PLACES = 3
_STEPS = tuple(Decimal(1).scaleb(-places) for places in range(7))
_SPELLED = {"en": "en_GB"}  # English without a country: the day before the month, the clock to 24 hours


@lru_cache(maxsize=256)
def locale_of(language: str | None) -> Locale:
    """Babel's locale of a Django language code; British English where Babel does not know it."""
    try:
        return Locale.parse(_SPELLED.get(language or "en") or to_locale(language or "en"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_GB")


def listed(words: Sequence[str], language: str | None) -> str:
    """Several words as one says them: "late, incomplete and damaged"."""
    return format_list(words, locale=locale_of(language))


class Writer:
    """Writes figures of one kind (a currency, or plain numbers) in one locale, `least` to `most` decimal places."""

    def __init__(self, locale: Locale, pattern: NumberPattern, currency: str | None, least: int, most: int):
        self.locale, self.currency, self.least = locale, currency, least
        self.step = _STEPS[most]
        self.droppable = most - least
        self.pattern = parse_pattern(pattern.pattern)
        self.pattern.frac_prec = (least, most)
        self._learn(pattern)

    def _learn(self, pattern: NumberPattern) -> None:
        probe = parse_pattern(pattern.pattern)
        probe.frac_prec = (2, 2)
        plus, minus = (self._apply(probe, figure) for figure in (_PROBE, -_PROBE))
        self.before, digits, self.after = _around_digits(plus)
        self.before_minus, _, self.after_minus = _around_digits(minus)
        mark, point = digits[1], digits[-3]
        self.direct = digits == f"1{mark}234{mark}567{point}25"
        self.marks = None if (mark, point) == (",", ".") else str.maketrans({",": mark, ".": point})

    def _apply(self, pattern: NumberPattern, figure: Decimal) -> str:
        return pattern.apply(figure, self.locale, currency=self.currency, currency_digits=False)

    def write(self, figure: Figure) -> str:
        """The text of `figure`, rounded half up to the most places, without needless zeros beyond the least."""
        figure = (figure if type(figure) is Decimal else Decimal(figure)).quantize(self.step, ROUND_HALF_UP)
        if not self.direct:
            return self._apply(self.pattern, figure)
        text = format(figure, ",f")
        if self.droppable:
            text = _without_zeros(text, self.droppable)
        if negative := text[0] == "-":
            text = text[1:]
        if self.marks:
            text = text.translate(self.marks)
        return self.before_minus + text + self.after_minus if negative else self.before + text + self.after


def _around_digits(text: str) -> tuple[str, str, str]:
    places = [index for index, char in enumerate(text) if char.isdigit()]
    first, last = places[0], places[-1] + 1
    return text[:first], text[first:last], text[last:]


def _without_zeros(text: str, droppable: int) -> str:
    for _ in range(droppable):
        if text[-1] != "0":
            return text
        text = text[:-1]
    return text[:-1] if text[-1] == "." else text


@lru_cache(maxsize=1024)
def money_writer(language: str | None, currency: str) -> Writer:
    """Amounts of a document: exactly the places of the currency."""
    places = -step(currency).as_tuple().exponent
    locale = locale_of(language)
    return Writer(locale, locale.currency_formats["standard"], currency, places, places)


@lru_cache(maxsize=1024)
def whole_money_writer(language: str | None, currency: str) -> Writer:
    """Amounts without their pence."""
    locale = locale_of(language)
    return Writer(locale, locale.currency_formats["standard"], currency, 0, 0)


@lru_cache(maxsize=1024)
def unit_price_writer(language: str | None, currency: str) -> Writer:
    """Prices of one unit: the places of the currency, and up to four where the price has them."""
    places = -step(currency).as_tuple().exponent
    locale = locale_of(language)
    return Writer(locale, locale.currency_formats["standard"], currency, places, _UNIT_PLACES)


@lru_cache(maxsize=1024)
def number_writer(language: str | None, least: int = 0, most: int = _QUANTITY_PLACES, percent: bool = False) -> Writer:
    """Plain numbers with `least` to `most` (at most 6) places; with `percent`, 12.5 is written "12.5%"."""
    locale = locale_of(language)
    if percent:
        return _PercentWriter(locale, locale.percent_formats[None], None, least, most)
    return Writer(locale, locale.decimal_formats[None], None, least, most)


class _PercentWriter(Writer):
    """Babel multiplies a percentage by a hundred; the figures here are per cent already."""

    def _apply(self, pattern: NumberPattern, figure: Decimal) -> str:
        return super()._apply(pattern, figure.scaleb(-2))


def money(amount: Figure, currency: str) -> str:
    """`amount` as "€1,234.50" in the language of the request."""
    return money_writer(get_language(), currency).write(amount)


def about_money(amount: Decimal, currency: str) -> str:
    """`amount` to two figures, as one says it, in the language of the request: 12,438.20 is "€12,000"."""
    step_of_two = Decimal(1).scaleb(max(amount.adjusted() - 1, 0)) if amount else Decimal(1)
    rounded = (amount / step_of_two).quantize(Decimal(1), ROUND_HALF_UP) * step_of_two
    return whole_money_writer(get_language(), currency).write(rounded)


def unit_price(price: Figure, currency: str) -> str:
    """`price` as "€0.0475" or "€12.50" in the language of the request."""
    return unit_price_writer(get_language(), currency).write(price)


class Words:
    """Figures and dates of a list in the language of the request, which is asked for once and not for each line."""

    def __init__(self):
        self.language = get_language()
        self.this_year = timezone.localdate().year
        self.number = number_writer(self.language).write

    def money(self, amount: Figure, currency: str) -> str:
        return money_writer(self.language, currency).write(amount)

    def unit_price(self, price: Figure, currency: str) -> str:
        return unit_price_writer(self.language, currency).write(price)

    def short_date(self, on: date) -> str:
        return short_date(on, self.language, self.this_year)


@lru_cache(maxsize=4096)
def short_date(on: date, language: str | None, this_year: int) -> str:
    """ "3 Dec", with the year where it is not this one."""
    return format_skeleton("MMMd" if on.year == this_year else "yMMMd", on, locale=locale_of(language))


@lru_cache(maxsize=4096)
def weekday_date(on: date, language: str | None) -> str:
    """ "Thu, 3 Dec": of the weeks to come, in little room."""
    return format_skeleton("MMMEd", on, locale=locale_of(language))


@lru_cache(maxsize=4096)
def long_date(on: date, language: str | None) -> str:
    """ "Thursday, 3 December 2026"."""
    return format_date(on, "full", locale=locale_of(language))


@lru_cache(maxsize=4096)
def month(on: date, language: str | None) -> str:
    """ "December 2026"."""
    return format_skeleton("yMMMM", on, locale=locale_of(language))


@lru_cache(maxsize=4096)
def date_range(first: date, last: date, language: str | None) -> str:
    """ "3–5 Dec 2026"; one date where both are the same."""
    return format_interval(first, last, "yMMMd", locale=locale_of(language))


def time_of(at: datetime, language: str | None) -> str:
    """ "14:30", in the time zone `at` is in."""
    return format_time(at, "short", tzinfo=at.tzinfo, locale=locale_of(language))


def date_and_time(at: datetime, language: str | None) -> str:
    """ "3 Dec 2026, 14:30", in the time zone `at` is in."""
    locale = locale_of(language)
    day = format_date(at, "medium", locale=locale)
    return locale.datetime_formats["medium"].format(time_of(at, language), day)


def distance(span: timedelta, language: str | None) -> str:
    """ "2 hours ago" for a negative span, "in 3 days" for a positive one."""
    return format_timedelta(span, add_direction=True, locale=locale_of(language))


def country_name(code: str, language: str | None) -> str:
    """A country (ISO 3166-1 code) as the reader calls it; the code where nobody has a name for it."""
    return locale_of(language).territories.get(code, code)


def address_lines(text: str, country: str, language: str | None) -> list[str]:
    """An address as it was kept, a line each, with its country by name.

    It was kept with the code of its country on a line of its own, below who and where: the code reads the same to the
    post and to machines whatever the language.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    at = next((at for at, line in enumerate(lines) if at > 1 and line == country), None)
    if country and at is not None:
        lines[at] = country_name(country, language)
    return lines


def after(code: str, name: str) -> str:
    """An identifier after its name, once: "4711" is "PO 4711" and "PO-4711" stays as it is, while "POLE 3" gets one."""
    begins = code[: len(name)].casefold() == name.casefold() and not code[len(name) : len(name) + 1].isalpha()
    return code if begins else f"{name} {code}"
