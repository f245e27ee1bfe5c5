"""Greeting, acting on behalf, addresses: who may, what is kept, what is told."""

from dataclasses import replace
from datetime import time, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse

from apps.accounts import selectors
from apps.accounts.errors import AccountNotFound, AddressRefused, ContactNotFound, PermissionMissing, ShipToUnknown
from apps.accounts.models import ShipTo
from apps.accounts.selectors import actor_for
from apps.accounts.services import (
    Address,
    change_ship_to,
    demand,
    open_ship_to,
    retire_ship_to,
    start_acting,
    stop_acting,
    write_welcome,
)
from apps.accounts.services.acting import end_outrun
from apps.accounts.services.log_ins import open_log_in
from apps.core.models import Event

pytestmark = pytest.mark.django_db
ANNEX = Address(name="Annex", street="2 Mill Lane", city="York", postal_code="YO1 1AB")


@pytest.fixture
def anna(world):
    return actor_for(world.anna.user)


@pytest.fixture
def rhea(world):
    return actor_for(world.rhea.user)


def test_a_permission_is_demanded(anna):
    demand(anna, "order.place")
    with pytest.raises(PermissionMissing):
        demand(anna, "order.approve")


def test_a_rep_greets_their_account_and_the_words_are_on_record(world, rhea):
    write_welcome(rhea, world.brightwater, text="  Good to see you.  ", now=world.now)
    assert selectors.account_for(rhea, "AC-1").welcome == "Good to see you."
    event = Event.objects.get(name="welcome.written")
    assert (event.subject, event.account_ref, event.actor_name) == ("account:AC-1", world.brightwater.pk, "Rhea")


def test_nobody_greets_an_account_that_is_not_theirs(world, anna, rhea):
    with pytest.raises(PermissionMissing):
        write_welcome(anna, world.brightwater, text="Me", now=world.now)
    with pytest.raises(AccountNotFound):
        write_welcome(rhea, world.calder, text="Hello", now=world.now)


def test_acting_for_a_contact_is_on_record_from_start_to_stop(world, rhea):
    acting = start_acting(rhea, world.anna, now=world.now)
    assert acting == actor_for(world.rhea.user, acting_contact_id=world.anna.pk)
    stop_acting(acting, world.anna, now=world.now)
    events = Event.objects.filter(account_ref=world.brightwater.pk).order_by("pk")
    assert [event.name for event in events] == ["rep.acting_started", "rep.acting_stopped"]


def test_acting_ends_once_at_the_time_it_runs_out_or_when_one_steps_out(world, rhea, anna):
    start_acting(rhea, world.anna, now=world.now)
    assert end_outrun(now=world.now + timedelta(minutes=29)) == 0
    assert end_outrun(now=world.now + timedelta(minutes=35)) == 1
    stop_acting(rhea, world.anna, now=world.now + timedelta(minutes=40))
    start_acting(rhea, world.anna, now=world.now + timedelta(minutes=41))
    stop_acting(rhea, world.anna, now=world.now + timedelta(minutes=45))
    assert end_outrun(now=world.now + timedelta(days=1)) == 0

    ends = Event.objects.filter(name__startswith="rep.acting").exclude(name="rep.acting_started").order_by("pk")
    assert [(event.name, event.occurred_at - world.now, event.actor_name) for event in ends] == [
        ("rep.acting_ran_out", timedelta(minutes=30), "Rhea"),
        ("rep.acting_stopped", timedelta(minutes=45), "Rhea"),
    ]
    seen = selectors.actings_of(anna, world.brightwater)
    assert [(acting.name, acting.contact, acting.end) for acting in seen] == [
        ("Rhea", world.anna, "stopped"),
        ("Rhea", world.anna, "ran_out"),
    ]
    assert selectors.actings_of(actor_for(world.xaver.user), world.brightwater) == []


def test_the_account_sees_who_acted_for_it(world, rhea, signed_in):
    start_acting(rhea, world.anna, now=world.now)
    end_outrun(now=world.now + timedelta(hours=1))

    page = signed_in(world.anna).get(reverse("portal:account")).content.decode()

    assert "When we acted for you" in page and "the time ran out" in page


def test_nobody_acts_outside_their_territory(world, anna, rhea):
    with pytest.raises(ContactNotFound):
        start_acting(rhea, world.xaver, now=world.now)
    with pytest.raises(PermissionMissing):
        start_acting(anna, world.boris, now=world.now)
    assert not Event.objects.exists()


def test_an_address_is_folded_numbered_and_told(world, anna):
    typed = replace(ANNEX, street=" ۲ Mill\u200e Lane ", country="gb", is_default=True)
    ship_to = open_ship_to(anna, typed, now=world.now)
    assert (ship_to.code, ship_to.street, ship_to.country) == ("1", "2 Mill Lane", "GB")
    assert [s.name for s in selectors.ship_tos_of(anna)] == ["Annex", "Main dock"]
    assert [s.is_default for s in selectors.ship_tos_of(anna)] == [True, False]
    assert Event.objects.get(name="ship_to.opened").facts == {"to": "Annex, York"}


ABROAD = [  # the address, what was chosen, the time zone it gets
    ("DE", "80331", "", "Europe/Berlin"),
    ("TH", "10520", "America/New_York", "Asia/Bangkok"),  # not one of Thailand's
    ("US", "10001", "", "America/New_York"),
    ("US", "94105", "", "America/Los_Angeles"),
    ("US", "79901", "", "America/Denver"),  # El Paso, not the rest of Texas
    ("US", "94105", "America/Phoenix", "America/Phoenix"),
    ("CA", "V5K 0A1", "", "America/Vancouver"),
    ("AU", "6000", "", "Australia/Perth"),
    ("ES", "35001", "", "Atlantic/Canary"),
    ("RU", "690001", "", "Europe/Moscow"),  # codes tell nothing here: the most people's, or a choice
    ("ZZ", "", "", "Europe/London"),  # nobody's country: the account's
]


@pytest.mark.parametrize(("country", "postal_code", "chosen", "zone"), ABROAD)
def test_an_address_has_the_time_of_its_place_and_not_of_its_account(country, postal_code, chosen, zone, world, anna):
    typed = replace(ANNEX, country=country, postal_code=postal_code, time_zone=chosen)

    assert open_ship_to(anna, typed, now=world.now).time_zone == zone


def test_the_time_of_an_address_moves_with_it_unless_it_was_chosen(world, anna):
    new_york = replace(ANNEX, country="US", postal_code="10001")
    found = open_ship_to(anna, new_york, now=world.now)
    moved = replace(new_york, postal_code="94105", time_zone=found.time_zone)
    assert change_ship_to(anna, found, moved, now=world.now).time_zone == "America/Los_Angeles"

    chosen = open_ship_to(anna, replace(new_york, time_zone="America/Chicago"), now=world.now)
    moved = replace(new_york, postal_code="94105", time_zone=chosen.time_zone)
    assert change_ship_to(anna, chosen, moved, now=world.now).time_zone == "America/Chicago"
    assert change_ship_to(anna, chosen, replace(moved, country="DE"), now=world.now).time_zone == "Europe/Berlin"


def test_an_address_kept_in_the_admin_without_a_time_zone_gets_that_of_its_place(world):
    ship_to = ShipTo.objects.create(
        account=world.brightwater, code="T", name="Works", street="1", city="Rayong", country="TH"
    )

    assert ship_to.time_zone == "Asia/Bangkok"


def test_addresses_that_took_their_accounts_time_are_given_their_own(world):
    migration = import_module("apps.accounts.migrations.0002_time_zone_of_a_ship_to")
    kept = {"account": world.brightwater, "street": "1 Road", "city": "There", "time_zone": "Europe/London"}
    home = ShipTo.objects.create(code="H", name="Home", country="GB", **kept)
    rayong = ShipTo.objects.create(code="R", name="Works", country="TH", **kept)
    west = ShipTo.objects.create(code="W", name="West", country="US", postal_code="94105", **kept)
    chosen = ShipTo.objects.create(code="C", name="Chosen", country="US", **kept | {"time_zone": "America/Phoenix"})

    migration.give_their_own(apps, None)

    zones = dict(ShipTo.objects.filter(code__in="HRWC").values_list("code", "time_zone"))
    assert zones == {
        home.code: "Europe/London",
        rayong.code: "Asia/Bangkok",
        west.code: "America/Los_Angeles",
        chosen.code: "America/Phoenix",
    }


def test_an_address_that_makes_no_sense_says_why_and_nothing_is_kept(world, anna):
    with pytest.raises(AddressRefused) as refused:
        open_ship_to(anna, replace(ANNEX, city=" ", receiving_to=time(7)), now=world.now)
    assert set(refused.value.fields) == {"city", "receiving_to"}
    assert len(selectors.ship_tos_of(anna)) == 1


def test_a_retired_address_is_offered_no_more(world, anna):
    changed = change_ship_to(anna, world.dock, replace(ANNEX, name="Old dock"), now=world.now)
    assert changed.pk == world.dock.pk
    retire_ship_to(anna, world.dock, now=world.now)
    assert selectors.ship_tos_of(anna) == []
    with pytest.raises(ShipToUnknown):
        selectors.ship_to_for(anna, world.dock.pk)


def test_a_receiver_changes_no_addresses(world):
    with pytest.raises(PermissionMissing):
        open_ship_to(actor_for(world.rick.user), ANNEX, now=world.now)


def test_a_log_in_that_was_opened_gets_its_first_password_by_mail(world, client, mailoutbox):
    user = open_log_in(world.rick, email=world.rick.email)
    user.set_unusable_password()
    user.save()

    client.post(reverse("password_reset"), {"email": user.email})

    assert [mail.to for mail in mailoutbox] == [[user.email]] and "/reset/" in mailoutbox[0].body


def test_a_machine_and_a_closed_log_in_get_no_password(world, client, mailoutbox):
    world.anna.user.is_machine = True
    world.rick.user.is_active = False
    for contact in (world.anna, world.rick):
        contact.user.save()
        client.post(reverse("password_reset"), {"email": contact.user.email})

    assert mailoutbox == []
