"""Whoever decides locks in one order: nobody waits for who waits for them."""

import time
from threading import Event, Thread

import pytest
from django.db import DatabaseError, connection, transaction

from apps.cases import services as cases
from apps.core.scoping import Actor
from apps.feedback.models import Invitation, Programme
from apps.feedback.services import (
    follow_delivery,
    plan_first_order,
    plan_invitation,
    plan_invitations,
    plan_undecided,
    replan_after_case,
)
from apps.feedback.services.versions import versions_in_use
from tests.feedback.deliveries import delivered

SAM = Actor(role="service", name="Sam")
WAITS = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"


def somebody_waits_for_us() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(WAITS)
        return cursor.fetchone()[0] > 0


def at_the_same_time(programme, now, plan, other) -> None:
    """`plan` in a transaction that has just made a version of the programme, while `other` has begun to wait for it."""
    made, failed = Event(), []

    def run(work):
        try:
            work()
        except (DatabaseError, AssertionError) as error:
            failed.append(error)
        finally:
            connection.close()

    def planner():
        with transaction.atomic():
            versions_in_use([programme], now)
            made.set()
            deadline = time.monotonic() + 10
            while not somebody_waits_for_us():
                assert time.monotonic() < deadline, "nobody waits for the programme"
                time.sleep(0.01)
            plan()

    def follower():
        made.wait()
        other()

    threads = [Thread(target=run, args=[work]) for work in (planner, follower)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def reworded(programme) -> Programme:
    """The programme in words that nobody was asked in: whoever decides next makes a version."""
    programme.question = "Another?"
    programme.save()
    return programme


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("other", ["a case is resolved", "a delivery is corrected", "what was missed is found"])
def test_nobody_waits_for_a_planner_who_waits_for_them(world, other):
    shipment = delivered(world, is_late=True)
    case = cases.open_case_for_delivery(shipment.pk, now=world.now)
    plan_invitation(shipment.pk, now=world.now)
    cases.answer_case(SAM, case, body="A new one is on its way.", now=world.now)
    cases.resolve_case(SAM, case, resolution="Sent again", cause="delivery", now=world.now)
    fresh, missed = delivered(world, world.boris), delivered(world, world.rick)
    follow = {
        "a case is resolved": lambda: replan_after_case(shipment.account_id, now=world.now),
        "a delivery is corrected": lambda: follow_delivery(shipment.pk, now=world.now),
        "what was missed is found": lambda: plan_undecided(now=world.now),
    }
    programme = reworded(world.programme)
    at_the_same_time(programme, world.now, lambda: plan_invitations([fresh.pk], now=world.now), follow[other])
    assert Invitation.objects.filter(shipment=fresh, programme=programme).exists()
    assert missed.invitations.exists() == (other == "what was missed is found")
    planned = Invitation.objects.get(shipment=shipment, programme=programme)
    assert (planned.state == "planned") == (other != "what was missed is found")


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_the_planner_of_a_first_order(world):
    programme = Programme.objects.create(code="first-order", kind="first_order", name="First")
    shipment = delivered(world, world.xaver)
    plan_first_order(shipment.pk, now=world.now)
    reworded(programme)
    at_the_same_time(
        programme,
        world.now,
        lambda: plan_first_order(shipment.pk, now=world.now),
        lambda: follow_delivery(shipment.pk, now=world.now),
    )
    assert Invitation.objects.get(programme=programme).state == "planned"
