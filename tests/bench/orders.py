"""Orders of 50 and 500 lines, and eight clients who want the same 100 SKUs at the same time.

An order is placed from the cart, as at the checkout: priced anew, stock reserved, delivery quoted, credit taken.
"""

import random
import time
from statistics import median
from uuid import uuid4

from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.availability.models import Reservation, StockLevel
from apps.core.scoping import Actor
from apps.ordering.models import Order
from apps.ordering.services import add_lines, place_lines, place_order
from tests.bench.clients import at_once
from tests.bench.figures import Figure, Plan, over_rounds, p50, p95
from tests.bench.shop import PIECES, Shop, shop
from tests.bench.web import Cpu

CLIENTS = 8
ORDERS_EACH = 60
LINES_EACH = 10
IN_A_ROUND = {50: 10, 500: 3}
SERVICE = "the service, without HTTP"


def measure(plan: Plan) -> list[Figure]:
    with shop(CLIENTS) as opened:
        times, cpu = {50: [], 500: []}, []
        for turn in range(plan.rounds):
            plan.say(f"orders, round {turn + 1} of {plan.rounds}")
            for lines, count in IN_A_ROUND.items():
                taken = [_place(opened, lines) for _ in range(count)]
                times[lines].append([ms for ms, _ in taken])
                if lines == 50:
                    cpu.append(median(spent for _, spent in taken))
        few, many = (_queries(opened, lines) for lines in (50, 500))
        plan.say(f"orders, {CLIENTS} clients")
        contended = _contend(opened)
    return [
        Figure("orders", "place50_p50_ms", over_rounds(times[50], p50), "ms", "40", SERVICE),
        Figure("orders", "place50_p95_ms", over_rounds(times[50], p95), "ms", "120", SERVICE),
        Figure("orders", "place50_cpu_ms", round(median(cpu), 2), "ms", "", "of Python and PostgreSQL"),
        Figure("orders", "place50_queries", few, "", "constant", f"{many} for 500 lines"),
        Figure("orders", "place500_p95_ms", over_rounds(times[500], p95), "ms", "1,000", SERVICE),
        *contended,
    ]


def _fill(opened: Shop, lines: int) -> dict:
    """A cart of so many lines; what to place it with."""
    actor, ship_to_id = opened.buyers[0]
    add_lines(actor, opened.goods[:lines], now=timezone.now())
    return {"ship_to_id": ship_to_id, "option_id": opened.option_id, "key": str(uuid4()), "accept_changes": True}


def _place(opened: Shop, lines: int) -> tuple[float, float]:
    """Milliseconds, and milliseconds of CPU, of one order."""
    wanted, cpu = _fill(opened, lines), Cpu()
    began, started = cpu.seconds(), time.perf_counter()
    place_order(opened.buyers[0][0], now=timezone.now(), **wanted)
    return (time.perf_counter() - started) * 1000, (cpu.seconds() - began) * 1000


def _queries(opened: Shop, lines: int) -> int:
    wanted = _fill(opened, lines)
    with CaptureQueriesContext(connection) as captured:
        place_order(opened.buyers[0][0], now=timezone.now(), **wanted)
    return len(captured)


def _contend(opened: Shop) -> list[Figure]:
    before = _deadlocks()
    heard = at_once(_client, [(opened, n) for n in range(CLIENTS)])
    numbers = [number for placed, _, _, _ in heard for number in placed]
    errors = [error for _, failed, _, _ in heard for error in failed]
    seconds = max(end for *_, end in heard) - min(begin for _, _, begin, _ in heard)
    found = Order.objects.filter(number__in=numbers, lines__isnull=False).distinct().count()
    dead = max(sum("deadlock" in error for error in errors), _deadlocks() - before)
    told = f"{CLIENTS} processes, {LINES_EACH} of {len(opened.scarce)} SKUs an order, {len(errors)} errors"
    return [
        Figure("orders", "per_s", round(len(numbers) / seconds, 1), "/s", "40", told),
        Figure("orders", "oversold", _oversold(opened), "pieces", "0", f"of {PIECES * len(opened.scarce):,}"),
        Figure("orders", "deadlocks", dead, "", "0"),
        Figure("orders", "lost", len(numbers) - found, "", "0", f"of {len(numbers)} placed"),
    ]


def _client(opened: Shop, n: int) -> tuple[list[str], list[str], float, float]:
    """One client, ordering as fast as it can: numbers of its orders, what failed, when it began and ended."""
    actor, ship_to_id = opened.buyers[n % len(opened.buyers)]
    chance = random.Random(n)
    placed, failed, begin = [], [], time.time()
    for _ in range(ORDERS_EACH):
        try:
            placed.append(_order(opened, actor, ship_to_id, chance))
        except Exception as error:
            failed.append(f"{type(error).__name__} {error}".lower())
    return placed, failed, begin, time.time()


def _order(opened: Shop, actor: Actor, ship_to_id: int, chance: random.Random) -> str:
    order = place_lines(
        actor,
        lines=[(product_id, 8) for product_id in chance.sample(opened.scarce, LINES_EACH)],
        ship_to_id=ship_to_id,
        option_id=opened.option_id,
        key=str(uuid4()),
        now=timezone.now(),
    )
    return order.number


def _oversold(opened: Shop) -> int:
    """Pieces held of the scarce SKUs beyond what there is, or beyond what the stock rows know of."""
    held = Reservation.objects.filter(product__in=opened.scarce, stock__isnull=False, state="held")
    by_product = dict(held.values_list("product").annotate(n=Sum("quantity")))
    return sum(
        max(by_product.get(row.product_id, 0) - row.on_hand, 0) + abs(by_product.get(row.product_id, 0) - row.reserved)
        for row in StockLevel.objects.filter(product__in=opened.scarce)
    )


def _deadlocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]
