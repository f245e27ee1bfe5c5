from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction

from apps.accounts.models import Account, Contact, CountryConsent
from apps.accounts.selectors import actor_for, may_mail
from apps.accounts.services import give_consent, object_to, withdraw_consent
from apps.cases import services as cases
from apps.core.scoping import Actor
from apps.feedback.models import Invitation
from apps.feedback.services import (
    expire,
    plan_invitation,
    plan_invitations,
    plan_undecided,
    postpone_missed,
    replan_after_case,
)
from tests.feedback.deliveries import delivered

SAM = Actor(role="service", name="Sam")


def plan(world, shipment, **more):
    return plan_invitation(shipment.pk, now=more.get("now", world.now))


def test_who_ordered_is_asked_two_days_later_in_the_morning_window(world):
    asked = plan(world, delivered(world, world.anna))
    assert (asked.state, asked.contact) == ("planned", world.anna)
    assert asked.due_at.date() == datetime(2026, 3, 6).date()
    assert 9 <= asked.due_at.hour <= 16
    assert asked.expires_at == datetime(2026, 3, 21, tzinfo=UTC)
    assert asked.reminder_due_at.date() == datetime(2026, 3, 12).date()


def test_somebody_elsewhere_is_asked_reminded_and_no_more_asked_by_their_own_clock(world):
    Contact.objects.filter(pk=world.anna.pk).update(time_zone="Asia/Tokyo")  # of an account in London
    asked, there = plan(world, delivered(world, world.anna)), ZoneInfo("Asia/Tokyo")
    assert [9 <= at.astimezone(there).hour < 17 for at in (asked.due_at, asked.reminder_due_at)] == [True, True]
    assert asked.expires_at.astimezone(there) == datetime(2026, 3, 21, tzinfo=there)
    night = datetime(2026, 3, 6, 22, tzinfo=there)
    Invitation.objects.update(due_at=night - timedelta(hours=9), window_ends_at=night - timedelta(hours=5))
    assert postpone_missed(now=night) == 1
    asked.refresh_from_db()
    moved = asked.due_at.astimezone(there)
    assert (moved.date(), 9 <= moved.hour < 17) == (datetime(2026, 3, 9).date(), True)
    assert (expire(now=asked.expires_at - timedelta(seconds=1)), expire(now=asked.expires_at)) == (0, 1)


def test_who_received_it_is_asked_where_they_were_asked_less_recently(world):
    first = plan(world, delivered(world, world.anna, received_by="rick"))
    second = plan(world, delivered(world, world.anna, received_by="RICK"))
    assert [first.contact, second.contact] == [world.anna, world.rick]


def test_one_decision_for_a_delivery(world):
    shipment = delivered(world)
    assert plan(world, shipment) == plan(world, shipment)
    assert Invitation.objects.count() == 1


def test_not_two_more_than_the_account_bears(world):
    reasons = [plan(world, delivered(world, who)).reason for who in (world.anna, world.boris, world.fiona, world.rick)]
    assert reasons == ["", "", "account_cap", "account_cap"]
    assert plan(world, delivered(world, world.lena)).state == "planned"  # a subsidiary is an account of its own


def test_nobody_twice_in_the_rest_period(world):
    assert plan(world, delivered(world, world.xaver)).state == "planned"
    later = world.now + timedelta(days=60)
    assert plan(world, delivered(world, world.xaver, at=later), now=later).reason == "throttled"
    later = world.now + timedelta(days=92)
    assert plan(world, delivered(world, world.xaver, at=later), now=later).contact == world.xaver


@pytest.mark.parametrize("change, reason", [({"email": ""}, "no_address"), ({"is_active": False}, "no_address")])
def test_why_a_contact_is_not_asked(world, change, reason):
    Contact.objects.filter(pk=world.xaver.pk).update(**change)
    decision = plan(world, delivered(world, world.xaver))
    assert (decision.state, decision.reason, decision.contact, decision.rest) == ("suppressed", reason, None, None)


def test_who_said_no_or_never_yes_where_the_law_wants_it_is_not_asked(world):
    object_to(world.xaver, "survey", source="mail", now=world.now)
    assert plan(world, delivered(world, world.xaver)).reason == "objected"
    withdraw_consent(actor_for(world.lena.user), world.lena, "survey", now=world.now)
    Contact.objects.filter(pk=world.lena.pk).update(email="lena@elsewhere.example")
    assert plan(world, delivered(world, world.lena)).reason == "no_consent"
    CountryConsent.objects.update_or_create(country="", purpose="survey", defaults={"basis": "opt_in"})
    assert plan(world, delivered(world)).reason == "no_consent"
    for person in (world.boris, world.anna):
        give_consent(actor_for(person.user), person, "survey", now=world.now)
    assert plan(world, delivered(world)).contact == world.anna


def test_an_objection_to_offers_leaves_the_question_about_a_delivery(world):
    object_to(world.xaver, "marketing", source="mail", now=world.now)
    assert plan(world, delivered(world, world.xaver)).contact == world.xaver
    assert may_mail([world.xaver.pk], "marketing") == set()


def test_why_an_account_is_not_asked(world):
    Account.objects.filter(pk=world.calder.pk).update(is_test=True)
    assert plan(world, delivered(world, world.xaver)).reason == "test_account"
    assert plan(world, delivered(world, days_ago=17)).reason == "too_late"
    world.programme.is_active = False
    world.programme.save()
    assert plan(world, delivered(world)).reason == "programme_off"


def test_what_was_not_delivered_is_not_decided_about(world):
    shipment = delivered(world)
    shipment.status = "shipped"
    shipment.save()
    assert plan(world, shipment) is None


def test_what_another_programme_asks_about_is_not_asked_about_here(world):
    first, second = delivered(world, world.anna), delivered(world, world.boris)
    plan_invitations([first.pk, second.pk], now=world.now, spoken_for={first.pk})
    assert (plan(world, first).reason, plan(world, second).state) == ("other_programme", "planned")
    assert plan(world, delivered(world, world.anna)).contact == world.anna  # whom nothing was asked


def test_an_ask_that_follows_a_case_rests_for_itself_alone(world):
    asked = plan(world, delivered(world, world.anna))
    more = {"programme": world.programme, "account": world.brightwater, "contact": world.anna, "state": "planned"}
    more |= {"decided_at": world.now, "rest": asked.rest}
    Invitation.objects.create(subject_ref="case:CA-1", is_transactional=True, **more)
    for subject_ref, is_transactional in (("case:CA-2", True), ("case:CA-3", False)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Invitation.objects.create(subject_ref=subject_ref, is_transactional=is_transactional, **more)


def test_a_known_failure_is_asked_about_after_the_fix(world):
    shipment = delivered(world, is_late=True)
    case = cases.open_case_for_delivery(shipment.pk, now=world.now)
    other = delivered(world, world.boris)
    assert plan(world, shipment).reason == "known_failure"
    assert plan(world, other).reason == "open_case"

    fixed = world.now + timedelta(days=20)
    cases.answer_case(SAM, case, body="A new one is on its way.", now=fixed)
    cases.resolve_case(SAM, case, resolution="Sent again", cause="delivery", now=fixed)
    assert replan_after_case(shipment.account_id, now=fixed) == 1
    asked = plan(world, shipment)
    assert (asked.state, asked.contact, asked.due_at.date()) == ("planned", world.anna, datetime(2026, 3, 26).date())
    assert plan(world, other).reason == "too_late"
    assert replan_after_case(shipment.account_id, now=fixed) == 0


def test_deliveries_that_no_event_reported_are_found(world):
    recent, old = delivered(world), delivered(world, world.xaver, days_ago=30)
    assert plan_undecided(now=world.now) == 1
    assert plan_undecided(now=world.now) == 0
    assert list(Invitation.objects.values_list("shipment", flat=True)) == [recent.pk]
    assert old.invitations.count() == 0


def test_as_many_queries_for_forty_as_for_two(world, django_assert_num_queries):
    plan(world, delivered(world))  # the version of the programme is there
    for size in (2, 40):
        shipments = [delivered(world, who).pk for who in (world.anna, world.xaver) for _ in range(size // 2)]
        with django_assert_num_queries(18):
            plan_invitations(shipments, now=world.now)


def _at_once(number, work):
    """Run `work(index)` in so many threads, all starting together, each with a connection of its own."""
    gate = Barrier(number)

    def run(index):
        gate.wait()
        try:
            work(index)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[index]) for index in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_limits_hold_when_many_plan_at_the_same_time(world):
    shipments = [delivered(world, world.anna) for _ in range(8)]
    _at_once(8, lambda index: plan(world, shipments[index]))
    states = list(Invitation.objects.values_list("state", "reason"))
    assert states.count(("planned", "")) == 2
    assert states.count(("suppressed", "account_cap")) == 6
    assert Invitation.objects.filter(state="planned").values("contact").distinct().count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_delivery_reported_at_the_same_time_is_decided_once(world):
    shipment = delivered(world)
    _at_once(4, lambda _index: plan(world, shipment))
    assert Invitation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_case_resolved_told_twice_at_once_plans_once_and_keeps_the_plan(world):
    shipment = delivered(world, is_late=True)
    case = cases.open_case_for_delivery(shipment.pk, now=world.now)
    plan(world, shipment)
    cases.answer_case(SAM, case, body="A new one is on its way.", now=world.now)
    cases.resolve_case(SAM, case, resolution="Sent again", cause="delivery", now=world.now)
    _at_once(4, lambda _index: replan_after_case(shipment.account_id, now=world.now))
    assert Invitation.objects.values_list("state", "reason").get() == ("planned", "")


def test_the_database_keeps_the_rest_period_where_the_lock_did_not(world, monkeypatch):
    """As if another process had planned the contact between our look and our insert."""
    from apps.feedback.services import asking

    plan(world, delivered(world, world.xaver))
    seen = asking.look_up

    def blind(*args):
        known = seen(*args)
        known.last_asked_at.clear()
        known.asked_at.clear()
        known.person_asked_at.clear()
        return known

    monkeypatch.setattr(asking, "look_up", blind)
    assert plan(world, delivered(world, world.xaver)).reason == "throttled"
