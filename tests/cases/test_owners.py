"""Whose a case is: by its cause, with a deputy for who is away, and never nobody's for long."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from apps.accounts.models import Rep, User
from apps.accounts.selectors import actor_for
from apps.cases import services
from apps.cases.models import Case, CauseOwner
from apps.cases.rules import Choice, Seat, chosen
from apps.cases.selectors import case_for, cases_due, open_cases
from apps.cases.tasks import send_case_assigned, send_case_escalated
from apps.core.events import record
from apps.core.models import Event


def case_of(world, cause="price", ref="r"):
    return services.open_case(
        account_id=world.brightwater.pk, title="Dear", cause=cause, origin="staff", source_ref=ref, now=world.now
    )


def away(rep, since, until):
    Rep.objects.filter(pk=rep.pk).update(away_from=since, away_until=until)


@pytest.mark.parametrize(
    ("seats", "expected"),
    [
        ([], Choice()),
        ([Seat(1, True)], Choice(1)),
        ([Seat(1, True, 2, True)], Choice(1)),
        ([Seat(1, False, 2, True)], Choice(2, 1)),
        ([Seat(1, False, 2, False)], Choice()),
        ([Seat(1, False), Seat(3, True)], Choice(3)),
        ([Seat(1, False, 2, False), Seat(3, False, 4, True), Seat(5, True)], Choice(4, 3)),
    ],
)
def test_the_first_seat_that_is_taken(seats, expected):
    assert chosen(iter(seats)) == expected


@pytest.mark.parametrize(
    ("cause", "named", "absent", "owner", "for_whom"),
    [
        ("price", False, {}, "rhea", None),
        ("price", True, {}, "mona", None),
        ("price", True, {"mona": "away"}, "ruben", "mona"),
        ("price", True, {"mona": "left"}, "ruben", "mona"),
        ("price", True, {"mona": "away", "ruben": "away"}, "rhea", None),
        ("price", False, {"rhea": "away"}, "ruben", "rhea"),
        ("price", False, {"rhea": "away", "ruben": "left"}, "sam", None),
        ("delivery", False, {}, "sam", None),
        ("delivery", False, {"sam": "away"}, "rhea", None),
        ("delivery", False, {"sam": "away", "rhea": "left"}, "ruben", "rhea"),
        ("delivery", True, {}, "sam", None),
        ("price", True, {"mona": "back"}, "mona", None),
        ("price", False, {"rhea": "away", "ruben": "away", "sam": "left"}, None, None),
    ],
)
def test_whose_a_case_is(world, cause, named, absent, owner, for_whom):
    Rep.objects.filter(pk=world.rhea.pk).update(deputy=world.ruben)
    if named:
        CauseOwner.objects.create(cause="price", owner=world.mona, deputy=world.ruben)
    for name, how in absent.items():
        if how == "left":
            User.objects.filter(rep=getattr(world, name)).update(is_active=False)
        else:
            until = world.today if how == "away" else world.today - timedelta(days=1)
            away(getattr(world, name), world.today - timedelta(days=7), until)
    case = case_of(world, cause)
    assert case.owner == (getattr(world, owner) if owner else None)
    assert case.stands_in_for == (getattr(world, for_whom) if for_whom else None)


def test_nobody_is_their_own_deputy_nor_back_before_they_left(world):
    with pytest.raises(ValidationError, match="stands in for themselves"):
        CauseOwner(cause="price", owner=world.sam, deputy=world.sam).full_clean()
    world.sam.away_from, world.sam.away_until = world.today, world.today - timedelta(days=1)
    with pytest.raises(ValidationError, match="an end that is not before"):
        world.sam.full_clean()


def test_cases_of_who_has_left_find_another_owner_once(world):
    Rep.objects.filter(pk=world.rhea.pk).update(deputy=world.ruben)
    case, other = case_of(world), case_of(world, "delivery", "o")
    assert services.reassign_orphans(now=world.now) == 0
    User.objects.filter(rep=world.rhea).update(is_active=False)
    assert [services.reassign_orphans(now=world.now) for _ in range(2)] == [1, 0]
    case.refresh_from_db()
    other.refresh_from_db()
    assert (case.owner, case.stands_in_for, other.owner) == (world.ruben, world.rhea, world.sam)
    event = Event.objects.get(name="case.assigned")
    assert (event.facts["before"], event.facts["to"], event.facts["because"]) == ("Rhea", "Ruben", "left")


def test_a_case_that_falls_due_while_its_owner_is_away_goes_to_the_deputy(world, mailoutbox):
    Rep.objects.filter(pk=world.rhea.pk).update(deputy=world.ruben)
    case = case_of(world)
    services.acknowledge(actor_for(world.rhea.user), case, now=world.now)  # the answer is due in two days
    away(world.rhea, world.today, world.today + timedelta(days=1))
    assert services.reassign_orphans(now=world.now) == 0  # back before anything is due
    away(world.rhea, world.today, None)
    assert services.reassign_orphans(now=world.now) == 1
    for _ in range(2):
        send_case_assigned(Event.objects.get(name="case.assigned").pk)
    (mail,) = mailoutbox
    assert mail.to == ["ruben@harrow.example"]
    assert "You stand in for Rhea, who is away." in mail.body


def test_a_case_that_nobody_owned_finds_somebody_who_is_back(world):
    away(world.sam, world.today, world.today)
    User.objects.filter(rep=world.rhea).update(is_active=False)
    case = case_of(world, "delivery")
    assert case.owner is None
    assert services.reassign_orphans(now=world.now) == 0
    assert services.reassign_orphans(now=world.now + timedelta(days=1)) == 1
    case.refresh_from_db()
    assert (case.owner, case.stands_in_for) == (world.sam, None)


def test_who_stands_in_sees_the_case_and_says_for_whom(world, signed_in):
    Rep.objects.filter(pk=world.rhea.pk).update(deputy=world.ruben)
    away(world.rhea, world.today, None)
    case, ruben = case_of(world), actor_for(world.ruben.user)
    assert case_for(ruben, case.number) == case
    assert open_cases(ruben) == [case]
    page = signed_in(world.ruben).get(reverse("workspace:case", args=[case.number]))
    assert "stands in for Rhea" in page.content.decode()
    assert (
        "stands in for Rhea" in signed_in(world.anna).get(reverse("portal:case", args=[case.number])).content.decode()
    )


@pytest.mark.parametrize(
    ("step", "absent", "told"),
    [(50, False, {"mona"}), (80, False, {"mona", "sam"}), (50, True, {"sam"})],
)
def test_the_deputy_of_the_cause_is_told_first(world, step, absent, told, mailoutbox):
    Rep.objects.filter(pk=world.mona.pk).update(deputy=world.ruben)
    CauseOwner.objects.create(cause="price", owner=world.mona, deputy=world.sam)
    case = case_of(world)
    if absent:
        away(world.mona, world.today, None)
    event = record("case.escalated", f"case:{case.number}", account_id=case.account_id, at=world.now, step=step)
    send_case_escalated(event.pk)
    assert {mail.to[0].partition("@")[0] for mail in mailoutbox} == told
    assert Case.objects.get().owner == world.mona


def test_what_is_owed_is_read_without_what_stands_around_it(world, django_assert_num_queries):
    case = case_of(world)
    rhea = actor_for(world.rhea.user)

    with django_assert_num_queries(1):
        (due,) = cases_due(rhea, 5)
        said = (due.number, due.title, due.next_deadline)

    assert said == (case.number, "Dear", case.next_deadline)
    assert not due._state.fields_cache
