"""Programmes: which deliveries they ask about, whom, in which words, and what stays of what was asked."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone, translation

from apps.accounts.models import Contact
from apps.delivery.models import Holiday
from apps.feedback import rules
from apps.feedback.models import Fatigue, Invitation, Programme, ProgrammeVersion, ProgrammeWords, RoleQuota, worded
from apps.feedback.models.programmes import QUESTION
from apps.feedback.services import (
    follow_delivery,
    plan_invitation,
    plan_invitations,
    plan_undecided,
    postpone_missed,
    replan_after_case,
)
from apps.feedback.services.versions import versions_in_use
from tests.feedback.deliveries import delivered
from tests.feedback.test_planning import _at_once

LARGE = {"code": "large", "name": "Large deliveries", "kind": "delivery", "priority": 10}
T, F = rules.Trigger, rules.Facts


def plan(world, shipment, now=None):
    return plan_invitation(shipment.pk, now=now or world.now)


# --- which deliveries ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "trigger, facts, is_meant",
    [
        (T(), F(1), True),
        (T(minimum_net=Decimal(100)), F(1, net=Decimal(100)), True),
        (T(minimum_net=Decimal(100)), F(1, net=Decimal("99.99")), False),
        (T(minimum_net=Decimal(100)), F(1, net=None), False),
        (T(outcome="perfect"), F(1, perfect=True), True),
        (T(outcome="perfect"), F(1, perfect=False), False),
        (T(outcome="failed"), F(1, perfect=False), True),
        (T(outcome="failed"), F(1, perfect=True), False),
        (T(warehouses=frozenset({"N"})), F(1, warehouse="N"), True),
        (T(warehouses=frozenset({"N"})), F(1, warehouse=""), False),
        (T(carriers=frozenset({"parcel"})), F(1, carrier=" Parcel"), True),
        (T(segments=frozenset({"trade"})), F(1, segment="Trade"), True),
        (T(countries=frozenset({"GB"}), segments=frozenset({"trade"})), F(1, country="GB", segment="x"), False),
    ],
)
def test_which_deliveries_are_meant(trigger, facts, is_meant):
    assert rules.fits(trigger, facts, 7) is is_meant


def test_a_share_is_drawn_once_and_grows_with_the_percentage():
    drawn = {
        percent: {pk for pk in range(2000) if rules.fits(T(share_percent=percent), F(pk), 7)} for percent in (1, 30, 60)
    }
    assert drawn[1] <= drawn[30] <= drawn[60]
    assert 500 < len(drawn[30]) < 700


def test_the_first_programme_that_fits_decides_and_no_other(world):
    large = Programme.objects.create(minimum_net=10, **LARGE)
    huge = Programme.objects.create(code="huge", name="Huge", minimum_net=50_000, priority=5)
    assert plan(world, delivered(world, world.anna)).programme == large  # worth 16
    large.minimum_net = 17
    large.save()
    later = delivered(world, world.boris)
    assert plan(world, later).programme == world.programme
    assert [plan_undecided(now=world.now), later.invitations.count()] == [0, 1]
    assert not huge.invitations.exists()


def test_what_no_programme_means_is_said(world):
    Programme.objects.filter(pk=world.programme.pk).update(countries=["DE"])
    told = plan(world, delivered(world))
    assert (told.state, told.reason, told.programme) == ("suppressed", "not_meant", world.programme)


def test_perfect_ones_are_perfect_by_their_frozen_facts(world):
    Programme.objects.filter(pk=world.programme.pk).update(outcome="perfect")
    shipment, other = delivered(world, world.anna), delivered(world, world.boris)
    assert plan(world, other).state == "planned"
    line = shipment.lines.get()
    line.damaged_quantity = 1
    line.save()
    assert plan(world, shipment).reason == "not_meant"


@pytest.mark.parametrize(
    "change, field",
    [
        ({"warehouses": ["nowhere"]}, "warehouses"),
        ({"countries": ["Britain"]}, "countries"),
        ({"share_percent": 0}, "share_percent"),
        ({"minimum_net": -1}, "minimum_net"),
        ({"priority": 100}, "priority"),
        ({"window_from": "17:00", "window_to": "09:00"}, "window_to"),
    ],
)
def test_what_a_programme_cannot_be_is_refused_by_field(world, change, field):
    with pytest.raises(ValidationError) as refused:
        Programme(**LARGE | change).full_clean()
    assert field in refused.value.message_dict


# --- whom, and how often ---------------------------------------------------------------------------------------------


def test_others_are_asked_only_where_the_programme_means_their_persona(world):
    Programme.objects.filter(pk=world.programme.pk).update(personas=["operator", "end_user"])
    now = [plan(world, delivered(world, world.anna)) for _ in range(2)]
    assert [one.contact for one in now] == [world.anna, world.rick]  # not Boris, who decides, nor Fiona
    assert plan(world, delivered(world, world.boris)).reason == "account_cap"


def test_who_took_part_is_asked_whatever_their_persona(world):
    Programme.objects.filter(pk=world.programme.pk).update(personas=["end_user"])
    assert plan(world, delivered(world, world.boris)).contact == world.boris


def test_end_users_are_counted_apart_where_the_programme_says_so(world):
    assert plan(world, delivered(world, world.rick)).series == "main"
    Invitation.objects.all().delete()
    Programme.objects.filter(pk=world.programme.pk).update(series="by_persona")
    asked = [plan(world, delivered(world, who)) for who in (world.rick, world.anna)]
    assert [one.series for one in asked] == ["end_users", "main"]


def test_a_role_is_asked_so_often_in_a_quarter(world):
    Programme.objects.filter(pk=world.programme.pk).update(account_cap=0, personas=["end_user"])
    RoleQuota.objects.create(programme=world.programme, role="buyer", per_quarter=1)
    assert plan(world, delivered(world, world.anna)).contact == world.anna
    assert plan(world, delivered(world, world.anna)).contact == world.rick
    bea = Contact.objects.create(account=world.brightwater, name="Bea", email="bea@brightwater.example", role="buyer")
    assert plan(world, delivered(world, bea)).reason == "role_quota"
    april = datetime(2026, 4, 1, 10, tzinfo=UTC)
    Invitation.objects.filter(contact=world.anna).update(rest=None)
    Programme.objects.filter(pk=world.programme.pk).update(contact_rest_days=1)
    assert plan(world, delivered(world, world.anna, at=april), now=april).contact == world.anna


def test_a_quota_of_none_is_refused(world):
    with pytest.raises(ValidationError, match="leave it out of the personas"):
        RoleQuota(programme=world.programme, role="buyer", per_quarter=0).full_clean()


@pytest.mark.parametrize(
    "limits, days_later, reason",
    [
        ({"contact_rest_days": 200}, 100, "throttled"),
        ({"contact_rest_days": 10}, 100, ""),
        ({"contact_rest_days": 10}, 80, "throttled"),  # the programme's own 90
        ({"contact_year_cap": 1}, 100, "throttled"),
        ({"contact_year_cap": 1}, 366, ""),
        ({"contact_year_cap": 2}, 100, ""),
        ({"account_cap": 1, "account_cap_days": 120}, 100, "account_cap"),
        ({"account_cap": 1, "account_cap_days": 20}, 100, ""),
    ],
)
def test_what_the_house_allows_holds_beside_what_the_programme_does(world, limits, days_later, reason):
    Fatigue.objects.create(pk=1, **limits)
    assert plan(world, delivered(world, world.xaver)).state == "planned"
    later = world.now + timedelta(days=days_later)
    assert plan(world, delivered(world, world.xaver, at=later), now=later).reason == reason


# --- when ------------------------------------------------------------------------------------------------------------


def test_nobody_is_asked_or_reminded_on_a_holiday_of_their_country(world):
    for day in (date(2026, 3, 6), date(2026, 3, 9), date(2026, 3, 13)):
        Holiday.objects.create(country="GB", day_on=day, name="Closed")
    asked = plan(world, delivered(world, world.anna))  # Wednesday; two days on is closed, then a weekend, then closed
    assert asked.due_at.date() == date(2026, 3, 10)
    assert asked.reminder_due_at.date() == date(2026, 3, 17)
    Invitation.objects.update(due_at=asked.due_at - timedelta(days=2), window_ends_at=world.now)
    Holiday.objects.create(country="GB", day_on=date(2026, 3, 11), name="Closed")
    assert postpone_missed(now=datetime(2026, 3, 10, 22, tzinfo=UTC)) == 1
    asked.refresh_from_db()
    assert asked.due_at.date() == date(2026, 3, 12)


@pytest.mark.parametrize(
    "delivered_on, weekdays, closed, asked_on",
    [
        (date(2026, 4, 2), "12345", [date(2026, 4, 3), date(2026, 4, 6)], date(2026, 4, 7)),  # over Easter in GB
        (date(2026, 3, 18), "67123", [date(2026, 3, day) for day in (20, 21, 22, 23, 24)], date(2026, 3, 25)),  # Nowruz
        (date(2026, 5, 20), "71234", [date(2026, 5, 24)], date(2026, 5, 25)),  # a Friday weekend, then a holiday
    ],
)
def test_the_first_working_day_that_is_no_holiday(delivered_on, weekdays, closed, asked_on):
    at = datetime.combine(delivered_on, datetime.min.time(), UTC) + timedelta(hours=10)
    delivery = rules.Delivery(ready_at=at, weekdays=weekdays, closed=frozenset(closed))
    verdict = rules.may_ask(delivery, [rules.Candidate(1)], rules.Policy(), now=at)
    assert verdict.window.due_at.date() == asked_on


# --- in which words --------------------------------------------------------------------------------------------------

WORDS = {
    "": {"question": "Own?", "follow_up_passive": "Own 9?"},
    "de": {"question": "Eigene?"},
    "pt": {"question": "Meu?", "follow_up_passive": "Meu 9?"},
}


@pytest.mark.parametrize(
    "language, name, text",
    [
        ("de", "question", "Eigene?"),
        ("de", "follow_up_passive", "Own 9?"),
        ("pt-br", "question", "Meu?"),
        ("fr", "question", "Own?"),
        ("", "question", "Own?"),
    ],
)
def test_words_fall_back_one_by_one(language, name, text):
    with translation.override("en"):
        assert worded(WORDS, name, language) == text


def test_the_usual_words_stay_translated_beside_own_ones(world):
    ProgrammeWords.objects.create(programme=world.programme, language="fa", follow_up_passive="9?")
    asked = plan(world, delivered(world))
    with translation.override("fa"):
        assert asked.asks == translation.gettext(QUESTION) != QUESTION
        assert asked.follow_up(8) == "9?"


@pytest.mark.parametrize("language", ["xx", "english", ""])
def test_words_in_a_language_that_is_not_spoken_here_are_refused(world, language):
    with pytest.raises(ValidationError) as refused:
        ProgrammeWords(programme=world.programme, language=language).full_clean()
    assert "language" in refused.value.message_dict


# --- versions --------------------------------------------------------------------------------------------------------


def test_who_was_asked_reads_the_words_they_were_asked_with(world):
    first = plan(world, delivered(world, world.anna))
    same = plan(world, delivered(world, world.boris))
    world.programme.question = "Another?"
    world.programme.save()
    second = plan(world, delivered(world, world.xaver))
    first.refresh_from_db()
    assert (first.version, first.version.number, second.version.number) == (same.version, 1, 2)
    assert (first.asks, second.asks) == (QUESTION, "Another?")
    world.programme.question = QUESTION
    world.programme.save()
    assert versions_in_use([world.programme], world.now)[world.programme.pk] == first.version


@pytest.mark.parametrize("deed", [lambda rows: rows.update(number=9), lambda rows: rows.delete()])
def test_a_version_is_never_changed(world, deed):
    versions_in_use([world.programme], world.now)
    with pytest.raises(DatabaseError, match="is never changed or deleted"), transaction.atomic():
        deed(ProgrammeVersion.objects.all())
    assert ProgrammeVersion.objects.get().number == 1


def test_what_is_asked_about_and_whom_is_part_of_a_version_whether_it_is_on_is_not(world):
    def number():
        programme = Programme.objects.get(pk=world.programme.pk)
        return versions_in_use([programme], timezone.now())[programme.pk].number

    numbers = [number()]
    for change in ({"is_active": False}, {"minimum_net": 5}, {"personas": ["operator"]}, {"delay_days": 3}):
        Programme.objects.filter(pk=world.programme.pk).update(**change)
        numbers.append(number())
    RoleQuota.objects.create(programme=world.programme, role="buyer", per_quarter=1)
    ProgrammeWords.objects.create(programme=world.programme, language="de", question="Wie?")
    assert [*numbers, number()] == [1, 1, 2, 3, 4, 5]


def test_what_nobody_was_asked_by_makes_no_version(world):
    assert plan_undecided(now=world.now) == replan_after_case(world.brightwater.pk, now=world.now) == 0
    shipment = delivered(world)
    follow_delivery(shipment.pk, now=world.now)
    assert not ProgrammeVersion.objects.exists() and not shipment.invitations.exists()


@pytest.mark.django_db(transaction=True)
def test_many_who_use_a_programme_for_the_first_time_make_one_version(world):
    shipments = [delivered(world, world.anna) for _ in range(6)]
    _at_once(6, lambda index: plan_invitations([shipments[index].pk], now=world.now))
    assert ProgrammeVersion.objects.get().invitations.count() == 6


def test_the_database_refuses_two_limits_of_the_house(world):
    Fatigue.objects.create(pk=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Fatigue.objects.create(pk=2)
