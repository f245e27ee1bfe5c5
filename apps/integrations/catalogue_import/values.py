"""One text of a file as the fact it means, read strictly: what can be read in two ways is refused."""

import html
import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal

from django.utils.translation import gettext as _
from stdnum import ean

from apps.catalogue.selectors import plain
from apps.core.text import folded
from apps.integrations.catalogue_import.units import house_unit
from apps.integrations.imports.values import Quarantined, read_decimal, yes_or_no
from apps.integrations.models import CatalogueImportRow

Reason = CatalogueImportRow.Reason
_NOTHING = {"", "-", "–", "—"}
_TAG = re.compile(
    r"</?(?:b|i|u|br|p|ul|ol|li|strong|em|sub|sup|span|div|table|tbody|tr|td|th|h[1-6]|font|a)\b[^<>]*>", re.IGNORECASE
)
_BREAK = re.compile(r"<(?:br|/p|/li|/tr|/div|/h[1-6])\b[^<>]*>", re.IGNORECASE)


def read_text(text: str) -> str:
    """Text without mark-up and control characters, lines kept; a lone dash says nothing."""
    if text.isprintable() and "<" not in text and "&" not in text:  # as nearly all of a million rows
        kept = " ".join(text.split())
        return "" if kept in _NOTHING else kept
    text = html.unescape(_TAG.sub("", _BREAK.sub("\n", text))) if "<" in text or "&" in text else text
    lines = (" ".join("".join(map(_shown, line)).split()) for line in text.splitlines())
    kept = "\n".join(lines).strip()
    return "" if kept in _NOTHING else kept


def _shown(ch: str) -> str:
    """A character as it stands (² stays ²), a space for one that controls, nothing for one that turns direction."""
    if ch.isprintable() or ch in "\u200c\u200d":
        return ch
    return " " if unicodedata.category(ch) in ("Cc", "Zs") else ""


def number_of(text: str, mark: str, name: str, *, most: int, whole: bool = False, least: int = 0) -> Decimal:
    """A number within bounds; `name` is the field as a complaint calls it."""
    number = read_decimal(text, mark)
    if number is None or not least <= number <= most or (whole and number != number.to_integral_value()):
        kind = _("a whole number") if whole else _("a number")
        said = {"name": name, "text": text[:60], "kind": kind, "least": least, "most": f"{most:,}"}
        raise Quarantined(
            Reason.BAD_NUMBER, _("%(name)s: “%(text)s” is not %(kind)s from %(least)s to %(most)s.") % said
        )
    return number


def _short(width: int) -> Callable[[str, str, str], object]:
    def read(text: str, mark: str, name: str) -> str:
        value = " ".join(read_text(text).split())
        if len(value) > width:
            said = {"name": name, "length": len(value), "width": width}
            raise Quarantined(Reason.TOO_LONG, _("%(name)s has %(length)s characters; %(width)s can be kept.") % said)
        return value

    return read


def _whole(least: int, most: int) -> Callable[[str, str, str], object]:
    return lambda text, mark, name: int(number_of(text, mark, name, least=least, most=most, whole=True))


def _decimal(most: int, places: int) -> Callable[[str, str, str], object]:
    return lambda text, mark, name: plain(round(number_of(text, mark, name, most=most), places))


def _one_of(*allowed: str) -> Callable[[str, str, str], object]:
    def read(text: str, mark: str, name: str) -> str:
        if (value := text.strip().casefold()) not in allowed:
            said = {"name": name, "text": text[:60], "allowed": ", ".join(allowed)}
            raise Quarantined(Reason.BAD_VALUE, _("%(name)s: “%(text)s” is none of %(allowed)s.") % said)
        return value

    return read


def _yes_or_no(text: str, mark: str, name: str) -> bool:
    said = yes_or_no(text)
    if said is None:
        raise Quarantined(
            Reason.BAD_VALUE, _("%(name)s: “%(text)s” is neither yes nor no.") % {"name": name, "text": text[:60]}
        )
    return said


def read_unit(text: str, mark: str, name: str) -> str:
    unit = house_unit(text)
    if unit is None or len(unit) > 8:
        said = {"name": name, "text": text[:60]}
        raise Quarantined(Reason.UNKNOWN_UNIT, _("%(name)s: the unit “%(text)s” is not known.") % said)
    return unit


def read_gtin(text: str, mark: str, name: str) -> str:
    digits = (text if text.isascii() else folded(text)).replace(" ", "").replace("-", "")
    if not (_checks(digits) or ean.is_valid(digits)):
        raise Quarantined(Reason.BAD_GTIN, _("%(text)s is no valid GTIN: check its digits.") % {"text": text[:40]})
    return digits


def _checks(digits: str) -> bool:
    """Whether it is a GTIN as nearly all are written: stdnum takes ten times as long to say so."""
    if not (digits.isascii() and digits.isdecimal() and len(digits) in (8, 12, 13, 14)):
        return False
    threefold, single = sum(map(int, digits[-2::-2])), sum(map(int, digits[::-2]))
    return (3 * threefold + single) % 10 == 0


def read_category(text: str, mark: str, name: str) -> str:
    names = [" ".join(read_text(part).split()) for part in text.split(">")]
    if any(len(part) > 120 for part in names):
        raise Quarantined(Reason.TOO_LONG, _("A category's name is longer than 120 characters."))
    return " > ".join(part for part in names if part)


#: Field -> how its text is read, given the decimal mark and the field's name; the names are those of the facts.
READERS: dict[str, Callable[[str, str, str], object]] = {
    "name": _short(200),
    "summary": _short(300),
    "description": lambda text, mark, name: read_text(text),
    "category": read_category,
    "brand": _short(80),
    "kind": _one_of("goods", "service"),
    "status": _one_of("active", "discontinued", "hidden"),
    "mpn": _short(60),
    "gtin": read_gtin,
    "uom": read_unit,
    "minimum_quantity": _whole(1, 9_999_999),
    "order_multiple": _whole(1, 9_999_999),
    "content_quantity": _decimal(10_000_000, 4),
    "content_uom": read_unit,
    "weight_kg": _decimal(100_000, 4),
    "volume_l": _decimal(1_000_000, 3),
    "is_bulky": _yes_or_no,
    "is_dangerous": _yes_or_no,
    "tax_class": _short(12),
    "lead_days": _whole(0, 3650),
    "warranty_months": _whole(0, 1200),
}
