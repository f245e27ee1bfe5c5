"""From sorted lines to accounts, products, prices, orders and invoices, through the services of their domains."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby, islice
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Min
from django.utils.translation import gettext as _

from apps.accounts.services.history import PastAccount, load_accounts
from apps.accounts.zones import zone_of_place
from apps.catalogue.selectors import products_by_sku
from apps.catalogue.services import ProductRow, count_products, load_products
from apps.catalogue.services.categories import ensure_category
from apps.delivery.services import ensure_standard_delivery
from apps.integrations.models import SalesHistoryImport
from apps.integrations.sales_history.countries import country_code
from apps.integrations.sales_history.evidence import BREAKS, RECENT_DAYS, WITNESSED, ladder_of
from apps.invoicing.services.history import PastInvoice, PastInvoiceLine, load_invoices
from apps.ordering.services.history import PastLine, PastOrder, load_orders
from apps.pricing.services import ensure_base_list, ensure_terms, load_prices

BATCH = 1_000
NET_DAYS = 30
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Setting:
    """What the export does not say: the distributor's country, currency, time zone, and the category of its range."""

    country: str
    currency: str
    time_zone: str
    category: str


def load_parties(run: SalesHistoryImport, setting: Setting) -> None:
    """Accounts with terms, and a way for goods to reach them."""
    accounts = list(_accounts(run, setting))
    ids = load_accounts(accounts)
    ensure_terms((account_id for account_id, _contact in ids.values()), net_days=NET_DAYS)
    ensure_standard_delivery(
        home=setting.country,
        countries={account.country for account in accounts},
        currency=setting.currency,
        time_zone=setting.time_zone,
    )


def load_range(run: SalesHistoryImport, setting: Setting) -> None:
    """Products that were sold, named as they were most often; a SKU that is known stays as it is."""
    category = ensure_category(setting.category)
    products = [
        ProductRow(sku=sku, name=readable(name) or sku, category=category.slug, popularity=lines)
        for sku, name, lines in _rows(_PRODUCTS, run)
    ]  # read to the end: the connection cannot stream out and copy in at once
    load_products(products, only_new=True)
    count_products()


def load_evidence(run: SalesHistoryImport, setting: Setting) -> None:
    """List prices and quantity breaks as the lines witnessed them."""
    valid_from = run.lines.filter(kind="goods").aggregate(first=Min("sold_at"))["first"]
    if valid_from is None:
        return
    ladders = {
        sku: ladder_of({band: (lines, price) for _sku, band, lines, price in bands})
        for sku, bands in groupby(_rows(WITNESSED, run, breaks=list(BREAKS), days=RECENT_DAYS), key=lambda row: row[0])
    }
    products = products_by_sku(ladders)
    base = ensure_base_list(setting.currency, name=_("List prices"), valid_from=valid_from.date())
    load_prices(
        base,
        (
            (products[sku].pk, quantity, price, valid_from.date(), None)
            for sku, ladder in ladders.items()
            for quantity, price in ladder
        ),
    )


def load_documents(run: SalesHistoryImport, setting: Setting, progress: Progress) -> None:
    """Orders with their invoices, and credit notes; those of an earlier, interrupted run are passed over."""
    contacts = load_accounts(_accounts(run, setting))
    products = products_by_sku({sku for (sku,) in _rows("SELECT DISTINCT sku " + _FROM_GOODS, run)})
    documents = islice(_documents(run), run.reached, None)
    while batch := list(islice(documents, BATCH)):
        load_orders(order for document in batch if (order := document.order(setting, contacts, products)))
        load_invoices(invoice for document in batch if (invoice := document.invoice(setting, contacts)))
        run.reached += len(batch)
        run.save(update_fields=["reached"])
        progress(run.reached)


def documents_of(run: SalesHistoryImport) -> int:
    """How many documents will become orders, invoices or credit notes."""
    return next(_rows(f"SELECT count(DISTINCT document) FROM ({_LINES}) AS lines", run))[0]


def readable(name: str) -> str:
    """A name that was typed in capitals, as one reads it."""
    return name.capitalize() if name.isupper() else name


class _Line(NamedTuple):
    document: str
    customer: str
    country: str
    sold_at: datetime
    kind: str
    sku: str
    name: str
    quantity: int
    unit_price: Decimal
    netted: int
    row_number: int


@dataclass(frozen=True, slots=True)
class _Document:
    number: str
    lines: tuple[_Line, ...]

    @property
    def is_cancellation(self) -> bool:
        return sum(line.quantity * line.unit_price for line in self.lines) < 0

    def order(self, setting: Setting, contacts: dict, products: dict) -> PastOrder | None:
        goods = [line for line in self.lines if line.kind == "goods"]
        if not goods:
            return None
        account_id, contact_id = contacts[goods[0].customer]
        return PastOrder(
            number=self.number,
            account_id=account_id,
            contact_id=contact_id,
            placed_at=goods[0].sold_at,
            currency=setting.currency,
            country=country_code(goods[0].country, otherwise=setting.country),
            lines=tuple(
                PastLine(
                    product_id=products[line.sku].pk,
                    sku=line.sku,
                    name=readable(line.name) or line.sku,
                    quantity=line.quantity,
                    unit_price=line.unit_price,
                    returned_quantity=line.netted,
                )
                for line in goods
            ),
        )

    def invoice(self, setting: Setting, contacts: dict) -> PastInvoice | None:
        first = self.lines[0]
        return PastInvoice(
            number=self.number,
            kind="credit_note" if self.is_cancellation else "invoice",
            account_id=contacts[first.customer][0],
            issued_on=_local_date(first.sold_at, setting),
            currency=setting.currency,
            lines=tuple(
                PastInvoiceLine(
                    name=readable(line.name) or line.sku,
                    quantity=line.quantity,
                    unit_price=line.unit_price,
                    sku="" if line.kind == "charges" else line.sku,
                )
                for line in self.lines
            ),
            order_number="" if self.is_cancellation else self.number,
        )


def _accounts(run: SalesHistoryImport, setting: Setting) -> Iterator[PastAccount]:
    for customer, country, since in _rows(_CUSTOMERS, run, zone=setting.time_zone):
        yield PastAccount(
            number=customer,
            name=_("Account %(number)s") % {"number": customer},
            country=(code := country_code(country, otherwise=setting.country)),
            currency=setting.currency,
            time_zone=zone_of_place(code, chosen=setting.time_zone, otherwise=setting.time_zone),
            since_on=since,
            contact_name=_("Buyer of account %(number)s") % {"number": customer},
        )


def _documents(run: SalesHistoryImport) -> Iterator[_Document]:
    rows = map(_Line._make, _rows(f'{_LINES} ORDER BY document COLLATE "C", row_number', run))
    for number, lines in groupby(rows, key=lambda line: line.document):
        yield _Document(number, tuple(lines))


def _local_date(at: datetime, setting: Setting) -> date:
    return at.astimezone(ZoneInfo(setting.time_zone)).date()


def _rows(sql: str, run: SalesHistoryImport, **more) -> Iterator[tuple]:
    """The answer as a stream: the file may be larger than the memory."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, {"run": run.pk, **more})
        yield from _stream(cursor)


def _stream(cursor, size: int = 5_000) -> Iterator[tuple]:
    while rows := cursor.fetchmany(size):
        yield from rows


_FROM_GOODS = "FROM integrations_saleshistoryline WHERE run_id = %(run)s AND kind = 'goods'"
_CUSTOMERS = """
SELECT customer, mode() WITHIN GROUP (ORDER BY country), min(sold_at AT TIME ZONE %(zone)s)::date
FROM integrations_saleshistoryline
WHERE run_id = %(run)s AND kind IN ('goods', 'cancellations', 'charges') AND customer <> ''
GROUP BY customer ORDER BY customer
"""
_PRODUCTS = f"""
SELECT sku, coalesce(mode() WITHIN GROUP (ORDER BY description) FILTER (WHERE description <> ''), ''), count(*)
{_FROM_GOODS} GROUP BY sku ORDER BY sku
"""
_LINES = """
SELECT document, customer, country, sold_at, kind, sku, description, quantity, unit_price, netted, row_number
FROM integrations_saleshistoryline
WHERE run_id = %(run)s AND kind IN ('goods', 'cancellations', 'charges') AND customer <> ''
"""
