"""A month of a wholesaler's invoice lines, cleaned by the product's own importer: orders to be placed, and returns."""

import csv
import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils import timezone

from apps.core.money import line_net
from apps.integrations.models import SalesHistoryImport
from apps.integrations.sales_history.loading import Setting
from apps.integrations.sales_history.runs import Request, Step, take_in

SETTING = Setting(country="GB", currency="GBP", time_zone="Europe/London", category="Replayed range")


@dataclass(frozen=True)
class Sale:
    """One order of one customer: SKU -> (quantity, unit price). `rows` is how many lines of the file it holds."""

    key: str
    customer: str
    at: datetime
    lines: dict[str, tuple[int, Decimal]]
    rows: int

    @property
    def pieces(self) -> int:
        return sum(quantity for quantity, _price in self.lines.values())

    @property
    def net(self) -> Decimal:
        """Each line rounded once, as an order rounds it."""
        return sum((line_net(quantity, price, SETTING.currency) for quantity, price in self.lines.values()), Decimal(0))


@dataclass(frozen=True)
class Return:
    """A document that cancels: (row, SKU, pieces) of what one customer sends back or calls off."""

    document: str
    customer: str
    at: datetime
    lines: tuple[tuple[int, str, int], ...]


@dataclass
class Month:
    """What was cleaned of the file: by day, and how many lines of which kind there were."""

    sales: list[Sale] = field(default_factory=list)
    returns: list[Return] = field(default_factory=list)
    kinds: dict[str, int] = field(default_factory=dict)


def read_month(file: Path, first: date, last: date) -> Month:
    """Accounts, products and prices of those days taken in, and the documents of each day. Safe to repeat."""
    with TemporaryDirectory() as place:
        part = Path(place, "lines.csv")
        part.write_text(_rows_between(file, first, last), encoding="utf-8")
        request = Request(path=part, setting=SETTING)
        run = take_in(request, now=timezone.now(), progress=lambda *_: None, before=Step.ORDERS)
    return _month(run)


def _rows_between(file: Path, first: date, last: date) -> str:
    """The file's heading and its lines of those days, both included, as they stand."""
    kept = io.StringIO()
    writer = csv.writer(kept)
    with (gzip.open if file.suffix == ".gz" else open)(file, "rt", encoding="utf-8", newline="") as text:
        rows = csv.reader(text)
        writer.writerow(next(rows))
        writer.writerows(row for row in rows if first.isoformat() <= row[4][:10] <= last.isoformat())
    return kept.getvalue()


def _month(run: SalesHistoryImport) -> Month:
    month = Month()
    lines = run.lines.filter(kind__in=("goods", "cancellations")).order_by("document", "row_number")
    for document, rows in groupby(lines.iterator(), key=lambda line: line.document):
        rows = list(rows)
        goods = [row for row in rows if row.kind == "goods"]
        if goods:
            month.sales += _sales(document, goods)
        else:
            back = tuple((row.row_number, row.sku, -row.quantity) for row in rows)
            month.returns.append(Return(document, rows[0].customer, rows[0].sold_at, back))
    month.sales.sort(key=lambda sale: (sale.at, sale.key))
    month.returns.sort(key=lambda each: (each.at, each.document))
    for kind in run.lines.values_list("kind", flat=True).order_by().distinct():
        month.kinds[kind] = run.lines.filter(kind=kind).count()
    return month


def _sales(document: str, rows: list) -> Iterator[Sale]:
    """The orders a document makes: a SKU is on an order once, so one at two prices is on two orders."""
    waiting = rows
    part = 1
    while waiting:
        lines: dict[str, tuple[int, Decimal]] = {}
        taken, left = [], []
        for row in waiting:
            quantity, price = lines.get(row.sku, (0, row.unit_price))
            if price != row.unit_price:
                left.append(row)
                continue
            lines[row.sku] = (quantity + row.quantity, price)
            taken.append(row)
        key = document if part == 1 else f"{document}-{part}"
        yield Sale(key, taken[0].customer, taken[0].sold_at, lines, len(taken))
        waiting, part = left, part + 1
