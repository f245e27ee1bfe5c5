"""A product on paper: picture, specification, packaging and documents as a PDF in the reader's language.

1. Python writes every figure and word; the template only sets them.
2. Prices are an account's own and stand on it only where they are handed over.
3. A picture that cannot be set is left out rather than the sheet refused.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path, PurePath

import typst
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from apps.catalogue.models import Product
from apps.catalogue.rules.measures import Measure
from apps.catalogue.selectors import ProductPage, Specification
from apps.core import formatting
from apps.core.typesetting import font_names, set_pdf

TEMPLATE = Path(__file__).parent / "typst" / "datasheet.typ"
PICTURES = frozenset({".svg", ".png", ".jpg", ".jpeg", ".webp", ".gif"})
LARGEST_PICTURE = 8 * 1024 * 1024


def datasheet_pdf(page: ProductPage, *, on: date, url: str, prices: Sequence[tuple[str, str]] = ()) -> bytes:
    """The data sheet of a product as of a day; `prices` are (quantity, unit price) as they are to be read."""
    document = _document(page, on, url, prices)
    pictures = _picture(page.product)
    try:
        return set_pdf(TEMPLATE, {**document, "picture": next(iter(pictures), "")}, pictures)
    except typst.TypstError:
        return set_pdf(TEMPLATE, {**document, "picture": ""})


def _picture(product: Product) -> dict[str, bytes]:
    """The product's picture under a name of our own; empty where there is none that can be set."""
    suffix = PurePath(product.picture.name or "").suffix.lower()
    if suffix not in PICTURES:
        return {}
    try:
        with product.picture.open("rb") as file:
            content = file.read(LARGEST_PICTURE + 1)
    except OSError:
        return {}
    return {f"picture{suffix}": content} if len(content) <= LARGEST_PICTURE else {}


def _document(page: ProductPage, on: date, url: str, prices: Sequence[tuple[str, str]]) -> dict:
    product = page.product
    return {
        "language": (get_language() or "en").split("-")[0],
        "rtl": get_language_bidi(),
        "fonts": font_names(),
        "kind": _("Data sheet"),
        "name": product.name,
        "sku": product.sku,
        "codes": _codes(page),
        "summary": product.summary,
        "description": [line.strip() for line in product.description.split("\n\n") if line.strip()],
        "specification": [(each.name, *value_in_words(each)) for each in page.specifications] + _weight(page),
        "packaging": [_packed(packed) for packed in page.packaging],
        "packaging_columns": [_("Unit"), _("Contains"), "GTIN", _("Weight"), _("Length x width x height")],
        "documents": [_titled(versions.current) for versions in page.documents],
        "prices": [list(row) for row in prices],
        "labels": {
            "specification": _("Specification"),
            "packaging": _("Packaging"),
            "documents": _("Documents"),
            "prices": _("Your prices"),
        },
        "footer": _("As of %(day)s. The latest is at %(url)s") % {"day": _day(on), "url": url},
    }


def _codes(page: ProductPage) -> list[tuple[str, str]]:
    product = page.product
    codes = (
        (_("SKU"), product.sku),
        (_("Brand"), product.brand_name),
        (_("Maker's no."), product.mpn),
        ("GTIN", product.gtin),
        (_("Your part number"), page.part_number),
    )
    return [(name, code) for name, code in codes if code]


def value_in_words(each: Specification) -> tuple[str, str]:
    """The value of an attribute as it is read, and the same in the other units ("" where there are none)."""
    if isinstance(each.value, bool):
        return (_("yes") if each.value else _("no")), ""
    figure = _number(each.value) if isinstance(each.value, int | float) else str(each.value)
    return f"{figure} {each.unit}".strip(), _measure(each.other)


def _weight(page: ProductPage) -> list[tuple[str, str, str]]:
    return [(_("Weight"), *map(_measure, page.weight))] if page.weight else []


def _packed(packed) -> list[str]:
    sides = " x ".join(_number(side.figure) for side in packed.sides[0]) + " mm" if packed.sides else ""
    weight = _measure(packed.weight[0]) if packed.weight else ""
    return [packed.unit.name, _number(packed.unit.quantity), packed.unit.gtin, weight, sides]


def _titled(document) -> str:
    about = [document.get_kind_display(), document.language.upper(), document.version]
    issued = [_day(document.issued_on)] if document.issued_on else []
    return f"{document.title} ({', '.join([each for each in about if each] + issued)})"


def _measure(measure: Measure | None) -> str:
    return f"{_number(measure.figure, measure.places)} {measure.unit}" if measure else ""


def _number(figure, places: int = 3) -> str:
    figure = figure if isinstance(figure, int | Decimal) else Decimal(str(figure))
    return formatting.number_writer(get_language(), 0, min(places, 6)).write(figure)


def _day(on: date) -> str:
    return formatting.date_range(on, on, get_language())
