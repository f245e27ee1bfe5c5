"""BMEcat 2005, one product after the other."""

from typing import IO

from lxml import etree

from apps.catalogue.selectors import attribute_names
from apps.catalogue.selectors.facts import LEVEL
from apps.integrations.catalogue_export.products import Exported, Wanted, products
from apps.integrations.catalogue_import.bmecat import OWN_CODE
from apps.integrations.catalogue_import.units import unece_code

_SPACE = "http://www.bmecat.org/bmecat/2005"
_RELATIONS = {"accessory": "accessories", "substitute": "similar", "successor": "followup"}


def write_bmecat(wanted: Wanted, file: IO[bytes], *, currency: str, language: str = "eng") -> int:
    """Write to an open binary file; how many products."""
    names, groups = attribute_names(), {}
    with etree.xmlfile(file, encoding="utf-8") as xml:
        xml.write_declaration()
        with xml.element("BMECAT", version="2005", xmlns=_SPACE):
            xml.write(_header(currency, language), pretty_print=True)
            with xml.element("T_NEW_CATALOG"):
                for product in products(wanted):
                    groups.setdefault(product.facts["category"], []).append(product.sku)
                    xml.write(_product(product, names, currency), pretty_print=True)
                _write_groups(xml, groups)
    return sum(map(len, groups.values()))


def _header(currency: str, language: str):
    header = etree.Element("HEADER")
    catalogue = etree.SubElement(header, "CATALOG")
    for name, text in (
        ("LANGUAGE", language), ("CATALOG_ID", "tradewell"), ("CATALOG_VERSION", "1"), ("CURRENCY", currency)
    ):  # fmt: skip
        _add(catalogue, name, text)
    return header


def _product(product: Exported, names: dict, currency: str):
    facts, element = product.facts, etree.Element("PRODUCT")
    _add(element, "SUPPLIER_PID", product.sku)
    details = etree.SubElement(element, "PRODUCT_DETAILS")
    for tag, fact in (
        ("DESCRIPTION_SHORT", "name"), ("DESCRIPTION_LONG", "description"), ("EAN", "gtin"),
        ("MANUFACTURER_PID", "mpn"), ("MANUFACTURER_NAME", "brand"), ("DELIVERY_TIME", "lead_days"),
    ):  # fmt: skip
        _add(details, tag, facts[fact])
    for code in product.codes("superseded"):
        _add(details, "SUPPLIER_ALT_PID", code)
    _add_features(element, facts, names)
    order = etree.SubElement(element, "PRODUCT_ORDER_DETAILS")
    _add(order, "ORDER_UNIT", unece_code(facts["uom"]))
    if facts["content_quantity"] and facts["content_uom"]:
        _add(order, "CONTENT_UNIT", unece_code(facts["content_uom"]))
        _add(order, "NO_CU_PER_OU", facts["content_quantity"])
    _add(order, "QUANTITY_MIN", facts["minimum_quantity"])
    _add(order, "QUANTITY_INTERVAL", facts["order_multiple"])
    _add_prices(element, facts.get("prices", ()), currency)
    for kind, tag in _RELATIONS.items():
        for other in product.related(kind):
            reference = etree.SubElement(element, "PRODUCT_REFERENCE", type=tag)
            _add(reference, "PROD_ID_TO", other)
    return element


def _add_features(element, facts: dict, names: dict) -> None:
    classes = {name.partition(".")[2]: code for name, code in facts.items() if name.startswith("classifications.")}
    properties = {name.partition(".")[2]: value for name, value in facts.items() if name.startswith("attributes.")}
    for system, code in classes.items():
        block = etree.SubElement(element, "PRODUCT_FEATURES")
        _add(block, "REFERENCE_FEATURE_SYSTEM_NAME", system)
        _add(block, "REFERENCE_FEATURE_GROUP_ID", code)
    if properties:
        block = etree.SubElement(element, "PRODUCT_FEATURES")
        for code, value in properties.items():
            name, unit = names.get(code, (code, ""))
            feature = etree.SubElement(block, "FEATURE")
            template = etree.SubElement(feature, "FTEMPLATE")
            _add(template, "FT_ID", OWN_CODE + code)
            _add(template, "FT_NAME", name)
            _add(feature, "FVALUE", {True: "true", False: "false"}[value] if isinstance(value, bool) else value)
            _add(feature, "FUNIT", unece_code(unit) if unit else "")


def _add_prices(element, prices, currency: str) -> None:
    if not prices:
        return
    details = etree.SubElement(element, "PRODUCT_PRICE_DETAILS")
    for quantity, amount in prices:
        price = etree.SubElement(details, "PRODUCT_PRICE", price_type="net_list")
        _add(price, "PRICE_AMOUNT", amount)
        _add(price, "PRICE_CURRENCY", currency)
        _add(price, "LOWER_BOUND", quantity)


def _write_groups(xml, groups: dict[str, list[str]]) -> None:
    """The tree of the categories that have products, and which product stands where."""
    paths = sorted({LEVEL.join(path.split(LEVEL)[: n + 1]) for path in groups for n in range(path.count(LEVEL) + 1)})
    ids = {path: str(number) for number, path in enumerate(paths, 1)}
    with xml.element("CATALOG_GROUP_SYSTEM"):
        for path, id_ in ids.items():
            above, _level, name = path.rpartition(LEVEL)
            structure = etree.Element("CATALOG_STRUCTURE", type="node" if above else "root")
            for tag, text in (("GROUP_ID", id_), ("GROUP_NAME", name), ("PARENT_ID", ids.get(above, "0"))):
                _add(structure, tag, text)
            xml.write(structure, pretty_print=True)
    for path, skus in groups.items():
        for sku in skus:
            entry = etree.Element("PRODUCT_TO_CATALOGGROUP_MAP")
            _add(entry, "PROD_ID", sku)
            _add(entry, "CATALOG_GROUP_ID", ids[path])
            xml.write(entry, pretty_print=True)


def _add(parent, tag: str, value: object) -> None:
    if value not in (None, ""):
        etree.SubElement(parent, tag).text = "".join(ch for ch in str(value) if ch >= " " or ch in "\n\t")
