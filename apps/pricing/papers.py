"""An account's price list on file: every product it may buy that has a price, as of a day, in a lot of rows at a time.

1. Products come by their id, a lot at a time, in the account's assortment; their prices are decided as everywhere.
2. A product has a row for each step of its ladder. What is price on request is left out.
3. A workbook and a csv take what a workbook holds; on paper more than `MOST_ON_PAPER` rows are refused, with what to
   do instead.
4. A text that a spreadsheet would take for a formula is guarded by an apostrophe in csv, and is a text in a workbook.
"""

import csv
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from apps.accounts.models import Account
from apps.catalogue.models import CustomerPartNumber, Product
from apps.catalogue.selectors import assortment_of_account
from apps.core import formatting
from apps.core.typesetting import font_names, set_pdf
from apps.pricing.errors import PaperRefused
from apps.pricing.rules import Ask, Decision
from apps.pricing.selectors import prices_for_account

TEMPLATE = Path(__file__).parent / "typst" / "pricelist.typ"
LOT = 2_000
MOST_ON_PAPER = 10_000
MOST_ROWS = 1_048_575
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_FIELDS = ("id", "sku", "name", "uom", "brand__name", "minimum_quantity", "content_quantity", "content_uom")
Progress = Callable[[int, int], None]


class Row(NamedTuple):
    """A step of a product's ladder. `per_content` is the price of one comparable unit, None where there is none."""

    sku: str
    own_number: str
    name: str
    brand: str
    uom: str
    min_quantity: int
    unit_price: Decimal
    currency: str
    per_content: Decimal | None
    content_uom: str
    source: str


def headings() -> list[str]:
    return [
        _("SKU"), _("Your part number"), _("Name"), _("Brand"), _("Unit"), _("From quantity"), _("Unit price"),
        _("Currency"), _("Price per comparable unit"), _("Comparable unit"), _("Price from"),
    ]  # fmt: skip


def write(kind: str, account: Account, on: date, path: Path, progress: Progress) -> int:
    """Write the account's price list to `path`; how many rows. `progress` is told products done and in all."""
    rows = rows_of(account, on, progress)
    return {"csv": _write_csv, "xlsx": _write_xlsx, "pdf": _write_pdf}[kind](rows, path, account, on)


def rows_of(account: Account, on: date, progress: Progress) -> Iterator[Row]:
    """The rows, by the products' ids."""
    sold = Product.objects.on_sale().in_assortment(assortment_of_account(account.pk)).order_by("id")
    total, done, last = sold.count(), 0, 0
    progress(0, total)
    while lot := list(sold.filter(id__gt=last).values_list(*_FIELDS)[:LOT]):
        own = dict(
            CustomerPartNumber.objects.filter(account=account, product__in=[each[0] for each in lot])
            .values_list("product_id", "code")
        )  # fmt: skip
        asks = {each[0]: Ask(each[0], each[5]) for each in lot}
        prices = prices_for_account(account.pk, asks.values(), on)
        for product in lot:
            yield from _rows(product, own.get(product[0], ""), prices[asks[product[0]]])
        last, done = lot[-1][0], done + len(lot)
        progress(done, total)


def _rows(product: tuple, own_number: str, price: Decision) -> Iterator[Row]:
    _pk, sku, name, uom, brand, _minimum, content, content_uom = product
    for step in price.breaks:
        per_content = round(step.unit_price / content, 4) if content else None
        yield Row(
            sku, own_number, name, brand or "", uom, step.min_quantity, step.unit_price, price.currency, per_content,
            content_uom if content else "", price.source_name,
        )  # fmt: skip


def _write_csv(rows: Iterator[Row], path: Path, account: Account, on: date) -> int:
    written = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings())
        for row in rows:
            writer.writerow([_guarded(cell) for cell in row])
            written += 1
    return written


def _guarded(cell) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if isinstance(cell, str) and text.startswith(_FORMULA) else text


def _write_xlsx(rows: Iterator[Row], path: Path, account: Account, on: date) -> int:
    number = 0
    with Workbook(str(path), {"constant_memory": True}) as book:
        page, bold = book.add_worksheet(_("Prices")), book.add_format({"bold": True})
        price = book.add_format({"num_format": "#,##0.00##"})
        for column, (heading, width) in enumerate(zip(headings(), _WIDTHS, strict=True)):
            page.set_column(column, column, width)
            page.write_string(0, column, heading, bold)
        page.freeze_panes(1, 1)
        for number, row in enumerate(rows, 1):
            if number > MOST_ROWS:
                raise PaperRefused(_("A workbook holds %(most)s rows: choose CSV.") % {"most": f"{MOST_ROWS:,}"})
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    page.write_string(number, column, cell)
                elif cell is not None:
                    page.write_number(number, column, cell, price if isinstance(cell, Decimal) else None)
    return number


_WIDTHS = (18, 18, 48, 18, 8, 10, 12, 9, 14, 12, 28)


def _write_pdf(rows: Iterator[Row], path: Path, account: Account, on: date) -> int:
    number_of = formatting.number_writer(get_language()).write
    lines: list[list[str]] = []
    for row in rows:
        if len(lines) == MOST_ON_PAPER:
            most = number_of(MOST_ON_PAPER)
            raise PaperRefused(
                _("More than %(most)s prices do not fit on paper: choose Excel or CSV.") % {"most": most}
            )
        first = not lines or lines[-1][0] != row.sku
        price = formatting.unit_price(row.unit_price, row.currency)
        lines.append([row.sku, row.name if first else "", f"{number_of(row.min_quantity)} {row.uom}", price])
    path.write_bytes(set_pdf(TEMPLATE, _document(account, on, lines)))
    return len(lines)


def _document(account: Account, on: date, lines: list[list[str]]) -> dict:
    day = formatting.date_range(on, on, get_language())
    return {
        "language": (get_language() or "en").split("-")[0],
        "rtl": get_language_bidi(),
        "fonts": font_names(),
        "kind": _("Price list"),
        "name": account.name,
        "about": _("Prices of %(day)s in %(currency)s, net of tax") % {"day": day, "currency": account.currency},
        "columns": [_("SKU"), _("Name"), _("From"), _("Unit price")],
        "lines": lines,
        "footer": _("%(account)s · prices of %(day)s") % {"account": account.number, "day": day},
    }
