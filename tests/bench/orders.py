"""Orders of 50 and 500 lines, and eight and 32 clients who want the same 100 SKUs for a minute.

An order is placed from the cart, as at the checkout: priced anew, stock reserved, delivery quoted, credit taken.
"""

import time
from statistics import median
from uuid import uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.ordering.services import add_lines, place_order
from tests.bench.crowd import contend
from tests.bench.figures import Figure, Plan, over_rounds, p50, p95
from tests.bench.shop import Shop, shop
from tests.bench.web import Cpu

CROWDS = (8, 32)
IN_A_ROUND = {50: 10, 500: 3}
SERVICE = "the service, without HTTP"


def measure(plan: Plan) -> list[Figure]:
    with shop(1) as opened:
        times, cpu = {50: [], 500: []}, []
        for turn in range(plan.rounds):
            plan.say(f"orders, round {turn + 1} of {plan.rounds}")
            for lines, count in IN_A_ROUND.items():
                taken = [_place(opened, lines) for _ in range(count)]
                times[lines].append([ms for ms, _ in taken])
                if lines == 50:
                    cpu.append(median(spent for _, spent in taken))
        few, many = (_queries(opened, lines) for lines in (50, 500))
    return [
        Figure("orders", "place50_p50_ms", over_rounds(times[50], p50), "ms", "40", SERVICE),
        Figure("orders", "place50_p95_ms", over_rounds(times[50], p95), "ms", "120", SERVICE),
        Figure("orders", "place50_cpu_ms", round(median(cpu), 2), "ms", "", "of Python and PostgreSQL"),
        Figure("orders", "place50_queries", few, "", "constant", f"{many} for 500 lines"),
        Figure("orders", "place500_p95_ms", over_rounds(times[500], p95), "ms", "1,000", SERVICE),
        *_crowds(plan),
    ]


def _crowds(plan: Plan) -> list[Figure]:
    """Each crowd in a shop of its own, so that it finds the stock full."""
    figures = []
    for clients in CROWDS:
        plan.say(f"orders, {clients} clients for {plan.seconds:.0f} s")
        with shop(clients) as opened:
            figures += contend(opened, clients, plan.seconds)
    return figures


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
