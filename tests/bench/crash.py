"""Deliveries confirmed, asked about and answered while workers and the broker are killed with SIGKILL.

It runs in a process, a database and on a broker of its own, with two workers on the house's schedule; one of them has
the clock. What is promised:

1. Each delivery is decided about once.
2. No address gets a question twice. Each question ends as `sent`, and the mail server has it, or as `unknown`: a
   handful at most for each process that died. Those wait in the portal.
3. Each event is dispatched, whoever died over it.
4. Each answer that came over HTTP counts once, and each unhappy one has one case.
"""

import json
import os
import random
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import timedelta
from threading import Thread

from tests.bench.figures import Figure, Plan
from tests.databases import drop, make
from tests.processes import Broker, MailSink, broker, celery_worker, mail_sink

DATABASE = "bench_crash"
SETTINGS = "tests.bench.crash_settings"
A_LETTER_TAKES = 0.05  # seconds: a provider's pace, so that something is in hand when a process dies
ANSWERED = 0.15  # of the questions
QUIET = timedelta(seconds=30)  # whoever claimed before that is dead
PATIENCE = 240  # seconds without progress
CLOCK, SECOND, BOTH, BROKER = (0,), (1,), (0, 1), ()  # the workers to kill; the broker where it is none of them
WHILE_PLANNING = (CLOCK, BROKER, SECOND, BOTH)
WHILE_SENDING = (SECOND, CLOCK, BROKER, BOTH, CLOCK, SECOND)
WHILE_ANSWERING = (SECOND, CLOCK)
ENOUGH = 8  # workers that died


def measure(plan: Plan) -> list[Figure]:
    count, seed = plan.surveys or 2_000, int(time.time())
    plan.say(f"crash: {count:,} deliveries, seed {seed}")
    server = os.environ["DATABASE_URL"]
    drop(server, DATABASE)
    make(server, DATABASE, template="template0")
    try:
        command = [sys.executable, "-m", "tests.bench.crash", str(count), str(seed)]
        told = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    finally:
        drop(server, DATABASE)
    found = json.loads(told.splitlines()[-1])
    plan.failures.extend(f"crash, seed {seed}: {words}" for words in found["failures"])
    return [
        Figure("crash", "decided", found["decided"], "", f"{count}", "deliveries"),
        Figure(
            "crash", "killed", found["killed"], "", f"{ENOUGH}", f"workers; the broker {found['broker_killed']} times"
        ),
        Figure("crash", "twice", found["twice"], "", "0", "letters"),
        Figure("crash", "lost", found["lost"], "", "0", "letters"),
        Figure("crash", "unknown", found["unknown"], "", "", f"at most {found['in_doubt']}; open in the portal"),
        Figure("crash", "undispatched", found["undispatched"], "", "0", f"of {found['events']:,} events"),
        Figure("crash", "answers", found["answers"], "", f"{found['given']}", "over HTTP, each sent twice"),
        Figure("crash", "cases", found["cases"], "", f"{found['unhappy']}", "one for each unhappy answer"),
        Figure("crash", "run_s", found["seconds"], "s"),
    ]


def main(count: int, seed: int) -> None:
    from psycopg.conninfo import make_conninfo

    with broker() as own, mail_sink(seconds=A_LETTER_TAKES) as sink:
        os.environ |= {
            "DATABASE_URL": make_conninfo(os.environ["DATABASE_URL"], dbname=DATABASE),
            "DATABASE_POOL_SIZE": "0",
            "REDIS_URL": own.url,
            "DJANGO_SETTINGS_MODULE": SETTINGS,
            "LOG_FORMAT": "none",
        }
        os.environ.pop("BROKER_URL", None)
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0, interactive=False)
        with House(own, sink, random.Random(seed)) as house:
            print(json.dumps(_run(house, count)))


class House:
    """Two workers, the broker and the mail server, and who dies."""

    def __init__(self, own: Broker, sink: MailSink, chance: random.Random):
        self.broker, self.sink, self.chance = own, sink, chance
        self.killed = self.killed_sending = self.broker_killed = 0
        self.began_at = time.monotonic()
        self._running: list = [None, None]

    def __enter__(self):
        for place in BOTH:
            self._begin(place)
        return self

    def __exit__(self, *_):
        for place in BOTH:
            self._end(place)

    def go_on(
        self,
        deaths: Sequence[tuple],
        progress: Callable[[], int],
        end: int,
        *,
        sending: bool = False,
        while_waiting: Callable[[], object] = int,
    ) -> None:
        """Until `progress` is `end`: each of `deaths` in turn, at moments of chance."""  # fmt: skip
        marks = sorted(self.chance.sample(range(end // 20, end * 3 // 4), len(deaths)))
        due, last, moved_at = list(zip(marks, deaths, strict=True)), -1, time.monotonic()
        while (reached := progress()) < end:
            if reached != last:
                last, moved_at = reached, time.monotonic()
            if time.monotonic() - moved_at > PATIENCE:
                raise RuntimeError(f"It stands at {reached} of {end} for {PATIENCE} s.\n{self.last_words()}")
            if due and reached >= due[0][0]:
                self._say(f"{reached:,} of {end:,}: {_words(due[0][1])} killed")
                self._kill(due.pop(0)[1], sending)
                moved_at = time.monotonic()
            while_waiting()
            time.sleep(0.05)

    def _say(self, words: str) -> None:
        print(f"  crash: {time.monotonic() - self.began_at:.0f} s, {words}", file=sys.stderr, flush=True)

    def last_words(self) -> str:
        return "\n".join(worker.log()[-3000:] for _stack, worker in self._running)

    def _kill(self, places: tuple, sending: bool) -> None:
        if not places:
            self.broker.kill()
            time.sleep(self.chance.uniform(1, 4))
            self.broker.return_again()
            self.broker_killed += 1
            return
        for place in places:
            self._running[place][1].kill()
        self.killed += len(places)
        self.killed_sending += len(places) if sending else 0
        for place in places:
            self._end(place)
            self._begin(place)

    def _begin(self, place: int) -> None:
        stack = ExitStack()
        more = {"EMAIL_URL": self.sink.url, "DJANGO_SETTINGS_MODULE": SETTINGS}
        self._running[place] = stack, stack.enter_context(celery_worker(concurrency=1, beat=place in CLOCK, **more))

    def _end(self, place: int) -> None:
        self._running[place][0].close()


def _words(places: tuple) -> str:
    return {CLOCK: "the worker with the clock", SECOND: "the other worker", BOTH: "both workers"}.get(
        places, "the broker"
    )


def _run(house: House, count: int) -> dict:
    from django.db.models import Count
    from django.utils import timezone

    from apps.cases.models import Case
    from apps.core.models import Event
    from apps.core.scoping import Actor
    from apps.feedback.models import Answer, Invitation
    from apps.feedback.selectors import open_questions
    from apps.feedback.sending import HANDFUL
    from apps.feedback.services import bring_forward, reconcile
    from apps.feedback.services.handover import STALE

    failures = []
    shipments = _shipments(count)
    confirming = Thread(target=_confirm, args=(shipments,), daemon=True)
    confirming.start()
    house.go_on(WHILE_PLANNING, Invitation.objects.count, count)
    confirming.join()
    if others := Invitation.objects.exclude(state="planned").count():
        failures.append(f"{others} deliveries are not to be asked about")

    bring_forward(now=timezone.now())
    settled = Invitation.objects.filter(state__in=["sent", "unknown"])
    sweep = _now_and_then(lambda: reconcile(now=timezone.now() + STALE - QUIET))
    house.go_on(WHILE_SENDING, settled.count, count, sending=True, while_waiting=sweep)
    letters = [message for message in house.sink.messages if message["List-Unsubscribe"]]
    got = Counter(message["To"] for message in letters)
    in_doubt = house.killed_sending * HANDFUL
    unknown = Invitation.objects.filter(state="unknown").select_related("contact")
    lost = sum(not got[to] for to in settled.filter(state="sent").values_list("contact__email", flat=True))
    for invitation in unknown:
        buyer = Actor(role="buyer", contact_id=invitation.contact_id, account_id=invitation.account_id)
        if open_questions(buyer, now=timezone.now()) != [invitation]:
            failures.append(f"the question to {invitation.contact.email}, whose letter is in doubt, is not open")
    if unknown.count() > in_doubt:
        failures.append(f"{unknown.count()} letters are in doubt, {in_doubt} at most could be")

    _grow_old()
    chosen = house.chance.sample(letters, round(count * ANSWERED))
    scores = [house.chance.choice((0, 3, 6, 7, 8, 9, 10)) for _ in chosen]
    answering = Thread(target=_answer_all, args=(chosen, scores), daemon=True)
    answering.start()
    house.go_on(WHILE_ANSWERING, Answer.objects.count, len(chosen))
    answering.join()
    unhappy = Answer.objects.filter(score__lte=6)
    house.go_on((), lambda: Case.objects.filter(origin="survey").count(), unhappy.count())
    house.go_on((), lambda: Answer.objects.exclude(counted=None).count(), len(chosen))
    house.go_on((), lambda: -Event.objects.filter(dispatched_at=None).count(), 0)
    time.sleep(5)  # for what would come twice
    cases = Case.objects.filter(origin="survey")
    if list(Answer.objects.order_by("score").values_list("score", flat=True)) != sorted(scores):
        failures.append("the answers are not those that were given")
    if {f"answer:{pk}" for pk in unhappy.values_list("pk", flat=True)} != set(
        cases.values_list("source_ref", flat=True)
    ):
        failures.append("the cases are not those of the unhappy answers")
    decided = Invitation.objects.values("shipment").annotate(n=Count("pk")).filter(n=1).count()
    found = {
        "decided": decided,
        "killed": house.killed,
        "broker_killed": house.broker_killed,
        "twice": sum(n - 1 for n in got.values()),
        "lost": lost,
        "unknown": unknown.count(),
        "in_doubt": in_doubt,
        "undispatched": Event.objects.filter(dispatched_at=None).count(),
        "events": Event.objects.count(),
        "given": len(chosen),
        "answers": Answer.objects.count(),
        "unhappy": unhappy.count(),
        "cases": cases.count(),
        "seconds": round(time.monotonic() - house.began_at),
    }
    if house.killed < ENOUGH or house.broker_killed < 2:
        failures.append("it was over before all deaths came: let more deliveries be made")
    pairs = (("decided", count), ("twice", 0), ("lost", 0), ("undispatched", 0))
    failures += [f"{found[name]} {name}, not {due}" for name, due in pairs if found[name] != due]
    failures += [
        f"{found[a]} {a} for {found[b]} {b}"
        for a, b in (("answers", "given"), ("cases", "unhappy"))
        if found[a] != found[b]
    ]
    return found | {"failures": failures}


def _grow_old() -> None:
    """The letters went out a while ago: while they are new, machines are at their links and no vote counts."""
    from django.db.models import F

    from apps.feedback.models import Invitation
    from apps.feedback.rules.votes import NEW

    Invitation.objects.update(sent_at=F("sent_at") - NEW, claimed_at=F("claimed_at") - NEW)


def _now_and_then(do: Callable[[], object], seconds: float = 5) -> Callable[[], None]:
    last = time.monotonic()

    def sweep() -> None:
        nonlocal last
        if time.monotonic() - last > seconds:
            do()
            last = time.monotonic()

    return sweep


def _shipments(count: int) -> list:
    """On their way, each to an account with one contact."""
    from django.db import connection
    from django.utils import timezone

    from apps.accounts.models import Account, Contact
    from apps.availability.models import Warehouse
    from apps.catalogue.models import Category, Product
    from apps.fulfilment.models import Shipment, ShipmentLine
    from apps.ordering.models import Order, OrderLine

    now = timezone.now()
    category = Category.objects.create(name="Fasteners", slug="fasteners")
    bolt = Product.objects.create(sku="BOLT", name="Bolt", category=category)
    north = Warehouse.objects.create(code="N", name="North")
    made = []
    for n in range(count):
        account = Account.objects.create(number=f"C-{n}", name=f"Crash {n}")
        contact = Contact.objects.create(
            account=account, name=f"Contact {n}", email=f"c{n}@crash.example", role="buyer"
        )
        placed_at = now - timedelta(days=3)
        order = Order.objects.create(
            number=f"C-{n}", account=account, contact=contact, status="shipped", placed_at=placed_at
        )
        line = OrderLine.objects.create(
            order=order, position=1, product=bolt, sku=bolt.sku, name=bolt.name, quantity=100, unit_price="0.16",
            price_source="base", net=16, shipped_quantity=100,
        )  # fmt: skip
        shipment = Shipment.objects.create(
            number=f"C-{n}", order=order, account=account, warehouse=north, status="shipped",
            shipped_at=now - timedelta(days=1), created_at=now - timedelta(days=2),
        )  # fmt: skip
        ShipmentLine.objects.create(shipment=shipment, order_line=line, quantity=100)
        made.append(shipment)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return made


def _confirm(shipments: list) -> None:
    from django.db import connection
    from django.utils import timezone

    from apps.core.scoping import SYSTEM
    from apps.fulfilment.services import confirm_delivery

    for shipment in shipments:
        now = timezone.now()
        confirm_delivery(
            SYSTEM, shipment, received_by=shipment.number, delivered_at=now - timedelta(minutes=5), now=now
        )
    connection.close()


def _answer_all(letters: list, scores: list[int]) -> None:
    """Open each link, choose, read for a second, and click twice."""
    from django.db import connection
    from django.test import Client

    client = Client()
    for start in range(0, len(letters), 20):
        pages = []
        for letter, score in zip(letters[start : start + 20], scores[start : start + 20], strict=True):
            here = re.search(r"/s/[\w-]+/", letter.get_body(("plain",)).get_content()).group()
            shown = client.get(f"{here}?score={score}").content.decode()
            pages.append((here, score, re.search(r'name="page" value="([^"]+)"', shown).group(1)))
        time.sleep(1.2)
        for here, score, page in pages:
            for _ in range(2):
                client.post(here, {"score": score, "page": page})
    connection.close()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
