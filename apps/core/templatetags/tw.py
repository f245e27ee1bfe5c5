"""Filters and tags of the pages: figures and dates in the reader's language, identifiers that survive right-to-left
text, icons. What is written into HTML is isolated by <bdi>; the names in `_text` give the bare words for attributes and
plain-text mail. None becomes nothing.
"""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.i18n import TranslateNode, do_translate
from django.utils import timezone
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from lucide import IconDoesNotExist
from lucide.templatetags.lucide import lucide

from apps.core import formatting
from apps.core.rows import filled

register = template.Library()

LONGEST_ON_ONE_LINE = 24

MIRRORED = frozenset(
    (
        *("arrow-left", "arrow-right", "chevron-left", "chevron-right", "external-link", "list", "log-in", "log-out"),
        *("corner-down-right", "move-right", "redo", "reply", "send", "text", "undo", "undo-2"),
    )
)


@register.filter
def money(amount, currency: str) -> str:
    """A document's amount: `{{ order.total|money:order.currency }}`."""
    return "" if amount is None else SafeString(f"<bdi>{formatting.money(amount, currency)}</bdi>")


@register.filter
def about(amount, currency: str) -> str:
    """An amount to two figures, as one says it: `{{ row.this_year|about:"GBP" }}`."""
    return "" if amount is None else SafeString(f"<bdi>{formatting.about_money(amount, currency)}</bdi>")


@register.filter
def money_text(amount, currency: str) -> str:
    """The same without markup."""
    return "" if amount is None else formatting.money(amount, currency)


@register.filter
def unit_price(price, currency: str) -> str:
    """The price of one unit, up to four places where it has them: `{{ line.unit_price|unit_price:"EUR" }}`."""
    return "" if price is None else SafeString(f"<bdi>{formatting.unit_price(price, currency)}</bdi>")


@register.filter
def unit_price_text(price, currency: str) -> str:
    """The same without markup."""
    return "" if price is None else formatting.unit_price(price, currency)


@register.filter
def bdi(words) -> str:
    """Words in the middle of others, isolated: `{% blocktranslate with amount=card.price|bdi %}`."""
    return SafeString(f"<bdi>{conditional_escape(words)}</bdi>")


@register.filter
def number(figure, places: int | None = None) -> str:
    """A plain number: up to three places, or exactly `places`."""
    if figure is None or figure == "":
        return ""
    least, most = (0, 3) if places is None else (places, places)
    return formatting.number_writer(get_language(), least, most).write(figure)


@register.filter
def quantity(figure) -> str:
    """A quantity without needless zeros: 12.000 is "12", 2.500 is "2.5"."""
    return number(figure)


@register.filter
def percent(share, places: int = 0) -> str:
    """A share of one: 0.125 is "13%", with one place "12.5%"."""
    if share is None:
        return ""
    hundredfold = (share if isinstance(share, Decimal) else Decimal(str(share))).scaleb(2)
    return formatting.number_writer(get_language(), places, places, percent=True).write(hundredfold)


@register.filter
def rate(points) -> str:
    """Per cent as stored with a tax or a discount: 20 is "20%", 7.50 is "7.5%"."""
    return "" if points is None else formatting.number_writer(get_language(), 0, 3, percent=True).write(points)


@register.filter
def signed(score) -> str:
    """A score in whole points with its sign: "+30", "−19", "0"."""
    if score is None:
        return ""
    points = round(score)
    text = number(abs(points))
    return f"+{text}" if points > 0 else f"−{text}" if points < 0 else text


@register.filter
def points(figure) -> str:
    """Percentage points to a tenth with their sign: "+3.2", "−0.5", "0.0"."""
    if figure is None:
        return ""
    text = number(abs(figure), 1)
    return f"+{text}" if round(figure, 1) > 0 else f"−{text}" if round(figure, 1) < 0 else text


@register.filter
def plain(figure) -> str:
    """A figure for an attribute (value, step, a coordinate): a point, no grouping, no needless zeros."""
    if figure is None:
        return ""
    text = format(figure, "f") if isinstance(figure, Decimal) else str(figure)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _day(value: date) -> date:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


@register.filter
def short_date(value) -> str:
    """ "3 Dec", with the year where it is not this one; an instant in the reader's time zone."""
    return formatting.short_date(_day(value), get_language(), timezone.localdate().year) if value else ""


@register.filter
def weekday_date(value) -> str:
    """ "Thu, 3 Dec"."""
    return formatting.weekday_date(_day(value), get_language()) if value else ""


@register.filter
def long_date(value) -> str:
    """ "Thursday, 3 December 2026"."""
    return formatting.long_date(_day(value), get_language()) if value else ""


@register.filter
def month(value) -> str:
    """ "December 2026"."""
    return formatting.month(_day(value), get_language()) if value else ""


@register.filter
def date_range(first, last) -> str:
    """ "3–5 Dec 2026": `{{ period.starts_on|date_range:period.ends_on }}`."""
    return formatting.date_range(_day(first), _day(last), get_language()) if first and last else ""


@register.filter
def time_of(at) -> str:
    """ "14:30" in the reader's time zone."""
    return formatting.time_of(timezone.localtime(at), get_language()) if at else ""


@register.filter
def country(code: str) -> str:
    """ "United Kingdom" for GB."""
    return formatting.country_name(code, get_language())


@register.filter
def address(text: str, country: str) -> str:
    """A kept address, a line each, its country by name: `{{ order.ship_to_text|address:order.country }}`."""
    return "\n".join(formatting.address_lines(text, country, get_language()))


@register.filter
def clock(at) -> str:
    """ "14:30" of a time of day, by whichever clock it was said."""
    return formatting.time_of(at, get_language()) if at is not None else ""


@register.filter
def date_and_time(at) -> str:
    """ "3 Dec 2026, 14:30" in the reader's time zone."""
    return formatting.date_and_time(timezone.localtime(at), get_language()) if at else ""


@register.filter
def ago(at) -> str:
    """ "2 hours ago" or "in 3 days", the instant itself as title; beyond four weeks the date."""
    if not at:
        return ""
    span, local = at - timezone.now(), timezone.localtime(at)
    words = short_date(at) if abs(span.days) > 28 else formatting.distance(span, get_language())
    moment = escape(formatting.date_and_time(local, get_language()))
    return SafeString(f'<time datetime="{local.isoformat(timespec="minutes")}" title="{moment}">{escape(words)}</time>')


@register.filter
def ident(code) -> str:
    """A SKU, order number or other identifier, isolated and in figures of one width; on one line unless it is long."""
    if code in (None, ""):
        return ""
    kind = "ident ident-long" if len(str(code)) > LONGEST_ON_ONE_LINE else "ident"
    return SafeString(f'<bdi class="{kind}">{escape(code)}</bdi>')


@register.filter
def after(code, name: str) -> str:
    """An identifier after the name of what it is, unless it begins with that: "PO 4711", and "PO-4711" as it is."""
    return SafeString(f'<bdi class="ident">{escape(formatting.after(code, name))}</bdi>') if code else ""


@lru_cache(maxsize=512)
def svg(name: str) -> SafeString:
    """The lucide icon `name` for inlining, hidden from screen readers; arrows turn round in right-to-left pages."""
    drawing = "".join(line.strip() for line in lucide(name).partition(">")[2].splitlines())
    kind = "icon icon-mirrored" if name in MIRRORED else "icon"
    return mark_safe(f'<svg class="{kind}" width="20" height="20" viewBox="0 0 24 24" aria-hidden="true">{drawing}')


class IconNode(template.Node):
    def __init__(self, name: template.base.FilterExpression):
        self.name = name

    def render(self, context):
        try:
            return svg(self.name.resolve(context))
        except (IconDoesNotExist, TypeError, AttributeError):
            return ""  # an icon is an ornament: data that names none costs no page


@register.tag
def icon(parser, token):
    """`{% icon "truck" %}` is drawn when the template is read, where a wrong name fails; `{% icon entry.icon %}` each
    time it is rendered."""
    _, _, name = token.contents.partition(" ")
    if name[:1] in "\"'" and name:
        try:
            return template.base.TextNode(svg(name.strip("\"'")))
        except IconDoesNotExist as error:
            raise template.TemplateSyntaxError(str(error)) from error
    return IconNode(parser.compile_filter(name))


class Words(template.Node):
    """A constant text, looked up once a language and not again on each of 24 cards."""

    def __init__(self, node: TranslateNode):
        self.node, self.said = node, {}

    def render(self, context):
        language = get_language()
        words = self.said.get(language)
        if words is None:
            words = self.said[language] = self.node.render(context)
        return words


@register.tag
def translate(parser, token):
    """Django's own `translate`, remembering the words of a constant text. Load this library after `i18n`."""
    node = do_translate(parser, token)
    expression = node.filter_expression
    literal = isinstance(expression.var, template.Variable) and isinstance(expression.var.literal, str)
    plain = literal and not (expression.filters or node.asvar or node.noop or node.message_context)
    return Words(node) if plain else node


@lru_cache(maxsize=1024)
def _rendered(name: str, language: str | None, values: tuple[tuple[str, str], ...]) -> SafeString:
    return SafeString(render_to_string(name, dict(values)))


@register.simple_tag
def fixed(name: str, **values: str) -> SafeString:
    """`{% fixed "components/_nav.html" section=section %}`: a fragment that depends on nothing but the language and
    a few known words, rendered once and kept. Nothing that a reader typed, owns or may see belongs in `values`."""
    render = _rendered.__wrapped__ if settings.DEBUG else _rendered
    return render(name, get_language(), tuple(sorted(values.items())))


@register.simple_tag
def rows(name: str, **given) -> SafeString:
    """`{% rows "components/_product_card.html" card=cards add_url=add_url %}`: the fragment for each of the cards,
    which it knows as `card`; what follows are words that it knows as well. It knows nothing else (see `core.rows`)."""
    (row, entries), *words = given.items()
    return filled(name, row, entries, dict(words))


@register.simple_tag(takes_context=True)
def qs_toggle(context, name: str, value) -> str:
    """The page's query string with `value` of parameter `name` added or taken away, and paging back at the start."""
    query = context["request"].GET.copy()
    values = query.getlist(name)
    query.setlist(
        name, [kept for kept in values if kept != str(value)] if str(value) in values else [*values, str(value)]
    )
    for paging in ("after", "before", "page"):
        query.pop(paging, None)
    return f"?{query.urlencode()}"
