"""Prices, terms and taxes as they hold for an account on a date."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date
from decimal import Decimal

from django.conf import settings
from django.db import connection
from django.db.models import Case, DateTimeField, DecimalField, ExpressionWrapper, OuterRef, Subquery, Value, When
from django.db.models.functions import TruncDate

from apps.accounts.models import Account
from apps.core.money import ZERO
from apps.core.scoping import Actor
from apps.pricing.errors import PriceListNotFound
from apps.pricing.models import AccountTerms, ExchangeRate, PriceList, TaxRate
from apps.pricing.rules import (
    ACCOUNT,
    CONTRACT,
    GROUP,
    LIST,
    Agreement,
    Ask,
    Break,
    Decision,
    Tariff,
    decide,
    owes_reverse_charge,
    unit_price,
)

_RATE = DecimalField(max_digits=18, decimal_places=8)

# Contracts up the account tree, and lists; a row without a source tells the currency even where nothing is agreed.
_AGREEMENTS = """
WITH buyer AS (
    SELECT a.currency, a.path, a.group_id, t.price_list_id
    FROM accounts_account a LEFT JOIN pricing_accountterms t ON t.account_id = a.id
    WHERE a.id = %(account)s
), lineage AS (
    SELECT id::bigint, depth
    FROM buyer, unnest(string_to_array(trim(BOTH '/' FROM path), '/')) WITH ORDINALITY t(id, depth)
), lists AS NOT MATERIALIZED (
    SELECT id, code, name, currency, group_id, is_base FROM pricing_pricelist
    WHERE valid_from <= %(on)s AND (valid_until IS NULL OR valid_until >= %(on)s)
)
SELECT '', 0, '', '', 0, false, currency FROM buyer
UNION ALL
SELECT 'contract', c.id, c.number, c.name, (SELECT max(depth) FROM lineage) - lineage.depth,
    c.is_exclusive, buyer.currency
FROM buyer, lineage JOIN pricing_contract c ON c.account_id = lineage.id
WHERE c.currency = buyer.currency AND c.valid_from <= %(on)s AND (c.valid_until IS NULL OR c.valid_until >= %(on)s)
UNION ALL
SELECT 'account', l.id, l.code, l.name, 0, false, l.currency
FROM buyer JOIN lists l ON l.id = buyer.price_list_id AND l.currency = buyer.currency
UNION ALL
SELECT 'group', l.id, l.code, l.name, 0, false, l.currency
FROM buyer JOIN lists l ON l.group_id = buyer.group_id AND l.currency = buyer.currency
UNION ALL
SELECT 'list', l.id, l.code, l.name, 0, false, l.currency
FROM buyer JOIN lists l ON l.is_base AND l.currency = buyer.currency
"""

_NAMED_LAST = ("", CONTRACT, ACCOUNT, GROUP, LIST)

# The oldest base list speaks for the house.
_BASE_LIST = """
SELECT 'list', id, code, name, 0, false, currency FROM pricing_pricelist
WHERE is_base AND valid_from <= %(on)s AND (valid_until IS NULL OR valid_until >= %(on)s)
ORDER BY id LIMIT 1
"""

# Of two prices of a list for the same quantity, both in force, the later start has replaced the earlier.
_PRICES = """
SELECT true, contract_id, product_id, min_quantity, unit_price FROM pricing_contractprice
WHERE product_id = ANY(%(products)s) AND contract_id = ANY(%(contracts)s)
UNION ALL
(SELECT DISTINCT ON (product_id, price_list_id, min_quantity)
    false, price_list_id, product_id, min_quantity, unit_price
FROM pricing_price
WHERE product_id = ANY(%(products)s) AND price_list_id = ANY(%(lists)s)
    AND valid_from <= %(on)s AND (valid_until IS NULL OR valid_until >= %(on)s)
ORDER BY product_id, price_list_id, min_quantity, valid_from DESC)
"""

_AGREED = """
SELECT product_id FROM pricing_contractprice WHERE contract_id = ANY(%(contracts)s)
UNION
SELECT product_id FROM pricing_price WHERE price_list_id = ANY(%(lists)s)
    AND valid_from <= %(on)s AND (valid_until IS NULL OR valid_until >= %(on)s)
"""


def prices_for(actor: Actor, asks: Iterable[Ask], on: date) -> dict[Ask, Decision]:
    """The actor's unit price of each ask on a date, in two queries however many are asked.

    Somebody without an account (a rep who browses) is told the base list.
    """
    return prices_for_account(actor.account_id, asks, on)


def unit_prices_for(actor: Actor, asks: Iterable[Ask], on: date) -> dict[Ask, Decimal]:
    """The same unit prices without their reasons, for thousands of asks; what has none is not in it. Two queries."""
    asks = tuple(dict.fromkeys(asks))
    if not asks:
        return {}
    _currency, agreements = _agreements_of(actor.account_id, on)
    tariffs = _tariffs(agreements, {ask[0] for ask in asks}, on)
    prices = {ask: unit_price(tariffs.get(ask[0], ()), ask[1]) for ask in asks}
    return {ask: price for ask, price in prices.items() if price is not None}


def prices_for_account(account_id: int | None, asks: Iterable[Ask], on: date) -> dict[Ask, Decision]:
    """The same for an account known by its id."""
    asks = tuple(dict.fromkeys(asks))
    if not asks:
        return {}
    currency, agreements = _agreements_of(account_id, on)
    tariffs = _tariffs(agreements, {ask[0] for ask in asks}, on)
    return {ask: decide(tariffs.get(ask[0], ()), ask[1], currency) for ask in asks}


def _agreements_of(account_id: int | None, on: date) -> tuple[str, dict[tuple[bool, int], Agreement]]:
    """The account's currency, and what it agreed by (is a contract, id).

    A list that reaches the account twice counts once: as the base list before a group's, a group's before the terms'.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BASE_LIST if account_id is None else _AGREEMENTS, {"account": account_id, "on": on})
        rows = sorted(cursor.fetchall(), key=lambda row: _NAMED_LAST.index(row[0]))
    currency = rows[0][-1] if rows else ""
    return currency, {(row[0] == CONTRACT, row[1]): Agreement(row[0], *row[2:6]) for row in rows if row[0]}


def _tariffs(agreements: dict[tuple[bool, int], Agreement], products: set[int], on: date) -> dict[int, list[Tariff]]:
    steps: dict[tuple[int, bool, int], list[Break]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            _PRICES,
            {
                "products": sorted(products),
                "contracts": [pk for is_contract, pk in agreements if is_contract],
                "lists": [pk for is_contract, pk in agreements if not is_contract],
                "on": on,
            },
        )
        for is_contract, pk, product_id, min_quantity, unit_price in cursor.fetchall():
            steps[product_id, is_contract, pk].append(Break(min_quantity, unit_price))
    tariffs = defaultdict(list)
    for (product_id, is_contract, pk), found in steps.items():
        tariffs[product_id].append(Tariff(agreements[is_contract, pk], found))
    return tariffs


def agreed_products(actor: Actor, on: date) -> frozenset[int]:
    """Ids of the products that have a price of the account's own on a date: in a contract of it or of an account above
    it, or in the list of its terms. Two queries; none for who stands in no account."""
    if actor.account_id is None:
        return frozenset()
    _currency, agreements = _agreements_of(actor.account_id, on)
    own = {key for key, agreement in agreements.items() if agreement.source in (CONTRACT, ACCOUNT)}
    with connection.cursor() as cursor:
        cursor.execute(
            _AGREED,
            {
                "contracts": [pk for is_contract, pk in own if is_contract],
                "lists": [pk for is_contract, pk in own if not is_contract],
                "on": on,
            },
        )
        return frozenset(product_id for (product_id,) in cursor.fetchall())


def list_prices(list_id: int, product_ids: Iterable[int], on: date) -> dict[int, list[Break]]:
    """The prices that products have on one list on a date, lowest quantity first; one query."""
    found: dict[int, list[Break]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_PRICES, {"products": list(product_ids), "contracts": [], "lists": [list_id], "on": on})
        for _contract, _list, product_id, min_quantity, unit_price in cursor.fetchall():
            found[product_id].append(Break(min_quantity, unit_price))
    return {product_id: sorted(breaks) for product_id, breaks in found.items()}


def price_list_id(code: str) -> int:
    """The id of the price list of that code; `PriceListNotFound` where there is none."""
    found = PriceList.objects.filter(code=code).values_list("pk", flat=True).first()
    if found is None:
        raise PriceListNotFound(code=code)
    return found


def currency_of_list(list_id: int) -> str:
    return PriceList.objects.values_list("currency", flat=True).get(pk=list_id)


def terms_of(account_id: int) -> AccountTerms:
    """How the account pays; without agreed terms it pays at once and has no credit (an unsaved row)."""
    found = AccountTerms.objects.filter(account_id=account_id).first()
    return found or AccountTerms(account_id=account_id, net_days=0, credit_limit=ZERO, exposure=ZERO)


def tax_percents(country: str, tax_classes: Iterable[str], on: date) -> dict[str, Decimal]:
    """Percent of tax for each tax class on goods sent to a country, in one query.

    A class without a rate of its own takes the country's standard rate; a country without rates is taxed as at home.
    """
    wanted = set(tax_classes)
    home = settings.HOME_COUNTRY
    rates = _rates_in({country, home}, on)
    known = rates.get(country) or rates.get(home, {})
    return {tax_class: known.get(tax_class, known.get("standard", ZERO)) for tax_class in wanted}


def house_rate(*, currency: str = "currency", at: str = "placed_at") -> Case:
    """As an expression over rows with a currency and an instant: what one unit was worth in the house's currency then.

    1 for the house's own currency; for another the latest rate that began on or before that day (UTC); null where there
    is none, which nobody may take for nothing.
    """
    day = TruncDate(ExpressionWrapper(OuterRef(at), DateTimeField()), tzinfo=UTC)
    begun = ExchangeRate.objects.filter(currency=OuterRef(currency), valid_from__lte=day)
    latest = Subquery(begun.order_by("-valid_from").values("rate")[:1])
    return Case(When(**{currency: settings.HOME_CURRENCY}, then=Value(Decimal(1))), default=latest, output_field=_RATE)


def _rates_in(countries: set[str], on: date) -> dict[str, dict[str, Decimal]]:
    rows = TaxRate.objects.filter(country__in=countries, valid_from__lte=on).order_by("valid_from")
    rates: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for country, tax_class, percent in rows.values_list("country", "tax_class", "percent"):
        rates[country][tax_class] = percent
    return rates


def tax_percents_for(account: Account, country: str, tax_classes: Iterable[str], on: date) -> dict[str, Decimal]:
    """The same for an account: nothing where the tax is the receiver's to pay (`rules.owes_reverse_charge`)."""
    reverse = owes_reverse_charge(
        country,
        home=settings.HOME_COUNTRY,
        account_country=account.country,
        vat_number=account.vat_number,
        vat_verified=account.vat_verified,
    )
    return dict.fromkeys(tax_classes, ZERO) if reverse else tax_percents(country, tax_classes, on)
