"""What an account pays for any number of SKUs, and why, in a constant number of queries.

1. One statement names the agreements that reach the account on the day, with their discounts.
2. One reads the prices of all the products asked about, on all those agreements; and, where there are discounts, where
   the products stand.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import connection

from apps.catalogue.rules import ids_of_path
from apps.core.scoping import Actor
from apps.pricing.rules import (
    ACCOUNT,
    CONTRACT,
    GROUP,
    LIST,
    PROMOTION,
    TREE,
    Agreement,
    Ask,
    Break,
    Decision,
    Discount,
    Place,
    Tariff,
    closest,
    decide,
    discounted,
    unit_price,
)

# A row without a source tells the currency even where nothing is agreed.
_AGREEMENTS = """
WITH buyer AS (
    SELECT a.currency, a.path, a.group_id, t.price_list_id
    FROM accounts_account a LEFT JOIN pricing_accountterms t ON t.account_id = a.id
    WHERE a.id = %(account)s
), lineage AS (
    SELECT id::bigint, (max(depth) OVER () - depth)::int AS distance
    FROM buyer, unnest(string_to_array(trim(BOTH '/' FROM path), '/')) WITH ORDINALITY t(id, depth)
), lists AS NOT MATERIALIZED (
    SELECT id, code, name, currency, group_id, account_id, for_tree, is_base, priority FROM pricing_pricelist
    WHERE valid_from <= %(on)s AND (valid_until IS NULL OR valid_until >= %(on)s)
)
SELECT '' AS source, 0 AS id, '' AS ref, '' AS name, 0 AS distance, false AS exclusive, false AS overrides,
    0 AS priority, currency, null::numeric AS percent, 1 AS min_quantity, null::bigint AS category_id,
    null::bigint AS brand_id, null::bigint AS product_id
FROM buyer
UNION ALL
SELECT 'contract', c.id, c.number, c.name, lineage.distance, c.is_exclusive, c.overrides, 0, buyer.currency,
    d.percent, d.min_quantity, d.category_id, d.brand_id, null
FROM buyer, lineage JOIN pricing_contract c ON c.account_id = lineage.id
LEFT JOIN pricing_contractdiscount d ON d.contract_id = c.id
    AND d.valid_from <= %(on)s AND (d.valid_until IS NULL OR d.valid_until >= %(on)s)
WHERE c.currency = buyer.currency AND c.valid_from <= %(on)s AND (c.valid_until IS NULL OR c.valid_until >= %(on)s)
UNION ALL
SELECT 'account', l.id, l.code, l.name, 0, false, false, l.priority, l.currency, null, 1, null, null, null
FROM buyer JOIN lists l ON l.id = buyer.price_list_id AND l.currency = buyer.currency
UNION ALL
SELECT CASE lineage.distance WHEN 0 THEN 'account' ELSE 'tree' END, l.id, l.code, l.name, lineage.distance, false,
    false, l.priority, l.currency, null, 1, null, null, null
FROM buyer, lineage JOIN lists l ON l.account_id = lineage.id AND (l.for_tree OR lineage.distance = 0)
WHERE l.currency = buyer.currency
UNION ALL
SELECT 'group', l.id, l.code, l.name, 0, false, false, l.priority, l.currency, null, 1, null, null, null
FROM buyer JOIN lists l ON l.group_id = buyer.group_id AND l.currency = buyer.currency
UNION ALL
SELECT 'promotion', p.id, p.code, p.name, 0, false, false, 0, buyer.currency, p.percent, p.min_quantity,
    p.category_id, p.brand_id, p.product_id
FROM buyer, pricing_promotion p
WHERE p.valid_from <= %(on)s AND p.valid_until >= %(on)s AND (p.group_id IS NULL OR p.group_id = buyer.group_id)
    AND (p.account_id IS NULL OR p.account_id IN (SELECT id FROM lineage))
UNION ALL
SELECT 'list', l.id, l.code, l.name, 0, false, false, l.priority, l.currency, null, 1, null, null, null
FROM buyer JOIN lists l ON l.is_base AND l.currency = buyer.currency
"""

_NAMED_LAST = ("", CONTRACT, PROMOTION, ACCOUNT, TREE, GROUP, LIST)

# The oldest base list speaks for the house.
_BASE_LIST = """
SELECT 'list', id, code, name, 0, false, false, priority, currency, null, 1, null, null, null FROM pricing_pricelist
WHERE is_base AND valid_from <= %(on)s AND (valid_until IS NULL OR valid_until >= %(on)s)
ORDER BY id LIMIT 1
"""

# Of two prices of an agreement for the same quantity, both in force, the later start has replaced the earlier.
PRICES = """
(SELECT DISTINCT ON (product_id, contract_id, min_quantity)
    true, contract_id, product_id, min_quantity, unit_price
FROM pricing_contractprice
WHERE product_id = ANY(%(products)s::bigint[]) AND contract_id = ANY(%(contracts)s)
    AND valid_from <= %(on)s AND (valid_until IS NULL OR valid_until >= %(on)s)
ORDER BY product_id, contract_id, min_quantity, valid_from DESC)
UNION ALL
(SELECT DISTINCT ON (product_id, price_list_id, min_quantity)
    false, price_list_id, product_id, min_quantity, unit_price
FROM pricing_price
WHERE product_id = ANY(%(products)s::bigint[]) AND price_list_id = ANY(%(lists)s)
    AND valid_from <= %(on)s AND (valid_until IS NULL OR valid_until >= %(on)s)
ORDER BY product_id, price_list_id, min_quantity, valid_from DESC)
"""

# Net prices of contracts, what stands on lists of one's own, and what discounts of contracts fit; a discount off
# everything distinguishes nothing.
_AGREED = """
SELECT product_id FROM pricing_contractprice WHERE contract_id = ANY(%(contracts)s)
    AND valid_from <= %(on)s AND (valid_until IS NULL OR valid_until >= %(on)s)
UNION
SELECT product_id FROM pricing_price WHERE price_list_id = ANY(%(lists)s)
    AND valid_from <= %(on)s AND (valid_until IS NULL OR valid_until >= %(on)s)
UNION
SELECT p.id FROM pricing_contractdiscount d
LEFT JOIN catalogue_category top ON top.id = d.category_id
JOIN catalogue_category c ON top.id IS NULL OR c.path LIKE top.path || '%%'
JOIN catalogue_product p ON p.category_id = c.id AND (d.brand_id IS NULL OR d.brand_id = p.brand_id)
WHERE d.contract_id = ANY(%(contracts)s) AND (d.category_id IS NOT NULL OR d.brand_id IS NOT NULL)
    AND d.valid_from <= %(on)s AND (d.valid_until IS NULL OR d.valid_until >= %(on)s)
"""

_PLACES = """
SELECT p.id, c.path, p.brand_id FROM catalogue_product p JOIN catalogue_category c ON c.id = p.category_id
WHERE p.id = ANY(%s::bigint[])
"""

# The same prices, and a row without an agreement for each product: its brand and its category's path.
_PRICES_AND_PLACES = f"""
SELECT *, null::text FROM ({PRICES}) price
UNION ALL
SELECT null, p.brand_id, p.id, null, null, c.path
FROM catalogue_product p JOIN catalogue_category c ON c.id = p.category_id
WHERE p.id = ANY(%(products)s::bigint[])
"""

_OWN = (CONTRACT, ACCOUNT, TREE)
_Key = tuple[str, int]


@dataclass(slots=True)
class _Agreed:
    """All that reaches an account: its agreements by kind and id, and the discounts some of them give."""

    currency: str = ""
    agreements: dict[_Key, Agreement] = field(default_factory=dict)
    discounts: dict[_Key, list[Discount]] = field(default_factory=lambda: defaultdict(list))

    def ids(self, *, contracts: bool) -> list[int]:
        return [pk for kind, pk in self.agreements if kind == (CONTRACT if contracts else LIST)]


def prices_for(actor: Actor, asks: Iterable[Ask], on: date) -> dict[Ask, Decision]:
    """The actor's unit price of each ask on a date, in two queries however many are asked.

    Somebody without an account (a rep who browses) is told the base list.
    """
    return prices_for_account(actor.account_id, asks, on)


def unit_prices_for(actor: Actor, asks: Iterable[Ask], on: date) -> dict[Ask, Decimal]:
    """The same unit prices without their reasons, for thousands of asks; what has none is not in it."""
    asks = tuple(dict.fromkeys(asks))
    if not asks:
        return {}
    tariffs = _tariffs(_agreed_with(actor.account_id, on), {ask[0] for ask in asks}, on)
    prices = {ask: unit_price(tariffs.get(ask[0], ()), ask[1]) for ask in asks}
    return {ask: price for ask, price in prices.items() if price is not None}


def agreed_products(actor: Actor, on: date) -> frozenset[int]:
    """Ids of the products that have a price of the account's own on a date: in a contract of it or of an account above
    it, or on a list for it or its tree. Two queries; none for who stands in no account."""
    if actor.account_id is None:
        return frozenset()
    own = [key for key, agreement in _agreed_with(actor.account_id, on).agreements.items() if agreement.source in _OWN]
    contracts = [pk for kind, pk in own if kind == CONTRACT]
    lists = [pk for kind, pk in own if kind == LIST]
    with connection.cursor() as cursor:
        cursor.execute(_AGREED, {"contracts": contracts, "lists": lists, "on": on})
        return frozenset(product_id for (product_id,) in cursor.fetchall())


def prices_for_account(account_id: int | None, asks: Iterable[Ask], on: date) -> dict[Ask, Decision]:
    """The same for an account known by its id."""
    asks = tuple(dict.fromkeys(asks))
    if not asks:
        return {}
    agreed = _agreed_with(account_id, on)
    tariffs = _tariffs(agreed, {ask[0] for ask in asks}, on)
    return {ask: decide(tariffs.get(ask[0], ()), ask[1], agreed.currency) for ask in asks}


def _agreed_with(account_id: int | None, on: date) -> _Agreed:
    """A list that reaches the account twice counts once: as the base list before a group's, before a tree's, before
    the terms'."""
    with connection.cursor() as cursor:
        cursor.execute(_BASE_LIST if account_id is None else _AGREEMENTS, {"account": account_id, "on": on})
        rows = sorted(cursor.fetchall(), key=lambda row: _NAMED_LAST.index(row[0]))
    agreed = _Agreed(rows[0][8] if rows else "")
    for source, pk, ref, name, distance, exclusive, overrides, priority, _currency, *discount in rows:
        if not source:
            continue
        key = (source if source in (CONTRACT, PROMOTION) else LIST), pk
        agreed.agreements[key] = Agreement(source, ref, name, distance, exclusive, overrides, priority)
        if discount[0] is not None:
            agreed.discounts[key].append(Discount(*discount))
    return agreed


def _tariffs(agreed: _Agreed, products: set[int], on: date) -> dict[int, list[Tariff]]:
    """Product -> its tariffs on everything agreed."""
    steps: dict[tuple[int, _Key], list[Break]] = defaultdict(list)
    asked = {"products": as_array(products), "on": on}
    asked |= {"contracts": agreed.ids(contracts=True), "lists": agreed.ids(contracts=False)}
    stands: list[tuple] = []
    with connection.cursor() as cursor:
        cursor.execute(_PRICES_AND_PLACES if agreed.discounts else PRICES, asked)
        for is_contract, pk, product_id, min_quantity, price, *path in cursor.fetchall():
            if is_contract is None:
                stands.append((product_id, *path, pk))
                continue
            key = CONTRACT if is_contract else LIST, pk
            steps[product_id, key].append(Break(min_quantity, price))
    tariffs = defaultdict(list)
    for (product_id, key), found in steps.items():
        tariffs[product_id].append(Tariff(agreed.agreements[key], found))
    if agreed.discounts:
        _add_discounted(tariffs, agreed, steps, _places(stands))
    return tariffs


def as_array(ids: Iterable[int]) -> str:
    """Ids as PostgreSQL writes an array: a tenth of what the driver takes for ten thousand of them."""
    return f"{{{','.join(map(str, sorted(ids)))}}}"


def _add_discounted(tariffs: dict[int, list[Tariff]], agreed: _Agreed, steps, places: Iterable[Place]) -> None:
    """What percentages off the base list come to, where the contract has no net price."""
    listed = {
        product_id: found
        for product_id, of in tariffs.items()
        if (found := [step for tariff in of if tariff.agreement.source == LIST for step in tariff.steps])
    }
    fits: dict[tuple, list[Discount]] = {}
    for place in places:
        if place.product_id not in listed:
            continue
        for key, discounts in agreed.discounts.items():
            same = (key, *place[1:], place.product_id if any(each.product_id for each in discounts) else None)
            fitting = fits.get(same)
            if fitting is None:
                fitting = fits[same] = closest(discounts, place)
            if fitting and (place.product_id, key) not in steps:
                tariff = Tariff(agreed.agreements[key], discounted(listed[place.product_id], fitting))
                tariffs[place.product_id].append(tariff)


def places_of(product_ids: Iterable[int]) -> list[Place]:
    """Where products stand: their categories from the top down, and their brands. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_PLACES, [as_array(product_ids)])
        return _places(cursor.fetchall())


def _places(rows: Sequence[tuple[int, str, int | None]]) -> list[Place]:
    """Of rows of a product, its category's path and its brand; each path is read once."""
    paths = {path: ids_of_path(path) for path in {row[1] for row in rows}}
    return [Place(pk, paths[path], brand_id) for pk, path, brand_id in rows]
