"""From what an article says to the facts it wants in the catalogue.

1. A field that is not in the file, or empty in this row, is not wanted: the catalogue keeps what it has.
2. Of several prices those in the list's currency count; of several kinds the one the profile names, else list prices,
   else the first. A price for 100 units is divided by 100, half up to four places.
3. The first thing that cannot be read with certainty puts the row into quarantine.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from apps.catalogue.selectors import plain
from apps.integrations.catalogue_import.articles import Article, SaidPrice
from apps.integrations.catalogue_import.features import Attributes
from apps.integrations.catalogue_import.values import READERS, Reason, read_gtin, read_text
from apps.integrations.imports.values import Quarantined, read_decimal

_LIST_FIRST = ("net_list", "gros_list", "net_customer")
_MOST, _ONE = Decimal(10) ** 9, Decimal(1)
RELATIONS = ("substitute", "accessory", "service", "successor")


@dataclass(frozen=True)
class Manner:
    """How a profile wants files read."""

    decimal_mark: str = ""
    currency: str = ""  # of the price list; empty takes no prices
    price_type: str = ""
    category: str = ""


def sku_of(article: Article) -> str:
    """The SKU; a row without one, or with one too long to keep, is quarantined."""
    sku = " ".join(read_text(article.texts.get("sku", "")).split())
    if not sku:
        raise Quarantined(Reason.NO_SKU, _("The row names no SKU."))
    if len(sku) > 40:
        raise Quarantined(Reason.TOO_LONG, _("The SKU has more than 40 characters."))
    return sku


def wanted_facts(article: Article, attributes: Attributes, manner: Manner) -> tuple[dict[str, object], str]:
    """The facts an article wants, and what was left out of it; raises `Quarantined`."""
    mark, facts = manner.decimal_mark, {}
    for name, text in article.texts.items():
        if (reader := READERS.get(name)) and (text.isalnum() or read_text(text)):
            facts[name] = reader(text, mark, name)
    properties, left_out = attributes.facts(article.features, mark)
    facts |= properties
    facts |= {f"classifications.{system[:40]}": code[:60] for system, code in article.classifications.items() if code}
    facts |= _translations(article)
    if prices := _prices(article.prices, manner):
        facts["prices"] = prices
    if article.packaging:
        facts["packaging"] = _packaging(article, mark)
    if article.codes:
        facts["codes"] = sorted([kind, code[:60]] for kind, code in dict.fromkeys(article.codes) if code.strip())
    if article.relations is not None:
        facts["relations"] = sorted(map(list, {pair for pair in article.relations if pair[0] in RELATIONS}))
    return facts, " ".join(left_out)[:300]


def _translations(article: Article) -> dict[str, list[str]]:
    """`texts.LANGUAGE` -> [name, description] in other languages than the profile's; one without a name is none."""
    said = {language: [read_text(text) for text in texts] for language, texts in article.translations.items()}
    return {f"texts.{language}": [name[:200], text] for language, (name, text) in said.items() if name}


def _prices(said: list[SaidPrice], manner: Manner) -> list[list]:
    """[[from quantity, unit price as text], ...], lowest quantity first."""
    if not manner.currency:
        return []
    fitting = [p for p in said if p.amount.strip() and p.currency.strip().upper() in ("", manner.currency)]
    if not fitting:
        return []
    kind = next((k for k in (manner.price_type, *_LIST_FIRST) if any(p.kind == k for p in fitting)), fitting[0].kind)
    breaks = {}
    for price in fitting:
        if price.kind == kind:
            breaks[_quantity(price, manner.decimal_mark)] = _unit_price(price, manner.decimal_mark)
    return [[quantity, breaks[quantity]] for quantity in sorted(breaks)]


def _quantity(price: SaidPrice, mark: str) -> int:
    number = read_decimal(price.from_quantity, mark) if price.from_quantity.strip() else Decimal(1)
    if number is None or not 0 <= number <= 9_999_999:
        raise Quarantined(Reason.BAD_PRICE, _("From “%(text)s” is no quantity.") % {"text": price.from_quantity[:40]})
    return max(1, int(number.to_integral_value(ROUND_HALF_UP)))


def _unit_price(price: SaidPrice, mark: str) -> str:
    more = (price.factor.strip(), price.per.strip())
    parts = [read_decimal(price.amount, mark), *(read_decimal(text, mark) if text else _ONE for text in more)]
    if None in parts or not 0 <= parts[0] <= _MOST or parts[1] <= 0 or parts[2] <= 0:
        said = {"amount": price.amount[:40], "per": price.per or 1}
        raise Quarantined(Reason.BAD_PRICE, _("“%(amount)s” for %(per)s is no price.") % said)
    amount, factor, per = parts
    return plain((amount * factor / per).quantize(Decimal("0.0001"), ROUND_HALF_UP))


def _packaging(article: Article, mark: str) -> list[list]:
    """[[base units, name, GTIN], ...], smallest first; a pack of one is no packaging."""
    found = {}
    for units, name, gtin in article.packaging:
        number = read_decimal(units, mark)
        if number is None or number != number.to_integral_value() or not 1 <= number <= 9_999_999:
            raise Quarantined(
                Reason.BAD_NUMBER, _("“%(text)s” is no number of units in a pack.") % {"text": units[:40]}
            )
        if number > 1:
            found[int(number)] = [int(number), name[:40], read_gtin(gtin, mark, "gtin") if gtin else ""]
    return [found[units] for units in sorted(found)]
