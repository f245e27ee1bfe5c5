"""Properties as typed attributes: a number with its unit, yes or no, else a choice.

1. An attribute the catalogue knows keeps its kind and unit; a value in another unit of the same measure is converted,
   and one that does not fit is left out, which the row says.
2. A new one is a number where all its values in the file are, yes or no where all are, else a choice; its unit is the
   first that is said. It is offered as a facet where enough products carry it.
3. A unit at the end of a name belongs to the value: "Weight approx. kg". So does one that follows a number: "40 mm".
"""

import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from django.utils.text import slugify
from django.utils.translation import gettext as _

from apps.integrations.catalogue_import.articles import SaidFeature
from apps.integrations.catalogue_import.units import converted, house_unit
from apps.integrations.catalogue_import.values import read_text
from apps.integrations.imports.values import read_decimal, yes_or_no

NUMBER, CHOICE, YES_NO = "number", "choice", "yes_no"
_WIDEST, _MOST_VALUES = 120, 6
_UNIT = (
    r"(µm|mm²?|cm|m²|m³|m|km|kg|mg|g|t|l|ml|mA|A|kV|mV|V|kW|W|kVA|VA|kHz|MHz|Hz|°C|bar|mbar|MPa|Pa|Nm|kN|N|%|Ω|s|ms|h)"
)
_NAMED = re.compile(rf"(.+?)\s*(?:\[{_UNIT}\]|\({_UNIT}\)|\sin\s{_UNIT}|\s{_UNIT})")
_MEASURED = re.compile(rf"([+-]?[\d.,]+)\s*{_UNIT}")
_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})


class Misfit(Exception):
    """A value that its attribute cannot hold; the text says so to people."""


@dataclass(slots=True)
class Seen:
    """An attribute as a file has shown it: how many of its values were of which kind."""

    name: str
    unit: str = ""
    place: int = 0
    kinds: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def products(self) -> int:
        return sum(self.kinds.values())

    @property
    def position(self) -> int:
        """As the file has them, a product's own before those of its parts."""
        return (20_000 if " / " in self.name else 1_000) + self.place

    @property
    def kind(self) -> str:
        return next(iter(self.kinds)) if len(self.kinds) == 1 else CHOICE


@dataclass
class Attributes:
    """What is known of attributes while a file is read: the catalogue's (code -> kind, unit), and the file's own."""

    known: dict[str, tuple[str, str]]
    seen: dict[str, Seen] = field(default_factory=dict)

    def facts(self, features: list[SaidFeature], mark: str) -> tuple[dict[str, object], list[str]]:
        """`attributes.CODE` -> value for each property of one article, several values of one joined; and what is left
        out because it does not fit."""
        found: dict[str, list[SaidFeature]] = {}
        for feature in features:
            if read_text(feature.value) and (said := _with_its_unit(feature)):
                found.setdefault(said.code or code_of(said.name), []).append(said)
        facts, left_out = {}, []
        for code, same in found.items():
            try:
                facts[f"attributes.{code}"] = self._value(code, same, mark)
            except Misfit as misfit:
                left_out.append(str(misfit))
        return facts, left_out

    def _value(self, code: str, same: list[SaidFeature], mark: str) -> object:
        feature = same[0]
        if len(same) > 1 or not feature.value.isalnum():
            texts = list(dict.fromkeys(read_text(feature.value) for feature in same))
            feature = feature._replace(value=_joined(texts))
        value = typed(feature, mark)
        if code in self.known:
            return _fitting(value, feature, *self.known[code])
        seen = self.seen.setdefault(code, Seen(feature.name[:80], place=len(self.seen)))
        if not seen.unit and not seen.products and _kind(value) == NUMBER:
            seen.unit = feature.unit[:12]
        value = _in_unit(value, feature.unit[:12], seen.unit)
        seen.kinds[_kind(value)] += 1
        return value


@lru_cache(maxsize=20_000)
def code_of(name: str) -> str:
    """A code for a property that has only a name."""
    slug = slugify(name.translate(_LETTERS))[:40].strip("-")
    return slug or "a-" + hashlib.sha256(name.encode()).hexdigest()[:10]


@lru_cache(maxsize=100_000)
def typed(feature: SaidFeature, mark: str) -> object:
    """A number, a bool or a text of at most 120 characters."""
    number = read_decimal(feature.value, mark)
    if number is not None and abs(number) < Decimal(10) ** 12:
        return _plain_number(number)
    answer = yes_or_no(feature.value)
    return answer if answer is not None else _cut(" ".join(read_text(feature.value).split()))


def as_choice(value: object) -> str:
    """A value of an attribute whose kind turned out to be a choice."""
    return {True: "Yes", False: "No"}[value] if isinstance(value, bool) else str(value)


@lru_cache(maxsize=100_000)
def _with_its_unit(feature: SaidFeature) -> SaidFeature:
    name, unit = _named(feature.name, feature.unit)
    value = feature.value.strip()
    if not value.isdecimal() and (match := _MEASURED.fullmatch(value)):
        value, unit = match[1], match[2]
    return SaidFeature(name or feature.code, value, unit, feature.code)


@lru_cache(maxsize=20_000)
def _named(name: str, unit: str) -> tuple[str, str]:
    """The name and unit of a property; a unit at the end of the name is its unit where none is said."""
    name, unit = " ".join(read_text(name).split()), house_unit(unit) or unit.strip()
    if not unit and (match := _NAMED.fullmatch(name)):
        return match[1], next(part for part in match.groups()[1:] if part)
    return name, unit


def _fitting(value: object, feature: SaidFeature, kind: str, unit: str) -> object:
    turned = _in_unit(value, feature.unit[:12], unit)
    if kind == CHOICE:
        return as_choice(turned)
    if kind == NUMBER and _kind(turned) == NUMBER:
        return turned
    if kind == YES_NO and value in (True, False, 0, 1):
        return bool(value)
    said = {"name": feature.name, "value": feature.value[:60], "unit": feature.unit, "kind": kind, "in": unit or "–"}
    complaint = _("%(name)s: “%(value)s %(unit)s” does not fit its kind, %(kind)s in %(in)s.")
    raise Misfit(complaint % said)


def _in_unit(value: object, unit: str, wanted: str) -> object:
    """A number in the wanted unit; as a text with its own unit where one is not the other's measure."""
    if _kind(value) != NUMBER or not unit:
        return value
    turned = converted(Decimal(str(value)), unit, wanted)
    return f"{value} {unit}" if turned is None else _plain_number(turned)


def _kind(value: object) -> str:
    return YES_NO if isinstance(value, bool) else NUMBER if isinstance(value, int | float) else CHOICE


def _plain_number(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)


def _joined(texts: list[str]) -> str:
    """Several values of one property; of very many only the first, and how many there are."""
    shown = " · ".join(texts[:_MOST_VALUES])
    return shown if len(texts) <= _MOST_VALUES else f"{shown} … ({len(texts)})"


def _cut(text: str) -> str:
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"
