"""Articles from BMEcat 1.01, 1.2 and 2005.

1. The file is read twice. First what stands around the articles: version, currency, the tree of groups, and which
   article is in which group (that comes last in a file). Then the articles, one at a time.
2. Of texts in several languages that of the profile is taken, else one without a language, else the first.
3. Of several sets of prices the one in force is taken, else the one that held last.
4. A property is known by its code in its system, else by its name. One within a block (a connection, an accessory)
   carries the names of the blocks above it; blocks that repeat are joined. A node that only opens a block says nothing.

The parser opens no network, loads no DTD and resolves no entity: a DOCTYPE is allowed and never followed.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from pathlib import Path

from django.utils.translation import gettext as _
from lxml import etree

from apps.core.sheets import FileRefused
from apps.integrations.catalogue_import.articles import Article, SaidFeature, SaidPrice
from apps.integrations.catalogue_import.mimes import pictures_and_documents
from apps.integrations.catalogue_import.units import house_unit
from apps.integrations.imports.reading import MAX_BYTES

_ARTICLES = ("ARTICLE", "PRODUCT")
_LANGUAGES = {
    "en": ("eng", "en"), "de": ("deu", "ger", "de"), "th": ("tha", "th"), "ko": ("kor", "ko"), "vi": ("vie", "vi"),
    "fa": ("fas", "per", "fa"), "fr": ("fra", "fre", "fr"), "nl": ("nld", "dut", "nl"), "it": ("ita", "it"),
    "es": ("spa", "es"),
}  # fmt: skip
_RELATIONS = {
    "accessories": "accessory", "sparepart": "accessory", "mandatory": "accessory", "similar": "substitute",
    "select": "substitute", "followup": "successor",
}  # fmt: skip
_TEXTS = {
    "sku": ("SUPPLIER_AID", "SUPPLIER_PID"),
    "name": ("*/DESCRIPTION_SHORT",),
    "description": ("*/DESCRIPTION_LONG",),
    "mpn": ("*/MANUFACTURER_AID", "*/MANUFACTURER_PID"),
    "brand": ("*/MANUFACTURER_NAME",),
    "lead_days": ("*/DELIVERY_TIME",),
    "uom": ("*/ORDER_UNIT",),
    "minimum_quantity": ("*/QUANTITY_MIN",),
    "order_multiple": ("*/QUANTITY_INTERVAL",),
}  # fmt: skip
_MOST_BLOCKS = 6
#: What stands before the code of a property that is our own.
OWN_CODE = "tradewell:"


@dataclass
class Catalogue:
    """What stands around the articles."""

    version: str = ""
    currency: str = ""
    is_update: bool = False
    mime_root: str = ""
    groups: dict[str, tuple[str, str]] = field(default_factory=dict)  # id -> (name, parent's id)
    group_of: dict[str, str] = field(default_factory=dict)

    @property
    def decimal_mark(self) -> str:
        """BMEcat 2005 writes a point; what came before was written as everybody liked."""
        return "." if self.version.startswith("2005") else ""

    def category_of(self, sku: str) -> str:
        """The names of the groups an article stands in, from the top down."""
        names, group = [], self.group_of.get(sku)
        while group in self.groups and len(names) < 20:
            name, group = self.groups[group]
            names.append(name.replace(">", "/"))
        return " > ".join(reversed(names))


def version_of(path: Path) -> str:
    """The version a file says it is, read from its first element. Raises `FileRefused` where it is no BMEcat."""
    with _refusing(path), path.open("rb") as file:
        for _event, element in etree.iterparse(file, events=("start",), no_network=True, resolve_entities=False):
            if _tag(element) == "BMECAT" and element.get("version"):
                return element.get("version")
            break
    raise FileRefused(_("%(name)s is no BMEcat catalogue.") % {"name": path.name})


def catalogue_of(path: Path, language: str) -> Catalogue:
    """The first reading. Raises `FileRefused` where it is no BMEcat."""
    found = Catalogue(version_of(path))
    tags = (
        "CURRENCY",
        "MIME_ROOT",
        "CATALOG_STRUCTURE",
        *(f"{name}_TO_CATALOGGROUP_MAP" for name in _ARTICLES),
        *_ARTICLES,
    )
    ids = {}
    for element in _elements(path, *tags):
        tag = _tag(element)
        if tag == "CURRENCY":
            found.currency = found.currency or (element.text or "").strip().upper()
        elif tag == "MIME_ROOT":
            found.mime_root = (element.text or "").strip()
        elif tag == "CATALOG_STRUCTURE":
            name = _said(element, "GROUP_NAME", language) or _said(element, "GROUP_ID", language)
            found.groups[_said(element, "GROUP_ID", language)] = (name, _said(element, "PARENT_ID", language))
        elif tag.endswith("_MAP"):
            group = _said(element, "CATALOG_GROUP_ID", language)
            sku = _said(element, "ART_ID", language) or _said(element, "PROD_ID", language)
            found.group_of[sku] = ids.setdefault(group, group)
        else:
            found.is_update = found.is_update or _tag(element.getparent()).startswith("T_UPDATE")
    return found


def articles_of(path: Path, catalogue: Catalogue, language: str, *, on: date) -> Iterator[Article]:
    """The second reading: every article in the file's order."""
    numbers = count(1)
    for element in _elements(path, *_ARTICLES):
        yield _article(next(numbers), element, catalogue, language, on)


@contextmanager
def _refusing(path: Path):
    try:
        yield
    except etree.XMLSyntaxError as error:
        raise FileRefused(_("%(name)s is no sound XML: %(error)s") % {"name": path.name, "error": error.msg}) from error


def _elements(path: Path, *tags: str) -> Iterator[etree._Element]:
    """Each element of these names when it ends; it is forgotten afterwards, so that memory stays flat."""
    if path.stat().st_size > MAX_BYTES:
        raise FileRefused(_("The file holds more than %(gib)s GiB. Split it.") % {"gib": MAX_BYTES // 1024**3})
    with _refusing(path), path.open("rb") as file:
        events = etree.iterparse(
            file, events=("end",), tag=[f"{{*}}{tag}" for tag in tags], no_network=True, load_dtd=False,
            resolve_entities=False, dtd_validation=False, attribute_defaults=False, huge_tree=False, recover=False,
        )  # fmt: skip
        for _event, element in events:
            if next(element.iter(etree.Entity), None) is not None:
                raise FileRefused(_("The file uses entities of its own; they are not resolved here. Send plain text."))
            yield element
            _forget(element)


def _forget(element: etree._Element) -> None:
    element.clear(keep_tail=False)
    while (before := element.getprevious()) is not None:
        before.getparent().remove(before)


def _tag(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _all(element: etree._Element, path: str) -> list[etree._Element]:
    return element.findall("/".join("*" if step == "*" else f"{{*}}{step}" for step in path.split("/")))


def _said(element: etree._Element, path: str, language: str) -> str:
    return _in_language(_all(element, path), language)


def _in_language(elements: list[etree._Element], language: str) -> str:
    wanted = _LANGUAGES.get(language[:2], (language,))
    by_language = {element.get("lang", "").lower(): element for element in reversed(elements)}
    found = next(
        (by_language[name] for name in (*wanted, "") if name in by_language), elements[0] if elements else None
    )
    return "" if found is None else (found.text or "").strip()


def _article(number: int, element, catalogue: Catalogue, language: str, on: date) -> Article:
    article = Article(number, relations=_relations(element) or None)
    for name, paths in _TEXTS.items():
        article.texts[name] = next((text for path in paths if (text := _said(element, path, language))), "")
    article.texts |= {"category": catalogue.category_of(article.texts["sku"]), "gtin": _gtin(element)}
    if element.get("mode") == "delete":
        article.texts["status"] = "discontinued"
    _read_content(article, element, language)
    for block in (*_all(element, "ARTICLE_FEATURES"), *_all(element, "PRODUCT_FEATURES")):
        _read_features(article, block, language)
    if kind := _said(element, "*/MANUFACTURER_TYPE_DESCR", language):
        article.features.append(SaidFeature(_("Type"), kind, "", "type"))
    article.prices = _prices(element, catalogue.currency, on)
    article.codes = [
        ("superseded", (alt.text or "").strip())
        for path in ("*/SUPPLIER_ALT_AID", "*/SUPPLIER_ALT_PID") for alt in _all(element, path)
    ]  # fmt: skip
    article.translations = _translations(element, language)
    article.pictures, article.documents = pictures_and_documents(element, catalogue.mime_root)
    article.sent = {name: text[:500] for name, text in article.texts.items() if text}
    return article


def _translations(element, language: str) -> dict[str, tuple[str, str]]:
    """Name and description in the languages of the file that are not the profile's."""
    found = {}
    for code, names in _LANGUAGES.items():
        if code != language[:2]:
            texts = [
                next((one.text or "" for one in _all(element, path) if one.get("lang", "").lower() in names), "")
                for path in ("*/DESCRIPTION_SHORT", "*/DESCRIPTION_LONG")
            ]
            if texts[0].strip():
                found[code] = tuple(texts)
    return found


def _gtin(element) -> str:
    international = [
        pid for path in ("*/INTERNATIONAL_PID", "*/INTERNATIONAL_AID") for pid in _all(element, path)
        if pid.get("type", "").lower() in ("gtin", "ean", "ean13")
    ]  # fmt: skip
    return next(((one.text or "").strip() for one in (*_all(element, "*/EAN"), *international)), "")


def _read_content(article: Article, element, language: str) -> None:
    """What an order unit holds, where it holds several of another unit."""
    number, unit = (_said(element, f"*/{name}", language) for name in ("NO_CU_PER_OU", "CONTENT_UNIT"))
    if number and unit and house_unit(unit) != house_unit(article.texts["uom"]):
        article.texts |= {"content_quantity": number, "content_uom": unit}


def _relations(element) -> list[tuple[str, str]]:
    found = []
    for path in ("ARTICLE_REFERENCE", "PRODUCT_REFERENCE"):
        for reference in _all(element, path):
            kind = _RELATIONS.get(reference.get("type", ""))
            other = _said(reference, "ART_ID_TO", "") or _said(reference, "PROD_ID_TO", "")
            if kind and other:
                found.append((kind, other))
    return found


def _read_features(article: Article, block, language: str) -> None:
    system = _said(block, "REFERENCE_FEATURE_SYSTEM_NAME", language)
    group = _said(block, "REFERENCE_FEATURE_GROUP_ID", language) or _said(
        block, "REFERENCE_FEATURE_GROUP_NAME", language
    )
    if system and group:
        article.classifications[system] = group
    features = list(block.iter("{*}FEATURE"))
    by_id = {}
    for feature in features:
        by_id.setdefault(_said(feature, "FID", language), feature)
    for feature in features:
        nested = _tag(feature.getparent()) == "FEATURE_GROUP"
        article.features += _feature(feature, _blocks_above(feature, by_id, language) if nested else (), language)


def _blocks_above(feature, by_id: dict, language: str) -> tuple[str, ...]:
    names, parent = [], _said(feature, "FPARENT_ID", language)
    while (above := by_id.get(parent)) is not None and len(names) < _MOST_BLOCKS:
        names.append(_name(above, language))
        parent = _said(above, "FPARENT_ID", language)
    return tuple(reversed(names))


def _name(feature, language: str) -> str:
    return _said(feature, "FTEMPLATE/FT_NAME", language) or _said(feature, "FNAME", language)


def _feature(feature, above: tuple[str, ...], language: str) -> list[SaidFeature]:
    name, id_ = _name(feature, language), _said(feature, "FTEMPLATE/FT_ID", language)
    texts = _values(feature, language)
    if not texts and (detail := _said(feature, "FVALUE_DETAILS", language)) != name:
        texts = [detail]
    unit = _said(feature, "FUNIT", language) or _said(feature, "FTEMPLATE/FT_UNIT", language)
    shown = f"{_block(above)} / {name or id_}" if above else name or id_
    code = _code(id_, above)
    return [SaidFeature(shown[:80], text, unit, code) for text in texts if text]


def _block(above: tuple[str, ...]) -> str:
    """The blocks a property stands in, in short: the outermost and its own."""
    return above[0] if len(above) == 1 else f"{above[0]} … {above[-1]}"


def _values(feature, language: str) -> list[str]:
    """The values in one language; several without a language are parts of one, such as a position."""
    values = _all(feature, "FVALUE")
    if any(value.get("lang") for value in values):
        return [_in_language(values, language)]
    texts = [(value.text or "").strip() for value in values]
    return texts if len(texts) < 2 else [" × ".join(texts)]


def _code(id_: str, above: tuple[str, ...]) -> str:
    """A code from an id such as 0173-1#02-AAF040#004: its own part, without the version."""
    if id_.startswith(OWN_CODE):
        return id_.removeprefix(OWN_CODE)[:40]
    if not id_:
        return ""
    own = "".join(ch for ch in id_.partition("#")[2].partition("-")[2].partition("#")[0] or id_ if ch.isalnum())
    code = f"p-{own.lower()}"[:32]
    return f"{code}-{hashlib.sha256('/'.join(above).encode()).hexdigest()[:6]}" if above else code


def _prices(element, currency: str, on: date) -> list[SaidPrice]:
    sets = [*_all(element, "ARTICLE_PRICE_DETAILS"), *_all(element, "PRODUCT_PRICE_DETAILS")]
    if not sets:
        return []
    per = _said(element, "*/PRICE_QUANTITY", "")
    chosen = max(sets, key=lambda one: _holds(one, on))
    return [
        SaidPrice(
            _said(price, "PRICE_AMOUNT", ""), _said(price, "LOWER_BOUND", ""),
            _said(price, "PRICE_CURRENCY", "") or currency, price.get("price_type", ""), per,
            _said(price, "PRICE_FACTOR", ""),
        )
        for price in (*_all(chosen, "ARTICLE_PRICE"), *_all(chosen, "PRODUCT_PRICE"))
    ]  # fmt: skip


def _holds(prices, on: date) -> tuple[bool, str]:
    """Whether a set of prices is in force, and since when."""
    dates = {moment.get("type", ""): _said(moment, "DATE", "") for moment in _all(prices, "DATETIME")}
    start, end = dates.get("valid_start_date", ""), dates.get("valid_end_date", "")
    return (not start or start <= on.isoformat()) and (not end or end >= on.isoformat()), start
