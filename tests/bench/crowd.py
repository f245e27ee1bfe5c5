"""Many clients who want the same scarce SKUs at the same time, for as long as is wished; and the books afterwards.

Every order that a client was told of is looked for in the database with all its lines and what is held for each; every
source of stock is counted against what is held of it.
"""

import random
import time
from collections import Counter
from typing import NamedTuple
from uuid import uuid4

from django.db import connection
from django.utils import timezone

from apps.core.scoping import Actor
from apps.ordering.models import Order
from apps.ordering.services import place_lines
from tests.bench.clients import at_once
from tests.bench.figures import Figure
from tests.bench.shop import PIECES, Shop

LINES_EACH, PIECES_EACH = 10, 8

_SOURCES = {
    "stock_id": ("availability_stocklevel", "on_hand"),
    "incoming_id": ("availability_incomingsupply", "quantity"),
    "offer_id": ("availability_supplieroffer", "stock"),
}
#: Pieces that a row has reserved beyond what there is, and those by which it differs from what is held of it.
_WRONG = """
SELECT coalesce(sum(greatest(t.reserved - t.{there}, 0) + greatest(-t.reserved, 0)
    + abs(t.reserved - coalesce(r.held, 0))), 0)::int
FROM {table} t LEFT JOIN (
    SELECT {source} AS id, sum(quantity) AS held FROM availability_reservation WHERE state = 'held' GROUP BY {source}
) r ON r.id = t.id WHERE t.product_id = ANY(%s)
"""
#: Orders with the number of their lines, and of those for which exactly what was ordered is held.
_KEPT = """
SELECT o.number, count(l.id), count(*) FILTER (WHERE r.held = l.quantity)
FROM ordering_order o JOIN ordering_orderline l ON l.order_id = o.id
LEFT JOIN LATERAL (
    SELECT sum(quantity) AS held FROM availability_reservation
    WHERE demand_ref = o.number || '/' || l.position AND state = 'held'
) r ON true
WHERE o.delivery_option_id = %s GROUP BY o.number
"""


class Heard(NamedTuple):
    """What one client was told: numbers of its orders, what failed, when it began and ended (seconds since 1970)."""

    placed: list[str]
    failed: list[str]
    began: float
    ended: float


def contend(opened: Shop, clients: int, seconds: float) -> list[Figure]:
    """Orders a second, pieces oversold, deadlocks and orders lost, of so many clients at once."""
    before = deadlocks()
    heard = at_once(_client, [(opened, n, seconds) for n in range(clients)])
    numbers = [number for each in heard for number in each.placed]
    errors = Counter(error for each in heard for error in each.failed)
    took = max(each.ended for each in heard) - min(each.began for each in heard)
    dead = max(sum(n for error, n in errors.items() if "deadlock" in error), deadlocks() - before)
    lost, unheard = missing_of(opened, numbers)
    told = f"{clients} clients for {took:.0f} s, {LINES_EACH} of {len(opened.scarce)} SKUs an order"
    held = f"of {len(numbers):,} placed; {sum(errors.values())} refused or failed; {unheard} that nobody was told of"
    most = "; ".join(f"{n} x {error[:80]}" for error, n in errors.most_common(2))
    end = "" if clients == 8 else f"_{clients}"
    return [
        Figure("orders", f"per_s{end}", round(len(numbers) / took, 1), "/s", "40", told),
        Figure("orders", f"oversold{end}", oversold(opened), "pieces", "0", f"of {PIECES * len(opened.scarce):,}"),
        Figure("orders", f"deadlocks{end}", dead, "", "0", most),
        Figure("orders", f"lost{end}", lost, "", "0", held),
    ]


def oversold(opened: Shop) -> int:
    """Pieces of the scarce SKUs by which what is held is more than there is, or not what its source says."""
    wrong = 0
    with connection.cursor() as cursor:
        for source, (table, there) in _SOURCES.items():
            cursor.execute(_WRONG.format(table=table, there=there, source=source), [list(opened.scarce)])
            wrong += cursor.fetchone()[0]
    return wrong


def missing_of(opened: Shop, numbers: list[str]) -> tuple[int, int]:
    """Of orders that were told: how many are not there whole, with all that is held for them; and how many are there
    of which nobody was told."""
    with connection.cursor() as cursor:
        cursor.execute(_KEPT, [opened.option_id])
        rows = cursor.fetchall()
    whole = {number for number, lines, held in rows if lines == held == LINES_EACH}
    return len(set(numbers) - whole) + len(numbers) - len(set(numbers)), len({row[0] for row in rows} - set(numbers))


def deadlocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]


def _client(opened: Shop, n: int, seconds: float) -> Heard:
    """One client, ordering as fast as it can until its time is over."""
    actor, ship_to_id = opened.buyers[n % len(opened.buyers)]
    chance, heard = random.Random(n), Heard([], [], time.time(), 0.0)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            heard.placed.append(_order(opened, actor, ship_to_id, chance).number)
        except Exception as error:
            heard.failed.append(f"{type(error).__name__} {error}".lower())
    return heard._replace(ended=time.time())


def _order(opened: Shop, actor: Actor, ship_to_id: int, chance: random.Random) -> Order:
    return place_lines(
        actor,
        lines=[(product_id, PIECES_EACH) for product_id in chance.sample(opened.scarce, LINES_EACH)],
        ship_to_id=ship_to_id,
        option_id=opened.option_id,
        key=str(uuid4()),
        now=timezone.now(),
    )
