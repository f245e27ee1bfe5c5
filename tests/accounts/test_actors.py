"""From a log-in to an actor."""

import pytest
from django.contrib.auth.models import AnonymousUser

from apps.accounts.models import Contact, ServiceKeyAccount, User
from apps.accounts.selectors import actor_for
from apps.core.scoping import NOBODY

pytestmark = pytest.mark.django_db


def test_a_buyer_stands_in_the_account_and_sees_nothing_below_it(world):
    actor = actor_for(world.anna.user)
    assert (actor.role, actor.account_id, actor.contact_id) == ("buyer", world.brightwater.pk, world.anna.pk)
    assert actor.account_ids == (world.brightwater.pk,)


@pytest.mark.parametrize("name", ["boris", "fiona"])
def test_who_looks_after_the_company_sees_its_subsidiaries(world, name):
    assert actor_for(getattr(world, name).user).account_ids == (world.brightwater.pk, world.leeds.pk)


def test_nobody_without_a_log_in_a_contact_or_a_desk(world):
    assert actor_for(AnonymousUser()) is NOBODY
    assert actor_for(User.objects.create_user("new@nowhere.example")) is NOBODY
    world.anna.user.is_active = False
    assert actor_for(world.anna.user) is NOBODY


def test_the_account_chosen_counts_only_among_ones_own(world):
    Contact.objects.create(account=world.leeds, user=world.anna.user, name="Anna", role="finance")
    assert actor_for(world.anna.user, account_id=world.leeds.pk).role == "finance"
    assert actor_for(world.anna.user, account_id=world.calder.pk).account_id == world.brightwater.pk


def test_a_closed_account_opens_no_door(world):
    world.calder.is_active = False
    world.calder.save()
    assert actor_for(world.xaver.user) is NOBODY


@pytest.mark.parametrize(("name", "role"), [("rhea", "rep"), ("sam", "service"), ("mona", "manager")])
def test_a_rep_has_the_role_of_the_desk(world, name, role):
    rep = getattr(world, name)
    actor = actor_for(rep.user)
    assert (actor.role, actor.rep_id, actor.account_id) == (role, rep.pk, None)


def test_operations_enter_the_admin_and_have_no_desk(world):
    assert actor_for(world.otto).role == "operations"


def test_a_rep_acts_for_a_contact_of_an_account_of_theirs_only(world):
    acting = actor_for(world.rhea.user, acting_contact_id=world.anna.pk)
    assert (acting.role, acting.account_id, acting.acting_for) == ("rep", world.brightwater.pk, world.anna.pk)
    assert actor_for(world.rhea.user, acting_contact_id=world.xaver.pk).acting_for is None


def test_a_buyer_who_says_to_act_for_another_stays_who_they_are(world):
    actor = actor_for(world.anna.user, acting_contact_id=world.xaver.pk)
    assert (actor.account_id, actor.acting_for) == (world.brightwater.pk, None)


@pytest.mark.parametrize(("role", "inside"), [("machine", True), ("erp", False), ("carrier", False)])
def test_a_machine_is_what_its_key_was_issued_for(world, role, inside):
    user = User.objects.create_user("machine@harrow.example", is_machine=True)
    assert actor_for(user) is NOBODY
    account = world.brightwater if inside else None
    carrier = "Northern Parcels" if role == "carrier" else ""
    ServiceKeyAccount.objects.create(user=user, role=role, account=account, carrier=carrier, purpose="procurement")
    actor = actor_for(user)
    assert (actor.role, actor.account_id, actor.carrier) == (role, account and account.pk, carrier)
    assert actor.sees_everything is (role == "erp")


@pytest.mark.parametrize(("who", "most"), [("anna", 1), ("boris", 2), ("rhea", 2), ("otto", 1)])
def test_an_actor_takes_two_queries_at_most(world, who, most, django_assert_max_num_queries):
    person = getattr(world, who)
    user = getattr(person, "user", person)
    with django_assert_max_num_queries(most):
        actor_for(user)
