from datetime import timedelta

import pytest

from apps.accounts.models import Account, Contact
from apps.accounts.services import mark_undeliverable, object_to
from apps.cases.models import FollowUp
from apps.cases.services import settle_follow_up
from apps.core.scoping import Actor
from apps.feedback.models import Programme
from apps.feedback.services import find_missing_roles, missing_roles
from tests.feedback.deliveries import delivered

MONA = Actor(role="manager", name="Mona")


@pytest.fixture
def half_year(world) -> Programme:
    return Programme.objects.create(
        code="relationship", name="Every half-year", kind="relationship", personas=["decision_maker", "gatekeeper"]
    )


def tasks() -> list[tuple]:
    rows = FollowUp.objects.filter(kind="missing_role").order_by("source_ref")
    return [(row.account.name.split()[0], row.source_ref.split(":")[2], row.state) for row in rows]


def test_a_rep_finds_who_is_not_known_once(world, half_year):
    delivered(world, world.xaver)
    delivered(world, world.anna)  # Boris and Fiona are known there
    assert find_missing_roles(now=world.now) == 2
    assert find_missing_roles(now=world.now) == 0
    assert tasks() == [("Calder", "decision_maker", "open"), ("Calder", "gatekeeper", "open")]
    task = FollowUp.objects.first()
    assert (task.owner, task.due_on) == (world.ruben, (world.now + timedelta(days=14)).date())
    assert "decision maker at Calder Engineering" in task.title


@pytest.mark.parametrize(
    "change, missing",
    [({"email": ""}, 1), ({"is_active": False}, 1), ({"persona": "end_user"}, 1), ({"name": "B. Boris"}, 0)],
)
def test_somebody_who_cannot_be_written_to_is_missing(world, half_year, change, missing):
    delivered(world)
    Contact.objects.filter(pk=world.boris.pk).update(**change)
    assert find_missing_roles(now=world.now) == missing


def test_whose_mail_comes_back_is_missing_and_who_objected_is_not_looked_for(world, half_year):
    delivered(world)
    mark_undeliverable(world.boris.email, now=world.now)
    object_to(world.fiona, "survey", source="mail", now=world.now)
    find_missing_roles(now=world.now)
    assert tasks() == [("Brightwater", "decision_maker", "open")]


def test_who_is_found_settles_it(world, half_year):
    delivered(world, world.xaver)
    find_missing_roles(now=world.now)
    Contact.objects.create(
        account=world.calder, name="Dora", email="dora@calder.example", role="approver", persona="decision_maker"
    )
    assert find_missing_roles(now=world.now) == 0
    assert tasks() == [("Calder", "decision_maker", "done"), ("Calder", "gatekeeper", "open")]


def test_what_was_dropped_comes_back_in_the_next_half_year(world, half_year):
    delivered(world, world.xaver)
    find_missing_roles(now=world.now)
    for task in FollowUp.objects.filter(kind="missing_role"):
        settle_follow_up(MONA, task, done=False, now=world.now)
    assert find_missing_roles(now=world.now + timedelta(days=179)) == 0
    assert find_missing_roles(now=world.now + timedelta(days=181)) == 2


def test_accounts_that_are_not_asked_miss_nobody(world, half_year):
    delivered(world, world.xaver, days_ago=400)
    assert find_missing_roles(now=world.now) == 0
    delivered(world, world.xaver)
    Account.objects.filter(pk=world.calder.pk).update(is_test=True)
    assert find_missing_roles(now=world.now) == 0
    Account.objects.filter(pk=world.calder.pk).update(is_test=False)
    Programme.objects.filter(pk=half_year.pk).update(is_active=False)
    assert find_missing_roles(now=world.now) == 0


def test_a_rep_gets_no_flood_and_the_queries_stay_the_same(world, half_year, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(missing_roles, "AT_A_TIME", 2)
    for number in range(4):
        account = Account.objects.create(number=f"AC-9{number}", name=f"Small {number}", rep=world.ruben)
        delivered(world, Contact.objects.create(account=account, name="Ola", email="ola@small.example", role="buyer"))
    for _ in range(2):
        delivered(world, world.xaver)
    assert find_missing_roles(now=world.now) == 2
    assert {account for account, *_ in tasks()} == {"Calder"}  # orders most
    with django_assert_num_queries(9):  # the lock and a savepoint among them
        assert find_missing_roles(now=world.now) == 0
