"""Accounts, contacts and addresses: one door each, and a stranger in front of it."""

import pytest
from django.core.exceptions import ValidationError

from apps.accounts import selectors
from apps.accounts.errors import AccountNotFound, ContactNotFound, ShipToUnknown
from apps.accounts.models import Contact, ShipTo
from apps.accounts.selectors import actor_for
from apps.accounts.services import Address, change_ship_to
from apps.core.scoping import NOBODY, SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def xaver(world):
    return actor_for(world.xaver.user)


def test_the_stranger_finds_nothing_of_brightwater(world, xaver):
    with pytest.raises(AccountNotFound):
        selectors.account_for(xaver, "AC-1")
    with pytest.raises(ContactNotFound):
        selectors.contact_for(xaver, world.anna.pk)
    with pytest.raises(ShipToUnknown):
        selectors.ship_to_for(xaver, world.dock.pk)
    with pytest.raises(ShipToUnknown):
        change_ship_to(xaver, world.dock, Address("Mine", "1 Road", "York"), now=world.now)
    assert selectors.contacts_of(xaver, world.brightwater) == []
    assert list(selectors.accounts_visible(xaver)) == [world.calder]


def test_absent_and_not_yours_sound_alike(world, xaver):
    answers = []
    for number in ("AC-1", "AC-999"):
        with pytest.raises(AccountNotFound) as refused:
            selectors.account_for(xaver, number)
        answers.append((refused.value.status, refused.value.code, str(refused.value)))
    assert answers[0] == answers[1]


def test_nobody_stands_in_no_account():
    assert selectors.ship_tos_of(NOBODY) == [] == selectors.switchable_accounts(NOBODY)
    assert selectors.contact_of(NOBODY) is None
    assert not selectors.accounts_visible(NOBODY).exists()
    with pytest.raises(AccountNotFound):
        selectors.account_of(NOBODY)


def test_a_rep_sees_the_accounts_they_look_after_and_the_service_desk_all(world):
    assert set(selectors.accounts_visible(actor_for(world.rhea.user))) == {world.brightwater, world.leeds}
    assert selectors.accounts_visible(actor_for(world.sam.user)).count() == 3
    assert selectors.accounts_visible(SYSTEM).count() == 3


def test_a_parent_does_not_ship_to_its_subsidiary_by_accident(world):
    boris = actor_for(world.boris.user)
    assert world.leeds.pk in boris.account_ids
    with pytest.raises(ShipToUnknown):
        selectors.ship_to_for(boris, world.leeds_dock.pk)


def test_one_switches_between_ones_own_accounts(world):
    Contact.objects.create(account=world.leeds, user=world.anna.user, name="Anna")
    Contact.objects.create(account=world.calder, user=world.anna.user, name="Anna", is_active=False)
    anna = actor_for(world.anna.user)
    assert selectors.switchable_accounts(anna) == [world.brightwater, world.leeds]


@pytest.mark.parametrize("more", [0, 20])
def test_queries_do_not_grow_with_rows(world, more, django_assert_num_queries):
    Contact.objects.bulk_create(Contact(account=world.brightwater, name=f"C{n}") for n in range(more))
    ShipTo.objects.bulk_create(
        ShipTo(account=world.brightwater, code=f"X{n}", name="Dock", street="1", city="York") for n in range(more)
    )
    anna = actor_for(world.anna.user)
    with django_assert_num_queries(2):  # the account and the contact came along with the actor
        account = selectors.account_of(anna)
        assert account.rep.user.name == "Rhea"
        assert len(selectors.ship_tos_of(anna)) == 1 + more
        assert [contact.user and contact.user.name for contact in selectors.contacts_of(anna, account)]
        assert selectors.contact_of(anna).account == account


def test_a_moved_account_takes_its_subsidiaries_along(world):
    world.brightwater.parent = world.calder
    world.brightwater.save()
    world.leeds.refresh_from_db()
    assert world.leeds.lineage == (world.calder.pk, world.brightwater.pk, world.leeds.pk)
    world.calder.parent = world.leeds
    with pytest.raises(ValidationError):
        world.calder.clean()
