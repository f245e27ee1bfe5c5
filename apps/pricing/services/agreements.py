"""Prices are set, withdrawn and loaded; what held before stays what it was on the days before."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from apps.core import events
from apps.core.bulk import merge, stage
from apps.core.scoping import SYSTEM, Actor
from apps.pricing.errors import PriceRefused
from apps.pricing.models import ContractPrice, Price, PriceList

ONE_DAY = timedelta(days=1)
_AGREED = ("product_id", "min_quantity", "unit_price")


@transaction.atomic
def set_price(price: Price | ContractPrice, *, now: datetime, actor: Actor = SYSTEM) -> None:
    """Keep one price of a list or a contract, new or changed.

    A price that held before today and is another now ends yesterday, and the new one begins today: what an order of the
    past cost stays what it was.
    """
    if not price.unit_price.is_finite() or price.unit_price < 0 or price.min_quantity < 1:
        raise PriceRefused
    today = timezone.localdate(now)
    if price.pk and _ended_before(price, today):
        price.pk, price.valid_from = None, max(today, price.valid_from)
        price._state.adding = True
    price.save()
    _record_price(price, now, actor, unit_price=str(price.unit_price))


def _ended_before(price: Price | ContractPrice, today: date) -> bool:
    """End the price as it stood, if it has been in force and something about it is another now; whether so."""
    stood = type(price).objects.select_for_update().filter(pk=price.pk, valid_from__lt=today).first()
    if stood is None or all(getattr(stood, name) == getattr(price, name) for name in _AGREED):
        return False
    if stood.valid_until is None or stood.valid_until >= today:
        stood.valid_until = today - ONE_DAY
        stood.save(update_fields=["valid_until"])
    return True


@transaction.atomic
def withdraw_price(price: Price | ContractPrice, *, now: datetime, actor: Actor = SYSTEM) -> None:
    """Take one price off a list or a contract from today on; until yesterday it held."""
    _record_price(price, now, actor, unit_price=None)
    today = timezone.localdate(now)
    if price.valid_from >= today:
        price.delete()
    elif price.valid_until is None or price.valid_until >= today:
        price.valid_until = today - ONE_DAY
        price.save(update_fields=["valid_until"])


def _record_price(price: Price | ContractPrice, now: datetime, actor: Actor, **facts) -> None:
    if isinstance(price, Price):
        subject, account_id = f"price_list:{price.price_list.code}", None
    else:
        subject, account_id = f"contract:{price.contract.number}", price.contract.account_id
    events.record(
        "price.changed",
        subject,
        account_id=account_id,
        actor=actor,
        at=now,
        sku=price.product.sku,
        min_quantity=price.min_quantity,
        **facts,
    )


@transaction.atomic
def load_prices(price_list: PriceList | int, rows: Iterable[Sequence]) -> int:
    """Set many prices of a list; how many were new or different.

    `rows` are (product_id, min_quantity, unit_price, valid_from, valid_until or None). A row replaces the one with the
    same product, quantity and start. Whoever loads records what was loaded: there is no event for each row.
    """
    list_id = price_list if isinstance(price_list, int) else price_list.pk
    columns = ("price_list_id", "product_id", "min_quantity", "unit_price", "valid_from", "valid_until")
    key = ("product_id", "price_list_id", "min_quantity", "valid_from")
    with connection.cursor() as cursor:
        return merge(cursor, "pricing_price", columns, key, ((list_id, *row) for row in rows))


@transaction.atomic
def set_list_prices(
    price_list: PriceList | int, product_ids: Iterable[int], rows: Iterable[Sequence], *, on: date
) -> int:
    """From `on`, these products have on the list the prices of `rows` and no others; how many prices changed.

    `rows` are (product_id, min_quantity, unit_price). A price that holds already is left alone, so the same rows twice
    change nothing; a price that is not said any more ends the day before. What starts later is untouched.
    """
    list_id = price_list if isinstance(price_list, int) else price_list.pk
    said = {"list": list_id, "products": list(product_ids), "on": on}
    with connection.cursor() as cursor:
        staged = stage(cursor, "pricing_price", ("product_id", "min_quantity", "unit_price"), rows)
        changed = 0
        for statement in (_END_PRICES, _DROP_PRICES, _START_PRICES):
            cursor.execute(statement.format(staged=staged), said)
            changed += cursor.rowcount
        return changed


_NOT_SAID = """
p.price_list_id = %(list)s AND p.product_id = ANY(%(products)s) AND NOT EXISTS (
    SELECT FROM {staged} s WHERE s.product_id = p.product_id AND s.min_quantity = p.min_quantity)
"""
_END_PRICES = f"""
UPDATE pricing_price p SET valid_until = %(on)s::date - 1
WHERE {_NOT_SAID} AND p.valid_from < %(on)s AND (p.valid_until IS NULL OR p.valid_until >= %(on)s)
"""
_DROP_PRICES = f"DELETE FROM pricing_price p WHERE {_NOT_SAID} AND p.valid_from = %(on)s"
_START_PRICES = """
INSERT INTO pricing_price AS p (price_list_id, product_id, min_quantity, unit_price, valid_from)
SELECT DISTINCT ON (s.product_id, s.min_quantity) %(list)s, s.product_id, s.min_quantity, s.unit_price, %(on)s::date
FROM {staged} s LEFT JOIN LATERAL (
    SELECT q.unit_price FROM pricing_price q
    WHERE q.product_id = s.product_id AND q.price_list_id = %(list)s AND q.min_quantity = s.min_quantity
        AND q.valid_from <= %(on)s AND (q.valid_until IS NULL OR q.valid_until >= %(on)s)
    ORDER BY q.valid_from DESC LIMIT 1
) now ON true
WHERE now.unit_price IS DISTINCT FROM s.unit_price
ORDER BY s.product_id, s.min_quantity, s.ctid DESC
ON CONFLICT (product_id, price_list_id, min_quantity, valid_from) DO UPDATE
SET unit_price = EXCLUDED.unit_price, valid_until = NULL
"""


@transaction.atomic
def load_contract_prices(rows: Iterable[Sequence], *, on: date) -> int:
    """Set many contract prices from `on`, of any contracts; how many were new or different.

    `rows` are (contract_id, product_id, min_quantity, unit_price). What held before is kept for the days before.
    """
    columns = ("contract_id", "product_id", "min_quantity", "unit_price")
    with connection.cursor() as cursor:
        staged = stage(cursor, "pricing_contractprice", columns, rows)
        cursor.execute(_START_CONTRACT_PRICES.format(staged=staged), {"on": on})
        return cursor.rowcount


_START_CONTRACT_PRICES = """
INSERT INTO pricing_contractprice AS p (contract_id, product_id, min_quantity, unit_price, valid_from)
SELECT DISTINCT ON (s.product_id, s.contract_id, s.min_quantity)
    s.contract_id, s.product_id, s.min_quantity, s.unit_price, %(on)s::date
FROM {staged} s LEFT JOIN LATERAL (
    SELECT q.unit_price FROM pricing_contractprice q
    WHERE q.product_id = s.product_id AND q.contract_id = s.contract_id AND q.min_quantity = s.min_quantity
        AND q.valid_from <= %(on)s AND (q.valid_until IS NULL OR q.valid_until >= %(on)s)
    ORDER BY q.valid_from DESC LIMIT 1
) now ON true
WHERE now.unit_price IS DISTINCT FROM s.unit_price
ORDER BY s.product_id, s.contract_id, s.min_quantity, s.ctid DESC
ON CONFLICT (product_id, contract_id, min_quantity, valid_from) DO UPDATE
SET unit_price = EXCLUDED.unit_price, valid_until = NULL
"""


@transaction.atomic
def ensure_base_list(currency: str, *, name: str, valid_from: date) -> PriceList:
    """The base list of a currency, made where there is none."""
    found = PriceList.objects.filter(is_base=True, currency=currency).order_by("pk").first()
    return found or PriceList.objects.create(
        code=f"BASE-{currency}", name=name, currency=currency, is_base=True, valid_from=valid_from
    )
