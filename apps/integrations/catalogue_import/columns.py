"""Which column of a sheet holds what: told by the profile, else guessed from its heading.

A column is one of the product's fields, or a part of something that may stand several times: `price`, `price_from`,
`price_currency`, `feature_name`, `feature_value`, `picture`, ... followed by a number that keeps parts together. A
column of its own for one property is `attribute`, for one system of classes `classification`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.integrations.catalogue_import.values import READERS
from apps.integrations.imports.columns import IGNORED, ColumnsUnclear, letters_of

_FIELD_NAMES = {
    "sku": gettext_lazy("SKU"), "name": gettext_lazy("name"), "summary": gettext_lazy("summary"),
    "description": gettext_lazy("description"), "category": gettext_lazy("category"), "brand": gettext_lazy("brand"),
    "kind": gettext_lazy("kind: goods or service"), "status": gettext_lazy("status"),
    "mpn": gettext_lazy("manufacturer part number"), "gtin": gettext_lazy("GTIN"),
    "uom": gettext_lazy("unit of measure"), "minimum_quantity": gettext_lazy("minimum order quantity"),
    "order_multiple": gettext_lazy("order multiple"), "content_quantity": gettext_lazy("content per unit"),
    "content_uom": gettext_lazy("comparable unit"), "weight_kg": gettext_lazy("weight in kg"),
    "volume_l": gettext_lazy("volume in litres"), "is_bulky": gettext_lazy("bulky"),
    "is_dangerous": gettext_lazy("dangerous goods"),
    "tax_class": gettext_lazy("tax class"), "lead_days": gettext_lazy("lead time in days"),
    "warranty_months": gettext_lazy("warranty in months"),
}  # fmt: skip
PARTS = {
    "price": gettext_lazy("price"), "price_from": gettext_lazy("price from quantity"),
    "price_currency": gettext_lazy("currency of the price"), "price_type": gettext_lazy("kind of price"),
    "price_per": gettext_lazy("units the price is for"), "pack_quantity": gettext_lazy("base units in a pack"),
    "pack_name": gettext_lazy("name of the pack"), "pack_gtin": gettext_lazy("GTIN of the pack"),
    "feature_name": gettext_lazy("name of a property"), "feature_value": gettext_lazy("value of a property"),
    "feature_unit": gettext_lazy("unit of a property"), "picture": gettext_lazy("picture: URL or file name"),
    "document": gettext_lazy("document: URL or file name of a PDF"),
    "superseded": gettext_lazy("superseded number"), "competitor": gettext_lazy("competitor's number"),
    "accessory": gettext_lazy("SKU of an accessory"), "substitute": gettext_lazy("SKU of a substitute"),
    "successor": gettext_lazy("SKU of the successor"),
    "service": gettext_lazy("SKU of a service for it"), "attribute": gettext_lazy("a property named by the heading"),
    "classification": gettext_lazy("a class in the system named by the heading"),
}  # fmt: skip
TARGETS = {**_FIELD_NAMES, **PARTS}
_GUESSES = {
    "sku": "sku supplierarticleid supplieraid supplierpid articleno articlenumber artikelnummer artnr itemno itemcode"
    " productcode stockcode materialnumber partnumber articleid",
    "name": "name descriptionshort productname title itemname bezeichnung kurztext kurzbezeichnung",
    "summary": "summary shorttext subtitle teaser",
    "description": "description descriptionlong longtext langtext beschreibung",
    "category": "category categorypath cataloggroup warengruppe kategorie group",
    "brand": "brand manufacturername manufacturer hersteller marke",
    "kind": "kind", "status": "status productstatus",
    "mpn": "mpn manufacturerarticleid manufactureraid manufacturerpid manufacturerpartnumber herstellernummer",
    "gtin": "gtin ean ean13 barcode upc internationalpid",
    "uom": "uom orderunit unit unitofmeasure einheit mengeneinheit bestelleinheit",
    "minimum_quantity": "minimumquantity quantitymin moq minorderquantity mindestmenge mindestbestellmenge",
    "order_multiple": "ordermultiple quantityinterval multiple staffelung",
    "content_quantity": "contentquantity", "content_uom": "contentuom",
    "weight_kg": "weightkg weight gewicht gewichtkg netweight nettogewicht",
    "volume_l": "volumel volumeinlitres volumelitres volumen", "is_bulky": "isbulky bulky sperrig sperrgut",
    "is_dangerous": "isdangerous dangerous dangerousgoods hazardous gefahrgut",
    "tax_class": "taxclass", "lead_days": "leaddays leadtime deliverytime lieferzeit leadtimedays",
    "warranty_months": "warrantymonths warranty garantie",
    "price": "price unitprice listprice priceamount netprice preis listenpreis vk",
    "price_from": "pricefrom lowerbound fromquantity staffelmenge abmenge",
    "price_currency": "currency pricecurrency waehrung währung", "price_type": "pricetype",
    "price_per": "pricequantity priceper preiseinheit priceunit",
    "pack_quantity": "packquantity packingquantity packsize packingunit verpackungseinheit vpe",
    "pack_name": "packname",
    "pack_gtin": "packgtin",
    "service": "service services",
    "feature_name": "attributename featurename fname", "feature_value": "attributevalue featurevalue fvalue",
    "feature_unit": "attributeunit featureunit funit",
    "picture": "picture image imageurl pictureurl bild", "document": "document pdf documenturl datasheet datenblatt",
    "superseded": "superseded supersededby alternativenumber",
    "accessory": "accessory accessories zubehör zubehoer",
    "substitute": "substitute substitutes",
    "successor": "successor nachfolger",
    "competitor": "competitor competitornumber",
    "classification": "unspsc eclass etim proficlass",
}  # fmt: skip
_BY_HEADING = {heading: target for target, headings in _GUESSES.items() for heading in headings.split()}
_HEADING = re.compile(r"(.*?)[_ .]?(\d{0,3})")
_PREFIXED = re.compile(r"(attribute|classification)[:.](.+)")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it holds, which of several it belongs to, and the heading as written."""

    index: int
    target: str
    group: str
    heading: str

    @property
    def thing(self) -> str:
        """What several columns say together: `price`, `pack`, `feature`; empty where it stands alone."""
        first = self.target.partition("_")[0]
        return first if self.group or first in ("price", "pack", "feature") else ""


def guess(heading: str) -> str:
    """What a column holds by its heading: a target, with a number where it is one of several; or `-`."""
    plain = heading.strip()
    if match := _PREFIXED.fullmatch(plain):
        return match[1]
    letters = letters_of(plain)
    if letters in _BY_HEADING:
        return _BY_HEADING[letters]
    stem, number = _HEADING.fullmatch(letters).groups()
    target = _BY_HEADING.get(stem)
    if target and number and (target in PARTS or number == "1"):
        return f"{target}.{number}" if target in PARTS else target
    return IGNORED


def guessed(headings: Sequence[str], kept: Mapping[str, str]) -> dict[str, str]:
    """Heading -> what it holds; what the profile kept wins over the guess. Of two for one field the first has it."""
    taken, found = set(), {}
    for heading in headings:
        target = kept.get(heading) or guess(heading)
        if target in READERS or target == "sku":
            target = IGNORED if target in taken else target
            taken.add(target)
        found[heading] = target
    return found


def columns_of(headings: Sequence[str], mapping: Mapping[str, str]) -> list[Column]:
    """The columns that are taken. Raises `ColumnsUnclear` where none is the SKU, or one target is not known."""
    columns = []
    for index, heading in enumerate(headings):
        target, _dot, group = mapping.get(heading, IGNORED).partition(".")
        if target == IGNORED:
            continue
        if target not in TARGETS:
            raise ColumnsUnclear(_("“%(target)s” is nothing a column can hold.") % {"target": target})
        columns.append(Column(index, target, group, _named(heading)))
    if not any(column.target == "sku" for column in columns):
        raise ColumnsUnclear(
            _("No column is the SKU. The file has: %(headings)s.") % {"headings": ", ".join(headings)[:500]}
        )
    return columns


def _named(heading: str) -> str:
    """The name of the property or system a heading stands for."""
    match = _PREFIXED.fullmatch(heading.strip())
    return (match[2] if match else heading).strip()
