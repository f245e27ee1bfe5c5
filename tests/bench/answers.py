"""The pages that tell what customers say, over years of answers of a large house.

The answers are loaded by COPY into a copy of the data set, which is kept for the next run: two years of them from ten
thousand accounts, about deliveries whose facts are frozen. Each page is measured as it comes to its first reader, with
nothing kept, and as it comes to the next.
"""

import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import psycopg
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from apps.accounts.models import Account, Contact, Rep
from apps.availability.models import Warehouse
from apps.demo.load import copy_rows, laid_aside
from apps.demo.logins import HOUSE
from apps.feedback.models import Answer, Invitation, Programme
from apps.feedback.rules import DRIVERS
from apps.fulfilment.models import DeliveryFact, Shipment
from apps.insights import services
from apps.invoicing.models import Invoice
from apps.ordering.models import Order
from tests.bench.dataset import keep_up
from tests.bench.figures import Figure, Plan, over_rounds, p50, p95
from tests.bench.web import Cpu, Visitor
from tests.databases import drop, use

COUNT = {"demo": 1_000_000, "full": 5_000_000}
ACCOUNTS, DELIVERIES = 10_000, 250_000
DAYS = 730
NOT_ASKED = 10  # to so many who answered comes one who was not asked
WORDS = ("The driver waited until we had counted.", "en", '{"delivery": "driver"}')  # in which language, its themes
REQUESTS = 5
DESK = {
    "feedback": "workspace:feedback",
    "manager": "workspace:manager",
    "summary": "workspace:summary",
    "silence": "workspace:silence",
    "comments": "workspace:comments",
}
WAYS = ("tree", "role", "warehouse", "carrier")


def measure(plan: Plan) -> list[Figure]:
    count = plan.answers or COUNT[plan.size]
    with _house(count, plan) as (loading, counting):
        manager = Visitor(f"manager@{HOUSE}")
        rep = Visitor(Rep.objects.filter(desk="rep", accounts__number__startswith="B-").first().user.email)
        pages = [(name, manager, reverse(path)) for name, path in DESK.items()]
        pages += [(f"scores_{way}", manager, f"{reverse('workspace:scores')}?by={way}") for way in WAYS]
        pages += [("rep", rep, reverse("workspace:feedback"))]
        figures = [Figure("answers", "answers", count, "", "5,000,000")]
        if loading:
            figures += [Figure("answers", "load_s", loading, "s"), Figure("answers", "rebuild_s", counting, "s")]
        for name, visitor, path in pages:
            plan.say(f"answers: {name}")
            figures += _page(plan, name, visitor, path)
    return figures


def _page(plan: Plan, name: str, visitor: Visitor, path: str) -> list[Figure]:
    visitor.page(path)  # templates are compiled, connections are open
    cpu = Cpu()
    cold = [[_cold(visitor, path, cpu) for _ in range(REQUESTS)] for _ in range(plan.rounds)]
    cache.clear()
    queries = visitor.queries(path)
    services.keep_house_figures(now=timezone.now())
    warm = [[visitor.page(path).ms for _ in range(REQUESTS)] for _ in range(plan.rounds)]
    waited, worked = ([[each[place] for each in times] for times in cold] for place in (0, 1))
    whose = "of the process and PostgreSQL" if cpu.sees_server else "of the process"
    return [
        Figure("answers", f"{name}_p50_ms", over_rounds(waited, p50), "ms", "", f"nothing kept, {queries} queries"),
        Figure("answers", f"{name}_p95_ms", over_rounds(waited, p95), "ms", "300"),
        Figure("answers", f"{name}_cpu_ms", over_rounds(worked, p50), "ms", "", f"CPU {whose}, median"),
        Figure("answers", f"{name}_kept_p95_ms", over_rounds(warm, p95), "ms"),
    ]


def _cold(visitor: Visitor, path: str, cpu: Cpu) -> tuple[float, float]:
    """Milliseconds waited, and of CPU."""
    cache.clear()
    began = cpu.seconds()
    waited = visitor.page(path).ms
    return waited, (cpu.seconds() - began) * 1000


@contextmanager
def _house(count: int, plan: Plan) -> Iterator[tuple[float | None, float | None]]:
    """Django over the copy with so many answers; the seconds of loading and of counting where it was made now."""
    server, name = os.environ["DATABASE_URL"], f"bench_answers_{count}"
    source = conninfo_to_dict(server)["dbname"]
    _leave()
    with psycopg.connect(make_conninfo(server, dbname="postgres"), autocommit=True) as admin:
        made = admin.execute(
            "SELECT FROM pg_database WHERE datname = %s AND shobj_description(oid, 'pg_database') = 'made'", [name]
        ).rowcount
        if not made:
            drop(make_conninfo(server, dbname="postgres"), name)
            copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            admin.execute(copy.format(sql.Identifier(name), sql.Identifier(source)))
        use(name)
        try:
            if made:
                call_command("migrate", verbosity=0, interactive=False)  # kept from before what is new
            took = (None, None) if made else _load(count, plan.say)
            keep_up()
            admin.execute(sql.SQL("COMMENT ON DATABASE {} IS 'made'").format(sql.Identifier(name)))
            yield took
        finally:
            _leave()
            use(source)


def _leave() -> None:
    connection.close()
    connection.close_pool()


def _load(count: int, say: Callable[[str], None]) -> tuple[float, float]:
    say(f"answers: {count:,} are loaded")
    began = time.perf_counter()
    _run("SET statement_timeout = 0")
    with transaction.atomic():
        _deliveries(timezone.now())
    with transaction.atomic(), laid_aside(count, Invitation, Answer):
        _answers(count, timezone.now())
    _run("ANALYZE")
    loaded = time.perf_counter()
    say("answers: they are counted")
    services.rebuild_scores()
    keep_up()
    _run("VACUUM ANALYZE")
    _run("RESET statement_timeout")
    return round(loaded - began), round(time.perf_counter() - loaded)


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _deliveries(now: datetime) -> None:
    """Accounts with two contacts each, and what they were delivered in two years."""
    chance = random.Random(1)
    reps = list(Rep.objects.filter(desk="rep").values_list("pk", flat=True))
    houses = list(Warehouse.objects.values_list("pk", flat=True))
    first = {model: _next(model) for model in (Account, Contact, Order, Shipment)}
    segments = ("facilities", "engineering", "hospitality", "construction")
    parents = [n if n % 4 == 0 else n - n % 4 for n in range(ACCOUNTS)]  # trees of four
    rows = []
    for n, parent in enumerate(parents):
        pk, top = first[Account] + n, first[Account] + parent
        path = f"/{pk}/" if n == parent else f"/{top}/{pk}/"
        rows.append(
            (pk, f"B-{n}", f"Bench {n}", None if n == parent else top, path, reps[n % len(reps)], segments[n % 4])
        )
    copy_rows(Account, ("id", "number", "name", "parent_id", "path", "rep_id", "segment"), rows)
    roles = ("buyer", "approver", "receiver", "finance")
    people = [
        (first[Contact] + n, first[Account] + n // 2, f"Contact {n}", f"b{n}@bench.example", roles[n % 4])
        for n in range(2 * ACCOUNTS)
    ]
    copy_rows(Contact, ("id", "account_id", "name", "email", "role"), people)
    orders, shipments, facts, invoices = [], [], [], []
    for n in range(DELIVERIES):
        account = n % ACCOUNTS
        contact = first[Contact] + 2 * account + chance.randrange(2)
        placed = now - timedelta(days=chance.uniform(3, DAYS))
        came = placed + timedelta(days=2.5)
        late = chance.random() < 0.06
        carrier = ("Northern Parcels", "Swift", "Own lorry")[n % 3]
        net = round(chance.lognormvariate(5, 1), 2)
        pk = first[Order] + n
        orders.append((pk, f"B-{n}", first[Account] + account, contact, "delivered", "GBP", net, net, placed))
        house, sent = houses[n % len(houses)], first[Shipment] + n
        promised = came.date() - timedelta(days=late)
        shipments.append((sent, f"B-{n}", pk, first[Account] + account, house, "delivered", carrier, promised,
                          came - timedelta(days=1), came, late, placed))  # fmt: skip
        facts.append((sent, first[Account] + account, pk, house, carrier, "portal", promised, promised, came.date(),
                      net, "GBP", came))  # fmt: skip
        owed = (first[Account] + account, pk, sent, came.date(), came.date() + timedelta(days=30), "GBP")
        invoices.append((f"B-{n}", "invoice", *owed, net, 0, net, net))
        if n % 40 == 0:  # some of it is credited
            back = -round(net / 4, 2)
            invoices.append((f"BC-{n}", "credit_note", *owed[:2], None, *owed[3:], back, 0, back, back))
    copy_rows(
        Order, ("id", "number", "account_id", "contact_id", "status", "currency", "goods_net", "gross", "placed_at"),
        orders,
    )  # fmt: skip
    copy_rows(
        Shipment,
        ("id", "number", "order_id", "account_id", "warehouse_id", "status", "carrier", "promised_on", "shipped_at",
         "delivered_at", "is_late", "created_at"),
        shipments,
    )  # fmt: skip
    copy_rows(
        DeliveryFact,
        ("shipment_id", "account_id", "order_id", "warehouse_id", "carrier", "channel", "first_promised_on",
         "last_promised_on", "delivered_on", "net", "currency", "frozen_at"),
        facts,
    )  # fmt: skip
    copy_rows(
        Invoice,
        ("number", "kind", "account_id", "order_id", "shipment_id", "issued_on", "due_on", "currency", "net", "tax",
         "gross", "paid"),
        invoices,
    )  # fmt: skip


def _answers(count: int, now: datetime) -> None:
    programme = Programme.objects.get(code="delivery").pk
    account, contact, shipment = (
        model.objects.filter(**{f"{field}__startswith": start}).order_by("pk").values_list("pk", flat=True)[0]
        for model, field, start in (
            (Account, "number", "B-"),
            (Contact, "email", "b0@bench"),
            (Shipment, "number", "B-"),
        )
    )
    first, begin = {model: _next(model) for model in (Invitation, Answer)}, now - timedelta(days=DAYS)
    step, chance = timedelta(days=DAYS) / count, random.Random(2)

    def asked() -> Iterator[tuple]:
        for n in range(count + count // NOT_ASKED):
            state, reason = ("answered", "") if n < count else ("suppressed", chance.choice(("throttled", "open_case")))
            theirs, who = _voice(n)
            at = begin + (n if n < count else (n - count) * NOT_ASKED) * step
            yield (first[Invitation] + n, programme, f"bench:{n}", account + theirs, contact + who, state, reason, at,
                   at, None if reason else at, at)  # fmt: skip

    def said() -> Iterator[tuple]:
        drivers = [f'["{driver}"]' for driver in DRIVERS]
        for n in range(count):
            theirs, who = _voice(n)
            went = shipment + (theirs + ACCOUNTS * chance.randrange(DELIVERIES // ACCOUNTS))
            score = chance.choice((0, 3, 5, 6, 7, 8, 8, 9, 9, 9, 10, 10, 10, 10))
            words = WORDS if n % 20 == 0 else ("", "", "{}")
            yield (first[Answer] + n, first[Invitation] + n, account + theirs, contact + who, went, score,
                   chance.choice(drivers), *words, "email", "{}", begin + n * step)  # fmt: skip

    copy_rows(
        Invitation,
        ("id", "programme_id", "subject_ref", "account_id", "contact_id", "state", "reason", "due_at", "expires_at",
         "sent_at", "decided_at"),
        asked(),
    )  # fmt: skip
    copy_rows(
        Answer,
        ("id", "invitation_id", "account_id", "contact_id", "shipment_id", "score", "drivers", "comment", "language",
         "themes", "channel", "facts", "answered_at"),
        said(),
    )  # fmt: skip


def _voice(n: int) -> tuple[int, int]:
    """The account and the contact of an answer, counted from the first."""
    return n % ACCOUNTS, 2 * (n % ACCOUNTS) + n // ACCOUNTS % 2


def _next(model) -> int:
    return (model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
