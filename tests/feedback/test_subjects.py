"""Questions about an account as a whole, its first order and its silence: whom, when, once, and why not."""

from datetime import UTC, date, datetime, time, timedelta
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Account, Contact
from apps.accounts.selectors import actor_for
from apps.accounts.services import give_consent, object_to
from apps.cases import services as cases
from apps.cases.models import Case, FollowUp
from apps.core.scoping import Actor
from apps.delivery.models import Holiday
from apps.feedback.models import Fatigue, Invitation, Programme, RoleQuota
from apps.feedback.selectors import not_asked
from apps.feedback.sending import send_due
from apps.feedback.services import (
    answer,
    close_the_loop,
    ensure_programmes,
    half_years,
    plan_effort,
    plan_first_order,
    plan_half_years,
    plan_invitation,
    plan_missed_first_orders,
    plan_silences,
    replan_after_case,
    replan_first_order,
)
from apps.feedback.services.half_years import asked_on
from apps.feedback.services.silences import is_silent
from apps.ordering.rules.rhythms import Rhythm
from tests.feedback.deliveries import delivered

SAM = Actor(role="service", name="Sam")


@pytest.fixture
def switched_on(world):
    ensure_programmes()
    Programme.objects.update(is_active=True)


def decisions(kind: str) -> dict[str, tuple]:
    rows = Invitation.objects.filter(programme__kind=kind).select_related("contact")
    return {row.subject_ref: (row.state, row.reason, row.contact and row.contact.name) for row in rows}


def its_day(account, starts_on=date(2026, 7, 1)):
    """The morning on which an account is asked in a half-year."""
    return datetime.combine(asked_on(account.pk, starts_on), time(10), UTC)


def test_all_but_that_after_a_case_wait_for_operations(world):
    ensure_programmes()
    ensure_programmes()
    assert dict(Programme.objects.values_list("kind", "is_active")) == {
        "delivery": True, "case": True, "relationship": False, "first_order": False, "lapsed": False,
    }  # fmt: skip
    delivered(world)
    assert (plan_half_years(now=world.now), plan_silences(now=world.now)) == (0, 0)


def test_who_decides_and_who_watches_over_it_are_asked_once_in_a_half_year(world, switched_on):
    delivered(world)
    now = its_day(world.brightwater)
    assert plan_half_years(now=now) == 2
    assert plan_half_years(now=now) == 0
    assert decisions("relationship") == {
        "account:AC-1:2026H2:decision_maker": ("planned", "", "Boris"),
        "account:AC-1:2026H2:gatekeeper": ("planned", "", "Fiona"),
    }
    again = its_day(world.brightwater, date(2027, 1, 1))
    delivered(world, at=again - timedelta(days=9))
    assert plan_half_years(now=again) == 2


@pytest.mark.parametrize("cap, reasons", [(0, {""}), (1, {"throttled"}), (2, {""})])
def test_what_the_house_allows_a_contact_in_a_year_holds_here_too(world, switched_on, cap, reasons):
    Fatigue.objects.create(pk=1, contact_year_cap=cap)
    for starts_on in (date(2026, 7, 1), date(2027, 1, 1)):
        now = its_day(world.brightwater, starts_on)
        delivered(world, at=now - timedelta(days=9))
        plan_half_years(now=now)
    of_the_second = {reason for ref, (_state, reason, _who) in decisions("relationship").items() if "2027H1" in ref}
    assert of_the_second == reasons
    assert not Invitation.objects.filter(programme__kind="relationship", version=None).exists()


def test_nobody_in_a_role_is_told_and_asked_about_once_somebody_is_known(world, switched_on):
    delivered(world, world.xaver)
    now = its_day(world.calder)
    plan_half_years(now=now)
    assert {reason for _state, reason, _who in decisions("relationship").values()} == {"no_person"}
    Contact.objects.create(
        account=world.calder, name="Dora", email="dora@calder.example", role="approver", persona="decision_maker"
    )
    assert plan_half_years(now=now + timedelta(days=1)) == 1
    assert decisions("relationship")["account:AC-3:2026H2:decision_maker"] == ("planned", "", "Dora")


def test_what_stood_in_the_way_is_looked_at_again_and_an_objection_is_not(world, switched_on):
    delivered(world)
    object_to(world.fiona, "survey", source="mail", now=world.now)
    now = its_day(world.brightwater)
    case = cases.open_case(
        account_id=world.brightwater.pk, title="Wet", cause="other", origin="staff", source_ref="1", now=now
    )
    plan_half_years(now=now)
    assert {reason for _state, reason, _who in decisions("relationship").values()} == {"open_case"}
    Case.objects.filter(pk=case.pk).update(status="resolved", resolved_at=now)
    plan_half_years(now=now)
    assert sorted(reason for _state, reason, _who in decisions("relationship").values()) == ["", "objected"]
    assert plan_half_years(now=now) == 0


def test_the_accounts_are_spread_over_twenty_one_weeks():
    starts_on = date(2026, 1, 1)
    days = [(asked_on(pk, starts_on) - starts_on).days for pk in range(1, 1471)]
    assert (min(days), max(days)) == (7, 153)
    assert {days.count(day) for day in set(days)} == {10}


@pytest.mark.parametrize("days, asked", [(-1, 0), (0, 2), (14, 2), (15, 0)])
def test_an_account_is_asked_from_its_day_on_and_not_long_after(world, switched_on, days, asked):
    delivered(world)
    assert plan_half_years(now=its_day(world.brightwater) + timedelta(days=days)) == asked


def test_who_has_not_ordered_for_a_year_is_not_asked(world, switched_on):
    delivered(world, days_ago=250)
    assert plan_half_years(now=its_day(world.brightwater)) == 0


def test_a_detractor_of_the_whole_opens_a_case_and_counts_as_what_was_said_of_us(world, switched_on):
    delivered(world)
    plan_half_years(now=its_day(world.brightwater))
    asked = Invitation.objects.get(contact=world.boris)
    given = answer(asked, score=3, comment="Prices.", drivers=["price"], channel="portal", now=asked.due_at)
    assert (given.kind, given.facts) == ("nps", {})
    assert close_the_loop(given.pk, now=asked.due_at) == "detractor"
    case = Case.objects.get()
    assert (case.title, case.cause, case.shipment) == ("Boris gave 3 out of 10", "price", None)


def test_a_first_order_is_asked_about_in_the_place_of_its_delivery(world, switched_on):
    shipment = delivered(world)
    assert plan_first_order(shipment.pk, now=world.now) == plan_first_order(shipment.pk, now=world.now)
    assert decisions("first_order") == {f"order:{shipment.order.number}": ("planned", "", "Anna")}
    assert plan_invitation(shipment.pk, now=world.now).reason == "other_programme"
    second = delivered(world, world.boris)
    assert plan_first_order(second.pk, now=world.now) is None
    assert plan_invitation(second.pk, now=world.now).reason == ""
    [(reason, count)] = not_asked(Actor(role="manager"), since=world.now, until=world.now + timedelta(days=1))
    assert (str(reason), count) == ("another programme asks", 1)  # of deliveries, and of nothing else


def test_a_first_order_waits_until_all_of_it_is_there(world, switched_on):
    shipment = delivered(world)
    shipment.order.status = "shipped"
    shipment.order.save()
    assert plan_first_order(shipment.pk, now=world.now) is None
    assert plan_invitation(shipment.pk, now=world.now).reason == "other_programme"
    shipment.order.status = "delivered"
    shipment.order.save()
    assert plan_missed_first_orders(now=world.now) == 1
    assert plan_missed_first_orders(now=world.now) == 0


def test_a_failed_first_order_is_asked_about_after_the_fix(world, switched_on):
    shipment = delivered(world, is_late=True)
    case = cases.open_case_for_delivery(shipment.pk, now=world.now)
    assert plan_first_order(shipment.pk, now=world.now).reason == "known_failure"
    assert plan_invitation(shipment.pk, now=world.now).reason == "other_programme"
    cases.answer_case(SAM, case, body="A new one is on its way.", now=world.now)
    cases.resolve_case(SAM, case, resolution="Sent again", cause="delivery", now=world.now)
    assert replan_first_order(world.brightwater.pk, now=world.now).state == "planned"
    replan_after_case(world.brightwater.pk, now=world.now)
    assert plan_invitation(shipment.pk, now=world.now).reason == "other_programme"


@pytest.mark.parametrize(
    "gap, gaps, days, silent",
    [
        (20, 3, 41, True),
        (20, 3, 40, False),
        (20, 2, 41, False),
        (5, 9, 25, False),
        (5, 9, 31, True),
        (20, 3, 366, False),
    ],
)
def test_when_an_account_is_silent(gap, gaps, days, silent):
    on = date(2026, 3, 4)
    assert is_silent(Rhythm(on - timedelta(days=days), gap, gaps), on) is silent


def test_a_silent_account_is_asked_once_and_who_stays_away_is_called(world, switched_on):
    for days in (160, 140, 120, 100):
        delivered(world, world.xaver, days_ago=days)
    assert plan_silences(now=world.now) == 1
    assert plan_silences(now=world.now + timedelta(days=40)) == 0
    [(ref, said)] = decisions("lapsed").items()
    assert ref == f"account:AC-3:lapsed:{(world.now - timedelta(days=103)).date()}"
    assert said == ("planned", "", "Xaver")
    asked = Invitation.objects.get(programme__kind="lapsed")
    given = answer(asked, score=2, comment="Dearer.", channel="portal", now=asked.due_at)
    assert (given.kind, close_the_loop(given.pk, now=asked.due_at)) == ("again", "")
    call = FollowUp.objects.get()
    assert (call.kind, call.owner, call.detail) == ("call", world.ruben, "Dearer.")
    assert "what made them stop" in call.title


def test_letters_of_every_kind_in_one_batch(world, switched_on, mailoutbox):
    delivered(world)  # their first
    plan_invitation(delivered(world).pk, now=world.now)
    plan_first_order(delivered(world, world.lena).pk, now=world.now)
    for days in (160, 140, 120, 100):
        delivered(world, world.xaver, days_ago=days)
    plan_silences(now=world.now)
    plan_half_years(now=its_day(world.brightwater))
    case = cases.open_case(
        account_id=world.calder.pk, title="Wet box", cause="other", origin="staff", source_ref="1",
        contact_id=world.xaver.pk, now=world.now,
    )  # fmt: skip
    Case.objects.filter(pk=case.pk).update(status="resolved", resolved_at=world.now)
    plan_effort(case.pk, now=world.now)
    due = world.now + timedelta(days=2, hours=2)
    Invitation.objects.filter(state="planned").update(
        due_at=due, window_ends_at=due + timedelta(hours=1), expires_at=due + timedelta(days=3)
    )
    assert send_due(clock=lambda: due) == len(mailoutbox) == 6
    subjects = {message.subject.rstrip("0123456789-?") for message in mailoutbox}
    assert any("How is it to work with us, Brightwater Facilities" in subject for subject in subjects)
    assert any("How was your first order SO" in subject for subject in subjects)
    assert any("Would you order from us again, Calder Engineering" in subject for subject in subjects)
    assert all("@@" not in message.body + message.alternatives[0].content for message in mailoutbox)
    assert "the last order of Calder Engineering was on" in "".join(message.body for message in mailoutbox)


@pytest.mark.django_db(transaction=True)
def test_many_at_the_same_time_decide_once(world):
    ensure_programmes()
    Programme.objects.update(is_active=True)
    delivered(world)
    now, gate = its_day(world.brightwater), Barrier(8)

    def run():
        gate.wait()
        try:
            plan_half_years(now=now)
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(who for _state, _reason, who in decisions("relationship").values()) == ["Boris", "Fiona"]


def test_as_many_queries_for_many_accounts_as_for_one(world, switched_on, monkeypatch):
    monkeypatch.setattr(half_years, "asked_on", lambda _account_id, starts_on: starts_on)
    now = datetime(2026, 7, 2, 10, tzinfo=UTC)

    def queries() -> int:
        plan_half_years(now=now)
        with CaptureQueriesContext(connection) as asked:
            assert plan_half_years(now=now) == 0
        return len(asked)

    delivered(world, world.xaver)
    few = queries()
    for number in range(6):
        account = Account.objects.create(number=f"AC-9{number}", name=f"Small {number}", rep=world.ruben)
        ola = Contact.objects.create(account=account, name="Ola", email=f"ola{number}@small.example", role="buyer")
        delivered(world, ola)
    assert queries() == few


def test_a_quota_of_a_role_holds_for_other_questions_until_the_quarter_is_over(world, switched_on, monkeypatch):
    monkeypatch.setattr(half_years, "asked_on", lambda _account_id, starts_on: starts_on)
    Programme.objects.exclude(kind__in=["relationship", "delivery"]).update(is_active=False)
    relationship = Programme.objects.get(kind="relationship")
    RoleQuota.objects.create(programme=relationship, role=world.boris.role, per_quarter=1)
    Contact.objects.filter(pk=world.anna.pk).update(role=world.boris.role)
    now = datetime(2026, 7, 8, 10, tzinfo=UTC)
    assert plan_invitation(delivered(world, world.anna, at=now).pk, now=now).contact == world.anna
    plan_half_years(now=now)
    assert decisions("relationship") == {
        "account:AC-1:2026H2:decision_maker": ("suppressed", "role_quota", None),
        "account:AC-1:2026H2:gatekeeper": ("planned", "", "Fiona"),
    }
    for day, asked in ((datetime(2026, 9, 30, 10, tzinfo=UTC), 0), (datetime(2026, 10, 1, 10, tzinfo=UTC), 1)):
        assert plan_half_years(now=day) == asked
    assert decisions("relationship")["account:AC-1:2026H2:decision_maker"] == ("planned", "", "Boris")


@pytest.mark.parametrize(
    "country, weekdays, zone, now, closed, asked_on",
    [
        ("GB", "12345", "Europe/London", date(2026, 4, 3), [date(2026, 4, 6)], date(2026, 4, 7)),  # Easter Monday
        ("GB", "12345", "Europe/London", date(2026, 4, 3), [], date(2026, 4, 6)),  # as long as nobody keeps it
        ("IR", "67123", "Asia/Tehran", date(2026, 3, 20), [date(2026, 3, d) for d in range(21, 25)], date(2026, 3, 25)),
        ("DE", "12345", "Europe/Berlin", date(2026, 4, 3), [], date(2026, 4, 3)),  # Good Friday of another country
    ],
)  # fmt: skip
def test_holidays_of_the_country_hold_for_other_questions(
    world, switched_on, monkeypatch, country, weekdays, zone, now, closed, asked_on
):
    monkeypatch.setattr(half_years, "asked_on", lambda _account_id, _starts_on: now)
    Programme.objects.filter(kind="relationship").update(personas=[])
    Account.objects.filter(pk=world.calder.pk).update(country=country, working_days=weekdays)
    Contact.objects.filter(pk=world.xaver.pk).update(time_zone=zone)
    for day in closed:
        Holiday.objects.create(country=country, day_on=day, name="Closed")
    delivered(world, world.xaver)
    give_consent(actor_for(world.xaver.user), world.xaver, "survey", now=world.now)
    plan_half_years(now=datetime.combine(now, time(7), UTC))
    asked = Invitation.objects.get(programme__kind="relationship")
    assert (asked.state, asked.due_at.astimezone(ZoneInfo(zone)).date()) == ("planned", asked_on)
