"""What was decided about a delivery follows from how it is now."""

import re
from datetime import timedelta
from html import unescape
from types import SimpleNamespace

import pytest

from apps.accounts.selectors import actor_for
from apps.cases import services as cases
from apps.cases.models import Case
from apps.cases.tasks import follow_corrected_delivery as carry_on_case
from apps.cases.tasks import note_voided_delivery
from apps.core.models import Event
from apps.core.scoping import SYSTEM
from apps.feedback import tasks
from apps.feedback.models import Invitation, Programme
from apps.feedback.selectors import open_questions
from apps.feedback.services import (
    answer,
    claim_due,
    follow_delivery,
    hash_of,
    plan_first_order,
    replan_after_case,
)
from apps.feedback.services.handover import InHand, give_back, move_on
from apps.fulfilment.models import Shipment
from apps.fulfilment.services import confirm_delivery, correct_delivery, void_delivery
from apps.insights.services import count_answers
from apps.ordering.models import OrderLine
from tests.feedback.deliveries import delivered
from tests.feedback.test_planning import SAM, _at_once, plan


@pytest.fixture(autouse=True)
def _the_day_of_the_world(world, monkeypatch):
    monkeypatch.setattr(tasks, "timezone", SimpleNamespace(now=lambda: world.now))


def correct(shipment, *, days=0, lines=None, now):
    shipment = Shipment.objects.get(pk=shipment.pk)
    correct_delivery(
        SYSTEM, shipment, delivered_at=shipment.delivered_at + timedelta(days=days), received_by="Rick",
        lines=lines or {}, reason="Miscounted", now=now,
    )  # fmt: skip
    return Event.objects.filter(name="shipment.corrected").latest("pk").pk


def void(shipment, *, now):
    void_delivery(SYSTEM, shipment, reason="Left at a neighbour", now=now)
    return Event.objects.filter(name="shipment.voided").latest("pk").pk


def decision(shipment):
    row = Invitation.objects.get(shipment=shipment, programme__kind="delivery")
    return row.state, row.reason


def missing(shipment, pieces=10):
    return {shipment.lines.get().order_line_id: (100 - pieces, 0)}


def receive(world, shipment):
    now = world.now + timedelta(minutes=30)
    confirm_delivery(SYSTEM, Shipment.objects.get(pk=shipment.pk), received_by="", delivered_at=now, now=now)
    return Event.objects.filter(name="shipment.delivered").latest("pk").pk


def test_a_planned_question_moves_with_the_day_of_its_delivery(world):
    shipment = delivered(world, days_ago=1, promised_on=None)
    before = plan(world, shipment)
    event = correct(shipment, days=1, now=world.now)
    for _told_twice in range(2):
        tasks.follow_delivery(event)
        after = Invitation.objects.get()
        assert (after.pk, after.state, after.contact) == (before.pk, "planned", before.contact)
        assert (after.due_at - before.due_at, after.rest.lower) == (timedelta(days=1), after.due_at)
        assert after.expires_at - before.expires_at == timedelta(days=1)


def test_a_failure_that_comes_to_light_is_not_asked_about_before_it_is_put_right(world):
    shipment = delivered(world)
    plan(world, shipment)
    event = correct(shipment, lines=missing(shipment), now=world.now)
    tasks.follow_delivery(event)
    assert decision(shipment) == ("suppressed", "known_failure")
    assert Invitation.objects.get().rest is None
    carry_on_case(event)
    carry_on_case(event)
    case = Case.objects.get(source_ref=f"delivery:{shipment.number}")
    assert case.title == f"Delivery {shipment.number} arrived incomplete"
    cases.answer_case(SAM, case, body="The rest is on its way.", now=world.now)
    cases.resolve_case(SAM, case, resolution="Sent the rest", cause="delivery", now=world.now)
    assert replan_after_case(shipment.account_id, now=world.now) == 1
    tasks.follow_delivery(event)  # told again
    assert decision(shipment) == ("planned", "")


def test_what_had_not_failed_after_all_is_asked_about(world):
    shipment = delivered(world)
    correct(shipment, lines=missing(shipment), now=world.now)
    assert plan(world, shipment).reason == "known_failure"
    tasks.follow_delivery(correct(shipment, now=world.now))
    assert decision(shipment) == ("planned", "")


def test_its_case_is_told_and_asked_about_once_that_is_over(world):
    shipment = delivered(world)
    correct(shipment, lines=missing(shipment), now=world.now)
    case = cases.open_case_for_delivery(shipment.pk, now=world.now)
    plan(world, shipment)
    event = correct(shipment, now=world.now)
    for _told_twice in range(2):
        carry_on_case(event)
        tasks.follow_delivery(event)
    assert decision(shipment) == ("suppressed", "open_case")
    note = case.messages.get(is_internal=True)
    assert note.body == f"Delivery {shipment.number} was corrected (Miscounted): it came in time, complete and whole."


def test_who_was_asked_enough_stays_so(world):
    for who in (world.anna, world.boris):
        plan(world, delivered(world, who))
    shipment = delivered(world, world.fiona)
    plan(world, shipment)
    tasks.follow_delivery(correct(shipment, days=-1, now=world.now))
    assert decision(shipment) == ("suppressed", "account_cap")


def test_what_was_never_received_is_not_asked_about_until_it_is(world):
    shipment = delivered(world)
    asked = plan(world, shipment)
    event = void(shipment, now=world.now)
    for _told_twice in range(2):
        tasks.follow_delivery(event)
        asked.refresh_from_db()
        assert (asked.state, asked.reason, asked.rest, asked.reminder_due_at) == ("cancelled", "voided", None, None)
    assert plan(world, delivered(world, world.anna)).contact == world.anna  # whom nobody asked

    again = receive(world, shipment)
    tasks.follow_delivery(event)  # late
    tasks.plan_invitation_after_delivery(again)
    tasks.plan_invitation_after_delivery(again)
    assert decision(shipment) == ("planned", "")
    assert Invitation.objects.filter(shipment=shipment).count() == 1


def test_the_case_of_a_delivery_that_was_taken_back_is_told(world):
    shipment = delivered(world, is_late=True)
    case = cases.open_case_for_delivery(shipment.pk, now=world.now)
    event = void(shipment, now=world.now)
    note_voided_delivery(event)
    note_voided_delivery(event)
    note = case.messages.get(is_internal=True)
    assert note.body == f"Delivery {shipment.number} was taken back (Left at a neighbour): it had not been received."


def test_told_in_the_wrong_order_nobody_is_asked_about_what_was_taken_back(world):
    shipment = delivered(world)
    event = void(shipment, now=world.now)
    tasks.follow_delivery(event)
    assert plan(world, shipment) is None and not Invitation.objects.exists()


@pytest.mark.parametrize("state, after", [("sent", "sent"), ("unknown", "unknown"), ("answered", "answered")])
def test_a_question_that_is_out_stays_without_a_reminder_and_an_answer_stays(world, state, after):
    shipment = delivered(world)
    asked = plan(world, shipment)
    Invitation.objects.update(state=state)
    tasks.follow_delivery(void(shipment, now=world.now))
    asked.refresh_from_db()
    assert (asked.state, asked.reason, asked.rest is not None) == (after, "", True)
    assert (asked.reminder_due_at is None) == (state != "answered")


def test_a_question_that_is_out_is_answered_by_its_link_alone(world, client):
    shipment = delivered(world)
    asked = plan(world, shipment)
    at = asked.due_at
    Invitation.objects.update(state="sent", token_hash=hash_of("token"), expires_at=at + timedelta(days=9999))
    assert len(open_questions(actor_for(world.anna.user), now=at)) == 1
    void(shipment, now=at)
    assert open_questions(actor_for(world.anna.user), now=at) == []
    page = client.get("/s/token/")
    assert f"Delivery {shipment.number}" in unescape(re.sub(r"<.*?>", "", page.text)) and "received on" not in page.text
    given = answer(Invitation.objects.get(), score=3, comment="Nothing came.", channel="mail", now=at)
    assert (given.facts, given.shipment) == ({}, shipment)
    assert count_answers([given.pk]) == 1


def test_what_fails_again_when_it_is_received_again_is_owned_again(world):
    shipment = delivered(world, is_late=True)
    first = cases.open_case_for_delivery(shipment.pk, now=world.now)
    void(shipment, now=world.now)
    Shipment.objects.filter(pk=shipment.pk).update(promised_on=world.today - timedelta(days=3))
    receive(world, shipment)
    assert cases.open_case_for_delivery(shipment.pk, now=world.now) == first
    Case.objects.update(status="resolved", resolved_at=world.now)
    second = cases.open_case_for_delivery(shipment.pk, now=world.now)
    assert second != first and cases.open_case_for_delivery(shipment.pk, now=world.now) == second


def test_a_message_given_back_after_its_delivery_was_taken_back_is_not_sent(world):
    shipment = delivered(world)
    asked = plan(world, shipment)
    [row] = claim_due(now=asked.due_at)
    move_on([], [InHand(row, "token")], now=asked.due_at)
    tasks.follow_delivery(void(shipment, now=asked.due_at))
    give_back([asked.pk], now=asked.due_at)
    assert claim_due(now=asked.due_at + timedelta(minutes=20)) == []
    assert decision(shipment) == ("suppressed", "voided")


def test_what_came_back_whole_is_not_asked_about_and_a_part_is(world):
    shipment = delivered(world)
    plan(world, shipment)
    line = OrderLine.objects.filter(order=shipment.order)
    for returned, state in ((40, "planned"), (100, "cancelled")):
        line.update(returned_quantity=returned)
        for _told_twice in range(2):
            follow_delivery(shipment.pk, now=world.now)
            assert Invitation.objects.get().state == state
    assert Invitation.objects.get().reason == "voided"


def test_a_first_order_follows_its_deliveries(world):
    Programme.objects.update_or_create(code="first-order", defaults={"kind": "first_order", "name": "First"})
    shipment = delivered(world, world.xaver)
    asked = plan_first_order(shipment.pk, now=world.now)
    assert plan(world, shipment).reason == "other_programme" and asked.state == "planned"
    tasks.follow_delivery(correct(shipment, days=-1, now=world.now))
    moved = Invitation.objects.get(pk=asked.pk)
    assert (moved.state, moved.due_at.date()) == ("planned", (asked.due_at - timedelta(days=1)).date())
    tasks.follow_delivery(void(shipment, now=world.now))
    assert set(Invitation.objects.values_list("state", "reason")) == {("cancelled", "voided")}
    tasks.plan_invitation_after_delivery(receive(world, shipment))
    assert decision(shipment) == ("suppressed", "other_programme")
    assert Invitation.objects.get(pk=asked.pk).state == "planned"


@pytest.mark.django_db(transaction=True)
def test_taken_back_while_it_is_claimed_it_is_stopped_or_sent_and_never_both(world):
    """Whoever is first decides: the letter goes out and stays sent, or nothing of it is handed over."""
    shipments = [delivered(world, who) for who in (world.anna, world.xaver, world.lena)]
    asked = [plan(world, shipment) for shipment in shipments]
    assert {row.state for row in asked} == {"planned"}
    now = max(row.due_at for row in asked)
    Invitation.objects.update(due_at=now, window_ends_at=now + timedelta(hours=1))
    handed_over = set()

    def send_or_stop(index):
        if index:
            void_delivery(SYSTEM, shipments[index - 1], reason="Never left", now=now)
            follow_delivery(shipments[index - 1].pk, now=now)
            return
        rows = [InHand(row, f"token {row['id']}") for row in claim_due(now=now)]
        mine = move_on([], rows, now=now) if rows else set()
        handed_over.update(mine)
        move_on([one for one in rows if one.id in mine], [], now=now)

    _at_once(4, send_or_stop)
    for row in Invitation.objects.all():
        assert (row.state == "sent") == (row.pk in handed_over), row
        assert row.state in ("sent", "cancelled", "suppressed") and (row.state == "sent" or row.reason == "voided")


@pytest.mark.django_db(transaction=True)
def test_a_claim_before_the_delivery_was_taken_back_is_stopped_or_kept(world):
    shipment = delivered(world)
    asked = plan(world, shipment)
    [row] = claim_due(now=asked.due_at)
    event = void(shipment, now=asked.due_at)
    moved = []

    def race(index):
        if index:
            tasks.follow_delivery(event)
        else:
            moved.extend(move_on([], [InHand(row, "token")], now=asked.due_at))

    _at_once(2, race)
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == (("sending", "") if moved else ("cancelled", "voided"))
    assert asked.reminder_due_at is None or moved


@pytest.mark.django_db(transaction=True)
def test_corrected_and_told_many_times_at_once_is_planned_once(world):
    shipment = delivered(world, days_ago=1, promised_on=None)
    plan(world, shipment)
    event = correct(shipment, days=1, now=world.now)
    _at_once(4, lambda _index: tasks.follow_delivery(event))
    assert decision(shipment) == ("planned", "") and Invitation.objects.count() == 1
