"""Whether an account was won back is proven by what it receives and orders next, never by a click."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from apps.accounts.selectors import actor_for
from apps.cases import services
from apps.cases.models import Case
from apps.cases.rules import order_due_on, verdict
from apps.cases.selectors import cases_of, open_cases
from apps.cases.services.recoveries import judge_recoveries
from apps.cases.tasks import judge_recovery, send_case_reply
from apps.core.events import record
from apps.core.models import Event
from apps.fulfilment.models import LineFact, Shipment
from apps.fulfilment.services.facts import freeze_facts
from apps.insights.selectors import entry_of
from apps.ordering.models import Order
from apps.ordering.rules.rhythms import Rhythm
from tests.feedback.deliveries import delivered
from tests.ordering.test_races import at_once
from tests.world import build

DAY = timedelta(days=1)
TODAY = date(2026, 3, 4)


@pytest.mark.parametrize(
    "rhythm, due_on",
    [
        (None, None),
        (Rhythm(TODAY - 10 * DAY, 14, 2), None),  # too few gaps
        (Rhythm(TODAY - 400 * DAY, 14, 9), None),  # lost long ago
        (Rhythm(TODAY - 10 * DAY, 14, 3), TODAY + 18 * DAY),  # twice the usual gap after the last order
        (Rhythm(TODAY - 60 * DAY, 14, 3), TODAY + 14 * DAY),  # over already: a usual gap from now
    ],
)
def test_when_the_next_order_is_due(rhythm, due_on):
    assert order_due_on(rhythm, TODAY) == due_on


@pytest.mark.parametrize(
    "delivery, ordered, due, expected",
    [
        (None, None, None, "waits"),
        (True, None, None, "proven"),
        (False, 0, 5, "delivery"),
        (True, None, 5, "waits"),
        (True, None, 0, "waits"),  # the day is not over
        (True, None, -1, "no_order"),
        (True, -2, -1, "proven"),
        (True, 0, -1, "no_order"),  # came after its day
        (None, -2, -1, "waits"),
        (None, None, -1, "no_order"),
    ],
)
def test_the_verdict(delivery, ordered, due, expected):
    ordered_on, due_on = (None if each is None else TODAY + each * DAY for each in (ordered, due))
    assert verdict(delivery, ordered_on, due_on, today=TODAY) == expected


def resolved(world, *, due=None, days=0, **facts) -> Case:
    """A case about a delivery of Brightwater's, resolved so many days ago; the next order due in `due` days."""
    sam, now = actor_for(world.sam.user), world.now - days * DAY
    facts = {"title": "Late", "cause": "delivery", "origin": "delivery", "source_ref": "x"} | facts
    case = services.open_case(account_id=world.brightwater.pk, contact_id=world.anna.pk, **facts, now=now - DAY)
    services.answer_case(sam, case, body="On the van.", now=now)
    case = services.resolve_case(sam, case, resolution="A new driver", cause=facts["cause"], now=now)
    if due is not None:
        case.order_due_on = world.today + due * DAY
        case.save()
    return case


def received(world, *, days_ago=0, order=None, **wrong) -> Shipment:
    shipment = delivered(world, days_ago=days_ago)
    if order:
        shipment.order = order
        shipment.save()
    freeze_facts([shipment.pk], now=world.now)
    LineFact.objects.filter(fact__shipment=shipment).update(**wrong)
    return shipment


def judged(world, case, **after) -> tuple:
    """(how many were decided, its status)."""
    count = judge_recoveries(now=world.now + timedelta(**after))
    case.refresh_from_db()
    return count, case.status


def test_a_perfect_delivery_and_an_order_on_time_prove_it(world, signed_in):
    case = resolved(world, days=20, due=8)
    assert judged(world, case) == (0, "resolved")
    shipment = received(world, days_ago=2)
    order = Order.objects.get(pk=shipment.order_id)  # placed after it was resolved
    assert judged(world, case) == (1, "verified")
    assert judged(world, case, days=90) == (0, "verified")
    assert (case.proof_shipment, case.proof_order, case.verified_at) == (shipment, order, world.now)
    told = entry_of(Event.objects.get(name="case.verified"))
    assert told.text == f"Case {case.number} is proven by delivery {shipment.number} and order {order.number}"
    assert open_cases(actor_for(world.sam.user)) == []
    assert cases_of(actor_for(world.anna.user), status="resolved") == [case]
    for who, page in ((world.sam, "workspace:case"), (world.anna, "portal:case")):
        said = signed_in(who).get(reverse(page, args=[case.number])).content.decode()
        assert shipment.number in said and order.number in said and "Proven, not only said" in said


def test_only_perfect_so_far_waits_and_opens_again_without_an_order(world, mailoutbox):
    case = resolved(world, days=2, due=8)
    received(world)
    Order.objects.filter(account=world.brightwater).update(placed_at=world.now - 30 * DAY)
    assert judged(world, case, days=8) == (0, "resolved")
    later = world.now + 9 * DAY
    assert judged(world, case, days=9) == (1, "open")
    assert (case.reopened_at, case.escalated, case.awaits_proof, case.order_due_on) == (later, 0, False, None)
    assert case.acknowledge_by > later and case.answered_at is None
    event = Event.objects.get(name="case.reopened")
    assert entry_of(event).text.startswith("No order came in the usual time")
    for _ in range(2):
        send_case_reply(event.pk)
    assert [mail.to for mail in mailoutbox] == [["sam@harrow.example"]]
    assert "has not ordered again" in mailoutbox[0].body and "A new driver" in mailoutbox[0].alternatives[0][0]


@pytest.mark.parametrize("wrong", [{"damaged": 1}, {"missing": 1}, {"wrong": 2}, {"papers_right": False}])
def test_the_next_delivery_that_is_not_perfect_opens_it_again(world, wrong, mailoutbox):
    case = resolved(world, days=20, due=8)
    shipment = received(world, days_ago=2, **wrong)
    received(world, days_ago=1)  # what comes after it counts no more
    assert judged(world, case) == (1, "open")
    event = Event.objects.get(name="case.reopened")
    assert (event.facts["because"], event.facts["shipment"]) == ("delivery", shipment.number)
    send_case_reply(event.pk)
    assert f"{shipment.number}, was not perfect either" in mailoutbox[0].body


def test_the_failed_order_and_an_order_in_parts_prove_nothing(world):
    failed = delivered(world, days_ago=9)
    case = resolved(world, days=5, order_id=failed.order_id, shipment_id=failed.pk)
    received(world, days_ago=3, order=failed.order)
    before = received(world, days_ago=8)
    received(world, days_ago=2, order=before.order)  # the rest of what had begun before
    assert judged(world, case) == (0, "resolved")
    nextone = received(world, days_ago=1)
    rest = delivered(world)
    Shipment.objects.filter(pk=rest.pk).update(order=nextone.order_id, status="shipped", delivered_at=None)
    assert judged(world, case) == (0, "resolved")
    Shipment.objects.filter(pk=rest.pk).update(status="cancelled")
    assert judged(world, case) == (1, "verified")  # no rhythm: by deliveries alone


def test_a_delivery_to_others_or_before_proves_nothing(world):
    case = resolved(world, days=5)
    received(world, days_ago=6)
    freeze_facts([delivered(world, world.xaver).pk], now=world.now)
    assert judged(world, case) == (0, "resolved")


@pytest.mark.parametrize("cause, origin, owed", [
    ("price", "survey", True), ("other", "delivery", True), ("delivery", "portal", True), ("invoice", "portal", False),
])  # fmt: skip
def test_only_failures_are_to_be_proven(world, cause, origin, owed):
    assert resolved(world, cause=cause, origin=origin).awaits_proof == owed


def test_the_rhythm_is_that_of_the_day_it_was_resolved(world):
    for weeks in range(1, 6):
        shipment = delivered(world)
        Order.objects.filter(pk=shipment.order_id).update(placed_at=world.now - timedelta(weeks=weeks))
    assert resolved(world).order_due_on == world.today + 7 * DAY


def test_a_customer_who_writes_ends_the_waiting(world):
    case = resolved(world, days=20, due=8)
    services.reply_to_case(actor_for(world.anna.user), case, body="It is not.", now=world.now)
    received(world)
    assert judged(world, case) == (0, "open")


def test_events_of_the_account_judge_it(world):
    case = resolved(world, days=5)
    shipment = received(world)
    about = {"account_id": world.brightwater.pk, "at": world.now}
    record("shipment.delivered", f"shipment:{shipment.number}", **about)
    event = Event.objects.get(name="shipment.delivered")
    for _ in range(2):
        judge_recovery(event.pk)
    case.refresh_from_db()
    assert case.status == "verified"
    assert Event.objects.filter(name="case.verified").count() == 1


def test_no_click_proves_it(world, signed_in):
    case = resolved(world)
    mona = signed_in(world.mona)
    for page in ("acknowledge_case", "answer_case", "note_case", "resolve_case"):
        said = {"status": "verified", "verified_at": "2026-03-04", "body": "Fine", "resolution": "x", "cause": "other"}
        mona.post(reverse(f"workspace:{page}", args=[case.number]), said)
    otto = signed_in(world.otto)
    address = reverse("admin:cases_case_change", args=[case.pk])
    assert 'name="status"' not in otto.get(address).content.decode()
    otto.post(address, {"status": "verified", "cause": "other", "owner": world.sam.pk, "verified_at": "2026-03-04"})
    case.refresh_from_db()
    assert (case.status, case.verified_at) == ("resolved", None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(status="verified", awaits_proof=False)


@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_moment_judge_it_once():
    world = build()
    case = resolved(world, days=5)
    received(world)
    assert sum(at_once(lambda _worker: judge_recoveries(now=world.now), range(4), threads=4)) == 1
    assert Event.objects.filter(name="case.verified", subject=f"case:{case.number}").count() == 1
