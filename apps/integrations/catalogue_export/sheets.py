"""csv and xlsx, in the columns of the import."""

import csv
from collections.abc import Callable, Iterator
from typing import IO

from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from apps.catalogue.selectors.facts import FURTHER_CODES, SCALARS
from apps.core.errors import Invalid
from apps.core.sheets import guarded
from apps.integrations.catalogue_export.products import KINDS_OF_RELATION, Exported, Wanted, pieces, products

_PACKS, _PRICES = 4, 6
_MOST_ROWS, _MOST_COLUMNS = 1_048_575, 16_384


class TooLarge(Invalid):
    code = "export_too_large"
    title = _("That is more than a workbook holds")


def write_csv(wanted: Wanted, file: IO[str]) -> int:
    """Write to an open text file; how many products."""
    writer, number = csv.writer(file), 0
    headings, rows = table(wanted)
    writer.writerow(headings)
    for row in rows:
        writer.writerow([guarded(cell) for cell in row])
        number += 1
    return number


def write_xlsx(wanted: Wanted, path: str) -> int:
    """Write a workbook of texts; how many products. Memory does not grow with them."""
    headings, rows = table(wanted)
    if len(headings) > _MOST_COLUMNS:
        raise TooLarge(
            _("A workbook has %(most)s columns at most. Export a category, or csv.") % {"most": _MOST_COLUMNS}
        )
    number = 0
    with Workbook(path, {"constant_memory": True}) as book:
        page = book.add_worksheet()
        for column, heading in enumerate(headings):
            page.write_string(0, column, heading)
        for number, row in enumerate(rows, 1):
            if number > _MOST_ROWS:
                raise TooLarge(_("A workbook has %(most)s rows at most. Export csv.") % {"most": f"{_MOST_ROWS:,}"})
            for column, cell in enumerate(row):
                if cell:
                    page.write_string(number, column, cell[:32_767])
    return number


def table(wanted: Wanted) -> tuple[list[str], Iterator[list[str]]]:
    """The headings, and a row of texts for each product."""
    columns = dict(_columns(wanted))
    return list(columns), ([cell(product) for cell in columns.values()] for product in products(wanted))


def _columns(wanted: Wanted) -> Iterator[tuple[str, Callable[[Exported], str]]]:
    yield "sku", lambda product: product.sku
    for name in ("name", "category", "brand", *(name for name in SCALARS if name != "name")):
        yield name, lambda product, name=name: _text(product.facts.get(name))
    for system in pieces(wanted, "classifications"):
        yield f"classification:{system}", lambda p, system=system: _text(p.facts.get(f"classifications.{system}"))
    for code in pieces(wanted, "attributes"):
        yield f"attribute:{code}", lambda p, code=code: _text(p.facts.get(f"attributes.{code}"))
    for kind in KINDS_OF_RELATION:
        yield kind, lambda product, kind=kind: ",".join(product.related(kind))
    for kind in FURTHER_CODES:
        yield str(kind), lambda product, kind=kind: ",".join(product.codes(kind))
    for n in range(1, _PACKS + 1):
        for part, place in (("pack_quantity", 0), ("pack_name", 1), ("pack_gtin", 2)):
            yield f"{part}{n}", lambda product, n=n, place=place: _nth(product.facts.get("packaging"), n, place)
    if wanted.price_list_id:
        for n in range(1, _PRICES + 1):
            for part, place in (("price_from", 0), ("price", 1)):
                yield f"{part}{n}", lambda product, n=n, place=place: _nth(product.facts.get("prices"), n, place)


def _nth(rows: list | None, n: int, place: int) -> str:
    return _text(rows[n - 1][place]) if rows and len(rows) >= n else ""


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
