"""Invitations planned, and sent by two workers to an SMTP server on this machine; the manager's page."""

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
from tests.bench.web import Visitor
from tests.processes import mail_sink

COUNT = {"demo": 5_000, "full": 100_000}
WORKERS = 2
REQUESTS = 10


def measure(plan: Plan) -> list[Figure]:
    count, now = COUNT[plan.size], timezone.now()
    while services.plan_undecided(now=now):
        pass
    plan.say(f"surveys: {count:,} deliveries")
    with deliveries(count, now):
        planned, planning = _plan(count)
        plan.say(f"surveys: {planned:,} planned, sending")
        got, sending_took = _send()
    plan.say("surveys: the manager's page")
    return [
        Figure("surveys", "planned_per_s", round(count / planning), "/s", "", f"{planned:,} of {count:,} to be asked"),
        Figure("surveys", "sent_per_s", round(got.total() / sending_took), "/s", "300", f"{WORKERS} workers"),
        Figure("surveys", "twice", sum(n - 1 for n in got.values()), "", "0"),
        Figure("surveys", "lost", planned - len(got), "", "0", f"of {planned:,}"),
        Figure("surveys", "dashboard_p95_ms", _dashboard(plan), "ms", "300"),
    ]


def _plan(count: int) -> tuple[int, float]:
    """(invitations planned, seconds), made due at once afterwards."""
    started = time.perf_counter()
    while services.plan_undecided(now=timezone.now()):
        pass
    seconds = time.perf_counter() - started
    own = Invitation.objects.filter(shipment__number__startswith=PREFIX, state=Invitation.State.PLANNED)
    now = timezone.now()
    return own.update(due_at=now, window_ends_at=now + timedelta(hours=6)), seconds


def _send() -> tuple[Counter[str], float]:
    """(how often each contact got a letter, seconds)."""
    with mail_sink() as sink:
        spans = at_once(_worker, [(sink.port,)] * WORKERS)
        got = Counter(str(message["To"]) for message in sink.messages if DOMAIN in str(message["To"]))
    return got, max(end for _, end in spans) - min(begin for begin, _ in spans)


def _worker(port: int) -> tuple[float, float]:
    """One worker's sweeps until nothing is due; when it began and ended."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    begin = time.time()
    while sending.send_due(clock=timezone.now, seconds=600):
        pass
    return begin, time.time()


def _dashboard(plan: Plan) -> float:
    manager, path = Visitor(f"manager@{HOUSE}"), reverse("workspace:manager")
    manager.page(path)
    return over_rounds(([manager.page(path).ms for _ in range(REQUESTS)] for _ in range(plan.rounds)), p95)
