"""Invitations planned, and sent by two workers to an SMTP server on this machine; the manager's page.

What a worker and its part of the database server spend on one letter is told as well: it says on a busy machine what an
idle one would reach.
"""

import time
from collections import Counter
from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from apps.demo.logins import HOUSE
from apps.feedback import sending, services
from apps.feedback.models import Invitation
from tests.bench.clients import at_once
from tests.bench.deliveries import DOMAIN, PREFIX, deliveries
from tests.bench.figures import Figure, Plan, over_rounds, p95
from tests.bench.sink import sink
from tests.bench.web import Cpu, Visitor

COUNT = {"demo": 5_000, "full": 100_000}
WORKERS = 2
REQUESTS = 10


def measure(plan: Plan) -> list[Figure]:
    count, now = plan.surveys or COUNT[plan.size], timezone.now()
    while services.plan_undecided(now=now):
        pass
    plan.say(f"surveys: {count:,} deliveries")
    with deliveries(count, now):
        planned, planning, plan_cpu = _plan(count)
        plan.say(f"surveys: {planned:,} planned, sending")
        got, sending_took, send_cpu = _send()
    plan.say("surveys: the manager's page")
    return [
        Figure("surveys", "planned_per_s", round(count / planning), "/s", "300", f"{planned:,} to be asked"),
        Figure("surveys", "plan_cpu_ms", round(plan_cpu * 1000 / count, 2), "ms", "3.3", "Python and PostgreSQL, each"),
        Figure("surveys", "sent_per_s", round(got.total() / sending_took), "/s", "300", f"{WORKERS} workers"),
        Figure(
            "surveys", "send_cpu_ms", round(send_cpu * 1000 / planned, 2), "ms", "6.6", "the same; an idle core each"
        ),
        Figure("surveys", "twice", sum(n - 1 for n in got.values()), "", "0"),
        Figure("surveys", "lost", planned - len(got), "", "0", f"of {planned:,}"),
        Figure("surveys", "dashboard_p95_ms", _dashboard(plan), "ms", "300"),
    ]


def _plan(count: int) -> tuple[int, float, float]:
    """(invitations planned, seconds, seconds of CPU), made due at once afterwards."""
    cpu, started = Cpu(), time.perf_counter()
    began = cpu.seconds()
    while services.plan_undecided(now=timezone.now()):
        pass
    seconds, spent = time.perf_counter() - started, cpu.seconds() - began
    own = Invitation.objects.filter(shipment__number__startswith=PREFIX, state=Invitation.State.PLANNED)
    now = timezone.now()
    return own.update(due_at=now, window_ends_at=now + timedelta(hours=6)), seconds, spent


def _send() -> tuple[Counter[str], float, float]:
    """(how often each contact got a letter, seconds, seconds of CPU of all workers)."""
    with sink() as server:
        spans = at_once(_worker, [(server.port,)] * WORKERS)
    got = Counter({address: count for address, count in server.taken.items() if DOMAIN in address})
    seconds = max(end for _, end, _ in spans) - min(begin for begin, _, _ in spans)
    return got, seconds, sum(spent for _, _, spent in spans)


def _worker(port: int) -> tuple[float, float, float]:
    """One worker's sweeps until nothing is due; when it began and ended, and its CPU."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    cpu, begin = Cpu(), time.time()
    began = cpu.seconds()
    while sending.send_due(clock=timezone.now, seconds=600):
        pass
    return begin, time.time(), cpu.seconds() - began


def _dashboard(plan: Plan) -> float:
    manager, path = Visitor(f"manager@{HOUSE}"), reverse("workspace:manager")
    manager.page(path)
    return over_rounds(([manager.page(path).ms for _ in range(REQUESTS)] for _ in range(plan.rounds)), p95)
