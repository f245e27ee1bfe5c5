"""Elements of a CII document, written in the order the schema wants."""

from datetime import date
from decimal import Decimal

from lxml import etree

RSM = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
RAM = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
UDT = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"
_NAMESPACES = {"rsm": RSM, "ram": RAM, "udt": UDT}


def document():
    """The root of a CII document."""
    return etree.Element(f"{{{RSM}}}CrossIndustryInvoice", nsmap=_NAMESPACES)


def add(parent, name: str, text: str | None = None, *, of: str = RAM, **attributes: str):
    """A new element in a parent; a dotted name makes the steps on the way."""
    *way, last = name.split(".")
    for step in way:
        parent = etree.SubElement(parent, f"{{{of}}}{step}")
    element = etree.SubElement(parent, f"{{{of}}}{last}", attributes)
    if text is not None:
        element.text = _writable(text)
    return element


def add_if(parent, name: str, text: str, **attributes: str) -> None:
    """The same where there is something to say."""
    if text:
        add(parent, name, text, **attributes)


def add_day(parent, name: str, day: date, of: str = RAM) -> None:
    """A date, as CII writes it."""
    add(add(parent, name, of=of), "DateTimeString", day.strftime("%Y%m%d"), of=UDT, format="102")


def amount(figure: Decimal) -> str:
    """An amount without an exponent; two decimals at most, as the norm wants (three where the currency has them)."""
    return f"{figure:f}"


def serialised(root) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _writable(text: str) -> str:
    """Text without what XML cannot hold (control characters)."""
    return "".join(ch for ch in text if ch in "\t\n\r" or (ch >= " " and ch not in "\ufffe\uffff"))
