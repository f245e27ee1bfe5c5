"""The next order of each account, reckoned every night from all orders and anew after each order of the account.

1. What counts are order lines of `YEARS`, of an account the latest `MOST_BASKETS` days with an order. Days are days
   where the account is; cancelled and declined orders and test accounts are left out.
2. What is no longer sold counts as what replaces it (the first successor, and that one's, until one is on sale); what
   nothing replaces is left out.
3. What an account never wants to see speaks neither for itself nor for accounts like it.
4. What an account never bought is suggested only where `FEWEST` accounts did: nobody reads a single competitor.
5. An account without any order is told what its segment buys.
6. A training and a refresh right after it leave the same lines.
"""

import json
import resource
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime, timedelta

import numpy as np
from django.db import connection, transaction
from django.utils import timezone

from apps.catalogue.models import Product, ProductRelation
from apps.ordering.models import Order
from apps.recommendations.baskets import Mix, baskets_of
from apps.recommendations.models import Dismissal, NextLine, Training
from apps.recommendations.reckoning import Learnt, Lines, Said, lines_of
from apps.recommendations.rules import LEAST_OCCASIONS
from apps.recommendations.timing import Bought, bought_of, spread_of, usual_gap_of

YEARS, MOST_BASKETS, LENGTH, FEWEST = 3, 300, 60, 3
_MORE, _ACCOUNTS_AT_ONCE, _KEPT_TRAININGS, _CHUNK, _MOST_STEPS = 30, 2_000, 30, 50_000, 10
_FIRST_DAY = date(2000, 1, 1)

_LINES = f"""
SELECT account_id, product_id, day, quantity FROM (
    SELECT *, dense_rank() OVER (PARTITION BY account_id ORDER BY day DESC) AS age FROM (
        SELECT o.account_id, l.product_id, sum(l.quantity)::bigint AS quantity,
            (o.placed_at AT TIME ZONE a.time_zone)::date - DATE '2000-01-01' AS day
        FROM ordering_order o
        JOIN accounts_account a ON a.id = o.account_id AND NOT a.is_test
        JOIN ordering_orderline l ON l.order_id = o.id
        WHERE o.placed_at > %(since)s AND o.placed_at <= %(now)s AND o.status NOT IN ('cancelled', 'declined')
            AND (%(account)s::bigint IS NULL OR o.account_id = %(account)s)
        GROUP BY 1, 2, 4
    ) AS bought
) AS ranked WHERE age <= {MOST_BASKETS}
"""
_COLUMNS = "account_id, product_id, place, quantity, due_on, expected_on, confidence, kind, because, others, replaces"
_VALUES = "place, quantity, due_on, expected_on, confidence, kind, because, others, replaces"
_KEEP = f"""
WITH gone AS (
    DELETE FROM recommendations_nextline n WHERE (%(accounts)s::bigint[] IS NULL OR n.account_id = ANY(%(accounts)s))
        AND NOT EXISTS (SELECT FROM next_lines f WHERE (f.account_id, f.product_id) = (n.account_id, n.product_id))
)
INSERT INTO recommendations_nextline AS n ({_COLUMNS})
SELECT {", ".join(f"f.{name.strip()}" for name in _COLUMNS.split(","))} FROM next_lines f
JOIN catalogue_product p ON p.id = f.product_id AND p.status = 'active'
JOIN accounts_account a ON a.id = f.account_id
ORDER BY f.account_id, f.product_id
ON CONFLICT (account_id, product_id) DO UPDATE SET ({_VALUES}) =
    ({", ".join(f"EXCLUDED.{name.strip()}" for name in _VALUES.split(","))})
WHERE ({", ".join(f"n.{name.strip()}" for name in _VALUES.split(","))}) IS DISTINCT FROM
    ({", ".join(f"EXCLUDED.{name.strip()}" for name in _VALUES.split(","))})
"""
_SEGMENTS = f"""
INSERT INTO next_lines ({_COLUMNS})
SELECT account_id, product_id, place, 1, NULL, NULL, NULL, 'segment', jsonb_build_object('accounts', accounts), 0,
    '{{}}'
FROM (
    SELECT a.id AS account_id, d.product_id, d.accounts,
        row_number() OVER (PARTITION BY a.id ORDER BY d.accounts DESC, d.product_id) AS place
    FROM accounts_account a
    JOIN recommendations_segmentdemand d ON d.segment = a.segment AND d.accounts >= {FEWEST}
    JOIN catalogue_product p ON p.id = d.product_id AND p.status = 'active'
    WHERE a.segment <> '' AND a.is_active AND NOT a.is_test
        AND (%(accounts)s::bigint[] IS NULL OR a.id = ANY(%(accounts)s))
        AND NOT EXISTS (SELECT FROM next_lines f WHERE f.account_id = a.id)
) AS ranked WHERE place <= {LENGTH}
"""


class _History:
    """Order lines by numbers that count from 0: `accounts` and `products` are the ids behind them."""

    def __init__(self, now: datetime, account_id: int | None = None):
        rows = _rows(now, account_id)
        self.read = len(rows)
        ids = np.unique(rows[:, 1])
        replaced = _heirs(ids.tolist())
        former = rows[:, 1]
        heirs = np.array([replaced.get(id_, id_) for id_ in ids.tolist()], np.int64)
        products = heirs[np.searchsorted(ids, rows[:, 1])] if len(ids) else rows[:, 1]
        rows = np.column_stack([rows[:, 0], products, rows[:, 2:], former])
        rows = rows[np.isin(products, _sold(products)) & ~_among(rows, _never(account_id, replaced))]
        self.accounts, account = np.unique(rows[:, 0], return_inverse=True)
        self.products, product = np.unique(rows[:, 1], return_inverse=True)
        shape = len(self.accounts), len(self.products)
        self.bought = bought_of(account.ravel(), product.ravel(), rows[:, 2], rows[:, 3])
        self.baskets = baskets_of(self.bought.accounts, self.bought.products, self.bought.days, *shape)
        self.replaced = _latest_former(rows)

    def known(self, said: Iterable[tuple[int, int, float]]) -> Said:
        """What others say of (account id, product id), by number; products that nobody bought are numbered anew."""
        said = list(said)
        accounts, products = (np.array([row[n] for row in said], np.int64) for n in (0, 1))
        more = np.setdiff1d(products, self.products)
        if len(more):
            ids = np.union1d(self.products, more)
            at = np.searchsorted(ids, self.products)
            self.products = ids
            self.bought = self.bought._replace(products=at[self.bought.products])
            shape = len(self.accounts), len(ids)
            self.baskets = baskets_of(self.bought.accounts, self.bought.products, self.bought.days, *shape)
        at = np.searchsorted(self.accounts, accounts), np.searchsorted(self.products, products)
        return Said(*at, np.array([row[2] for row in said], float))

    def part(self, begin: int, end: int) -> tuple:
        """Baskets and occasions of the accounts numbered from `begin` to before `end`."""
        baskets, bought = self.baskets, self.bought
        rows = slice(*np.searchsorted(baskets.accounts, [begin, end]))
        days = slice(*np.searchsorted(bought.accounts, [begin, end]))
        some = type(baskets)(
            *(column[rows] for column in (baskets.accounts, baskets.products, baskets.ages, baskets.occasions)),
            end,
            baskets.of_products,
        )
        return some, Bought(*(column[days] for column in bought))


def train(now: datetime) -> Training:
    """Reckon the next orders of all accounts, and keep what was learnt. Takes a worker's minute and some hundred MiB.

    Loads scipy, which what answers pages must not. An order placed meanwhile is not lost: its account is refreshed.
    """
    from apps.recommendations.forecast import HeldOut, day_to_part

    began = time.perf_counter()
    history = _History(now)
    held_out = HeldOut(history.baskets, day_to_part(history.baskets))
    mix = held_out.mix()
    measured = len(held_out.able) > 0
    recall = float(held_out.recall(mix, 10).mean()) if measured else None
    learnt = Learnt(mix, held_out.bins(mix, LENGTH), spread_of(history.bought).tolist(), usual_gap_of(history.bought))
    del held_out
    blocks = list(_reckoned(history, learnt, now)) if len(history.accounts) else []
    with _lines_at_hand():
        for lines in blocks:
            _copy(history, lines)
        _keep(None)
        made = Training.objects.create(
            began_at=now,
            took_seconds=round(time.perf_counter() - began, 1),
            peak_mib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            accounts=len(history.accounts),
            lines=history.read,
            mix=asdict(mix),
            bins=learnt.bins,
            spread=learnt.spread,
            usual_gap=learnt.usual_gap,
            recall=recall,
        )
        kept = Training.objects.order_by("-pk").values_list("pk", flat=True)[:_KEPT_TRAININGS]
        Training.objects.exclude(pk__in=list(kept)).delete()
    for account_id in set(Order.objects.filter(placed_at__gt=now).values_list("account_id", flat=True)):
        refresh_next_order(account_id, timezone.now())
    return made


def _reckoned(history: _History, learnt: Learnt, now: datetime) -> Iterator[Lines]:
    from apps.recommendations.forecast import Forecast

    forecast = Forecast(history.baskets)
    for begin in range(0, len(history.accounts), _ACCOUNTS_AT_ONCE):
        end = min(begin + _ACCOUNTS_AT_ONCE, len(history.accounts))
        baskets, bought = history.part(begin, end)
        told = list(forecast.told(np.arange(begin, end), LENGTH + _MORE, learnt.mix))
        said = Said(*(np.concatenate([getattr(each, name) for each in told]) for name in Said._fields))
        said = _spoken_for(said, baskets, forecast.bought_by)
        yield lines_of(baskets, bought, said, learnt, _number(now), LENGTH)


@transaction.atomic
def refresh_next_order(account_id: int, now: datetime) -> int:
    """Reckon the next order of one account anew, with what the last training learnt; how many lines changed.

    Safe to repeat. Takes as long for 50,000 orders as for `MOST_BASKETS` days of them.
    """
    history = _History(now, account_id)
    lines = NextLine.objects.filter(account=account_id, product__status=Product.Status.ACTIVE)
    lines = lines.exclude(kind=NextLine.Kind.SEGMENT)
    never = _never(account_id, {})
    said = [row for row in lines.values_list("account_id", "product_id", "others") if row[:2] not in never]
    with _lines_at_hand():
        if len(history.accounts):
            said = history.known(said)
            reckoned = lines_of(history.baskets, history.bought, said, _learnt(), _number(now), LENGTH)
            _copy(history, reckoned)
        return _keep([account_id])


def _learnt() -> Learnt:
    last = Training.objects.first()
    return (
        Learnt(Mix(**last.mix), [tuple(each) for each in last.bins], last.spread, last.usual_gap) if last else Learnt()
    )


def _rows(now: datetime, account_id: int | None) -> np.ndarray:
    """Account id, product id, number of the day, quantity."""
    parts = [np.empty((0, 4), np.int64)]
    asked = {"since": now - timedelta(days=365 * YEARS), "now": now, "account": account_id}
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(_LINES, asked)
        while rows := cursor.fetchmany(_CHUNK):
            parts.append(np.array(rows, np.int64))
    return np.concatenate(parts)


def _number(now: datetime) -> int:
    return (timezone.localdate(now) - _FIRST_DAY).days


def _day(number: int) -> date:
    return _FIRST_DAY + timedelta(days=int(number))


def _sold(products: np.ndarray) -> np.ndarray:
    """Which of these ids are on sale."""
    sold = Product.objects.filter(pk__in=np.unique(products).tolist(), status=Product.Status.ACTIVE)
    return np.fromiter(sold.values_list("pk", flat=True), np.int64)


def _heirs(product_ids: Collection[int]) -> dict[int, int]:
    """Product no longer sold -> what replaces it and is on sale; those that nothing replaces are left out."""
    replaced: dict[int, int] = {}
    asked = set(product_ids)
    for _step in range(_MOST_STEPS):
        found = _successors(asked)
        if not found:
            break
        replaced = {old: found.get(heir, heir) for old, heir in replaced.items()}
        replaced |= {old: heir for old, heir in found.items() if old in product_ids}
        asked = set(found.values())
    return {old: heir for old, heir in replaced.items() if old != heir}


def _successors(product_ids: Collection[int]) -> dict[int, int]:
    relations = ProductRelation.objects.filter(product__in=product_ids, kind=ProductRelation.Kind.SUCCESSOR)
    relations = relations.exclude(product__status=Product.Status.ACTIVE).exclude(other__status=Product.Status.HIDDEN)
    return dict(relations.order_by("-pk").values_list("product_id", "other_id"))


def _forebears(product_ids: Collection[int]) -> dict[int, set[int]]:
    """Product -> all that it replaces, one after the other."""
    found: dict[int, set[int]] = {}
    newest = {id_: {id_} for id_ in product_ids}
    for _step in range(_MOST_STEPS):
        relations = ProductRelation.objects.filter(other__in=newest, kind=ProductRelation.Kind.SUCCESSOR)
        older: dict[int, set[int]] = {}
        for old, new in relations.values_list("product_id", "other_id"):
            for last in newest[new]:
                if old != last and old not in found.get(last, ()):
                    found.setdefault(last, set()).add(old)
                    older.setdefault(old, set()).add(last)
        if not older:
            break
        newest = older
    return found


def _never(account_id: int | None, replaced: dict[int, int]) -> set[tuple[int, int]]:
    """(account id, product id) that are never to be suggested, by what replaces the product where it is gone."""
    never = Dismissal.objects.filter(kind=Dismissal.Kind.NEVER, taken_back_at=None)
    if account_id is not None:
        never = never.filter(account=account_id)
    pairs = list(never.values_list("account_id", "product_id"))
    return {*pairs, *((account, replaced.get(product, product)) for account, product in pairs)}


def _among(rows: np.ndarray, pairs: Collection[tuple[int, int]]) -> np.ndarray:
    """Which rows of (account id, product id, ...) are one of the pairs."""
    if not pairs:
        return np.zeros(len(rows), bool)
    accounts, products = np.array(sorted(pairs), np.int64).T
    likely = np.flatnonzero(np.isin(rows[:, 0], accounts) & np.isin(rows[:, 1], products))
    found = np.zeros(len(rows), bool)
    found[likely] = [(account, product) in pairs for account, product in rows[likely, :2].tolist()]
    return found


def _latest_former(rows: np.ndarray) -> dict[tuple[int, int], int]:
    """(account id, product id) -> the product it replaces, where that one was the last that was bought."""
    replaced = rows[:, 1] != rows[:, 4]
    bought = set(map(tuple, rows[replaced][:, :2].tolist()))
    if not bought:
        return {}
    some = rows[_among(rows, bought)]
    some = some[np.argsort(some[:, 2], kind="stable")]
    last = {(account, product): former for account, product, _day, _quantity, former in some.tolist()}
    return {pair: former for pair, former in last.items() if former != pair[1]}


def _spoken_for(said: Said, baskets, bought_by: np.ndarray) -> Said:
    """Without what the account never bought and fewer than `FEWEST` others did."""
    many = baskets.of_products
    own = np.isin(said.accounts * many + said.products, baskets.accounts * many + baskets.products)
    kept = own | (bought_by[said.products] >= FEWEST)
    return Said(*(column[kept] for column in said))


@contextmanager
def _lines_at_hand() -> Iterator[None]:
    """A table of the transaction's own that takes lines in bulk."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE next_lines (LIKE recommendations_nextline) ON COMMIT DROP")
            cursor.execute("ALTER TABLE next_lines ALTER id DROP NOT NULL")
        yield
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE next_lines")


def _copy(history: _History, lines: Lines) -> None:
    """Lines into the table at hand, without what is never to be suggested."""
    ids = history.products[lines.products]
    older = _forebears(np.unique(ids).tolist())
    accounts = history.accounts[lines.accounts]
    never = _never(None if len(history.accounts) > 1 else int(history.accounts[0]), {})
    former = {old for pair, old in history.replaced.items()}
    skus = dict(Product.objects.filter(pk__in=former).values_list("pk", "sku"))
    with connection.cursor() as cursor, cursor.copy(f"COPY next_lines ({_COLUMNS}) FROM STDIN") as copy:
        place, before = 0, None
        columns = (accounts, ids, *lines[3:])
        for account, product, *row in zip(*(column.tolist() for column in columns), strict=True):
            replaces = sorted(older.get(product, ()))
            if any((account, each) in never for each in (product, *replaces)):
                continue
            place, before = (place + 1 if account == before else 1), account
            others, sure, times, last, gap, due, coming, quantity = row
            old = history.replaced.get((account, product))
            kind, because = NextLine.Kind.ALIKE, {}
            if times:
                kind = NextLine.Kind.RHYTHM if times >= LEAST_OCCASIONS else NextLine.Kind.BOUGHT
                because = {"times": times, "gap": gap, "last": _day(last).isoformat()}
            if old is not None:
                kind, because = NextLine.Kind.SUCCESSOR, {**because, "replaces": skus.get(old, "")}
            copy.write_row(
                (
                    account, product, place, quantity or 1, _day(due) if times else None,
                    _day(coming) if times else None, sure if sure >= 0 else None, kind, json.dumps(because), others,
                    replaces,
                )
            )  # fmt: skip


def _keep(account_ids: list[int] | None) -> int:
    """Let the lines of these accounts (None: of all) be those at hand; how many are new or changed."""
    with connection.cursor() as cursor:
        cursor.execute(_SEGMENTS, {"accounts": account_ids})
        cursor.execute(_KEEP, {"accounts": account_ids})
        return cursor.rowcount
