"""Data sheets, safety data sheets, certificates and manuals: one a family and kind, shared by its products.

Data sheets and safety data sheets have an older version beside the current one; families with a certificate have one
for each of their latest lots as well.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import typst
from django.conf import settings

from apps.catalogue.rules import normal_code
from apps.demo.catalogue.attributes import ATTRIBUTES
from apps.demo.catalogue.family import Family, Variant
from apps.demo.catalogue.products import attributes_of
from apps.demo.catalogue.shelf import FAMILIES, Shelf
from apps.demo.house import NAME

COLUMNS = ("product_id", "kind", "title", "file", "version", "issued_on", "lot", "lot_normal")
FOLDER = "documents"
TITLES = {
    "data_sheet": "Data sheet",
    "safety": "Safety data sheet",
    "certificate": "Certificate of conformity",
    "manual": "Operating manual",
}
ROWS_SHOWN = 18
VERSIONED = frozenset({"data_sheet", "safety"})
LOTS = 5  # kept of each family with certificates, made one a quarter
_PAGE = """
#let foot = align(right, text(8pt, fill: gray)[#maker · page #context counter(page).display()])
#set page(paper: "a4", margin: (x: 2.2cm, y: 2.4cm), footer: foot)
#set text(10pt)
#set table(stroke: (x, y) => (bottom: 0.4pt + luma(200)), inset: 5pt)
#text(9pt, fill: rgb("#2f6690"), weight: "bold")[#upper(kind)]
#v(-4pt)
#text(20pt, weight: "bold")[#title]
#v(2pt)
#text(9pt, fill: gray, issued)

#about
#v(8pt)
"""


class Issue(NamedTuple):
    """One document as it was issued: a version of a kind, or the certificate of a lot."""

    kind: str
    title: str
    file: str
    version: str
    issued_on: date
    lot: str = ""


def issues_of(family: Family, today: date) -> list[Issue]:
    """Everything issued for a family up to today, the older versions of a kind after the current one."""
    code, found = family.code.lower(), []
    at = sum(map(ord, code))
    for kind in family.documents:
        name, issued = kind.replace("_", "-"), date(today.year - 1, at % 12 + 1, at % 27 + 1)
        versions = [(f"{2 + at % 3}.{at % 4}", issued)]
        if kind in VERSIONED:
            versions.append((f"{1 + at % 3}.0", issued.replace(year=issued.year - 2)))
        for version, on in versions:
            found.append(Issue(kind, _title(family, kind), f"{code}-{name}-{version}.pdf", version, on))
    if "certificate" in family.documents:
        found += [_of_lot(family, at, quarter, today) for quarter in range(LOTS)]
    return found


def _of_lot(family: Family, at: int, quarter: int, today: date) -> Issue:
    made = today - timedelta(days=30 + 91 * quarter + at % 40)
    lot = f"{family.code}-{made:%y}{made.isocalendar().week:02d}-{at * 7 % 90 + 10}"
    return Issue("certificate", "Certificate of the lot", f"lot-{lot.lower()}.pdf", "", made + timedelta(days=3), lot)


def save_documents(families: int, today: date) -> None:
    """Write the files of the first `families` families, where they are not there yet as they should be."""
    folder = Path(settings.PRIVATE_ROOT) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    made_before = folder / ".made"
    known = json.loads(made_before.read_text()) if made_before.exists() else {}
    compiler = typst.Compiler()  # one for all: it reads the fonts once
    for family in FAMILIES[:families]:
        for issue in issues_of(family, today):
            source = _source(family, issue).encode()
            mark = hashlib.sha256(source).hexdigest()
            if known.get(issue.file) != mark or not (folder / issue.file).exists():
                (folder / issue.file).write_bytes(compiler.compile(input=source))
                known[issue.file] = mark
    made_before.write_text(json.dumps(known))


def document_rows(shelf: Shelf, families: int, share: int, today: date) -> Iterator[tuple]:
    """Documents of every `share`-th product of the first `families` families."""
    for of in shelf.ranges[:families]:
        issues = [
            (it.kind, it.title, f"{FOLDER}/{it.file}", it.version, it.issued_on, it.lot, normal_code(it.lot))
            for it in issues_of(of.family, today)
        ]
        for pk in range(of.start, of.start + of.count):
            if pk % share == 0:
                yield from ((pk, *issue) for issue in issues)


def _title(family: Family, kind: str) -> str:
    return f"{TITLES[kind]}: {family.path[-1]}"


def _source(family: Family, issue: Issue) -> str:
    """The document in typst; texts are handed over as strings, so that nothing in them is markup."""
    some, kind = list(family.variants(ROWS_SHOWN)), issue.kind
    issued = f"Lot {issue.lot}" if issue.lot else f"Version {issue.version}"
    head = (
        f"#let maker = {_quoted(NAME)}\n#let kind = {_quoted(TITLES[kind])}\n#let title = {_quoted(family.path[-1])}\n"
        f"#let issued = {_quoted(f'{issued}, {issue.issued_on:%d %B %Y}')}\n"
        f"#let about = {_quoted(family.about.format(**some[0].values) + ' ' + family.use)}\n"
    )
    body = {"data_sheet": _data_sheet, "safety": _safety, "certificate": _certificate, "manual": _manual}[kind]
    return head + _PAGE + body(family, some)


def _data_sheet(family: Family, some: list[Variant]) -> str:
    axes = [axis for axis in family.axes if axis != "series"]
    heads = ["SKU", *(_heading(axis) for axis in axes), "Brand"]
    rows = [[variant.sku, *(_shown(variant.values[axis]) for axis in axes), variant.brand] for variant in some]
    fixed = {axis: value for axis, value in attributes_of(some[0]).items() if axis in family.fixed}
    facts = [[_heading(axis), _shown(value)] for axis, value in fixed.items()]
    return _table(heads, rows) + ("\n#v(10pt)\n" + _table(["Property", "Value"], facts) if facts else "")


def _safety(family: Family, some: list[Variant]) -> str:
    sections = (
        ("1  Identification", f"{family.path[-1]}, supplied by {NAME}."),
        ("2  Hazards", "May irritate eyes and skin. Keep away from drains. Read the label before use."),
        ("3  First aid", "Eyes: rinse for 15 minutes. Skin: wash with water and soap. Swallowed: call a doctor."),
        ("4  Fire", "Foam, powder or carbon dioxide. Cool closed containers with water."),
        ("5  Handling and storage", "Keep closed, between 5 and 35 °C, away from food and children."),
        ("6  Protection", "Gloves of nitrile, safety glasses, ventilation."),
        ("7  Disposal", "Empty containers go to recycling; residues to a licensed collector."),
    )
    return "".join(f"#heading(level: 2, {_quoted(title)})\n#{_quoted(text)}\n" for title, text in sections)


def _certificate(family: Family, some: list[Variant]) -> str:
    standard = family.fixed.get("standard", "the drawing")
    text = (
        f"We certify that products of this family are made and inspected to {standard}. Samples of each lot are "
        "measured and tested; the records are kept for ten years under the number on the label."
    )
    rows = [["Dimensions", "conform"], ["Material", "conforms"], ["Function", "conforms"], ["Marking", "conforms"]]
    return f"#{_quoted(text)}\n#v(8pt)\n" + _table(["Inspection", "Result"], rows)


def _manual(family: Family, some: list[Variant]) -> str:
    steps = (
        "Unpack and check for damage; report it within two days.",
        "Compare the plate with your order and with the supply at the site.",
        "Mount on a flat, firm base; observe the clearances.",
        "Switch on without load and listen; then load step by step.",
        "Inspect after eight hours, then monthly. Use original parts.",
    )
    return "".join(f"+ #{_quoted(step)}\n" for step in steps)


def _table(heads: list[str], rows: list[list[str]]) -> str:
    cells = ", ".join(_quoted(cell) for row in rows for cell in row)
    header = ", ".join(f"strong({_quoted(head)})" for head in heads)
    return f"#table(columns: {len(heads)}, table.header({header}), {cells})\n"


def _heading(axis: str) -> str:
    name, _, unit = ATTRIBUTES[axis]
    return f"{name} ({unit})" if unit else name


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else f"{value:g}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
