"""What changes agreements and credit."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Greatest

from apps.core import events
from apps.core.bulk import merge, stage
from apps.core.money import ZERO
from apps.core.scoping import SYSTEM, Actor
from apps.pricing.errors import AmountRefused, PriceRefused
from apps.pricing.models import AccountTerms, ContractPrice, Price, PriceList


@transaction.atomic(savepoint=False)
def take_credit(account_id: int, amount: Decimal) -> bool:
    """Add `amount` to what the account owes if its limit allows; False says it does not, and nothing was taken.

    One conditional update: of two orders that together pass the limit, one gets it. An account without terms has none.
    """
    _demand_amount(amount)
    within = Q(credit_limit=None) | Q(credit_limit__gte=F("exposure") + amount)
    taken = AccountTerms.objects.filter(within, account_id=account_id).update(exposure=F("exposure") + amount)
    return taken == 1


@transaction.atomic
def add_exposure(account_id: int, amount: Decimal) -> None:
    """Add `amount` whatever the limit says: somebody at the credit desk released it."""
    _demand_amount(amount)
    terms = AccountTerms(account_id=account_id, net_days=0, credit_limit=ZERO, exposure=ZERO)
    AccountTerms.objects.bulk_create([terms], ignore_conflicts=True)
    AccountTerms.objects.filter(account_id=account_id).update(exposure=F("exposure") + amount)


@transaction.atomic
def release_credit(account_id: int, amount: Decimal) -> None:
    """Take `amount` off what the account owes: cancelled, credited or paid. More than is owed leaves nothing owed."""
    _demand_amount(amount)
    less = Greatest(F("exposure") - amount, Value(ZERO))
    AccountTerms.objects.filter(account_id=account_id).update(exposure=less)


def _demand_amount(amount: Decimal) -> None:
    if not amount.is_finite() or amount < 0:
        raise AmountRefused


@transaction.atomic
def set_price(price: Price | ContractPrice, *, now: datetime, actor: Actor = SYSTEM) -> None:
    """Keep one price of a list or a contract, new or changed."""
    if not price.unit_price.is_finite() or price.unit_price < 0 or price.min_quantity < 1:
        raise PriceRefused
    price.save()
    _record_price(price, now, actor, unit_price=str(price.unit_price))


@transaction.atomic
def withdraw_price(price: Price | ContractPrice, *, now: datetime, actor: Actor = SYSTEM) -> None:
    """Take one price off a list or a contract; the history of orders keeps what was paid."""
    _record_price(price, now, actor, unit_price=None)
    price.delete()


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
def load_contract_prices(rows: Iterable[Sequence]) -> int:
    """Set many contract prices, of any contracts; how many were new or different.

    `rows` are (contract_id, product_id, min_quantity, unit_price).
    """
    columns = ("contract_id", "product_id", "min_quantity", "unit_price")
    key = ("product_id", "contract_id", "min_quantity")
    with connection.cursor() as cursor:
        return merge(cursor, "pricing_contractprice", columns, key, rows)


@transaction.atomic
def ensure_base_list(currency: str, *, name: str, valid_from: date) -> PriceList:
    """The base list of a currency, made where there is none."""
    found = PriceList.objects.filter(is_base=True, currency=currency).order_by("pk").first()
    return found or PriceList.objects.create(
        code=f"BASE-{currency}", name=name, currency=currency, is_base=True, valid_from=valid_from
    )


@transaction.atomic
def ensure_terms(account_ids: Iterable[int], *, net_days: int) -> None:
    """Let accounts that have no terms yet pay `net_days` after the invoice, without a credit limit."""
    AccountTerms.objects.bulk_create(
        [AccountTerms(account_id=account_id, net_days=net_days) for account_id in account_ids], ignore_conflicts=True
    )
