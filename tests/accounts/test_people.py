"""The company's administrator looks after the people: invitations, roles and limits, the end of an access."""

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal as D
from unittest.mock import patch

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from knox.models import get_token_model

from apps.accounts import services, tasks
from apps.accounts.errors import ContactNotFound, InvitationOver, LastAdministrator, PermissionMissing, PersonRefused
from apps.accounts.models import Contact, User
from apps.accounts.services import Duties
from apps.core.errors import NotAllowed
from apps.core.models import Event
from tests.ordering.trade import acting, actor
from tests.world import _user

BUYER = Duties("buyer", D(100))


@pytest.fixture
def ellen(world):
    user = _user("Ellen", "brightwater.example")
    return Contact.objects.create(
        account=world.brightwater, user=user, name="Ellen", email=user.email, role="administrator"
    )


def invite(world, ellen, email="new@brightwater.example", account=None, now=None, duties=BUYER):
    account = account or world.brightwater
    return services.invite(actor(ellen), account, name="Nell", email=email, duties=duties, now=now or timezone.now())


def link_of(letter) -> str:
    return re.search(r"/join/[^/\s]+/", letter.body).group()


def log_in(client, email, password):
    return client.post(reverse("login"), {"username": email, "password": password})


def letter_of(contact):
    tasks.send_invitation(Event.objects.filter(name="contact.invited").latest("id").pk)
    return mail.outbox[-1]


def test_somebody_new_comes_in_by_the_link_and_only_by_its_button(world, ellen):
    contact = invite(world, ellen)
    letter = letter_of(contact)
    assert letter.to == ["new@brightwater.example"]
    guest, link = Client(), link_of(letter)
    assert guest.get(link).status_code == 200
    assert not User.objects.filter(email=contact.email).exists(), "opening the link changes nothing"
    assert guest.post(link, {"new_password1": "short", "new_password2": "short"}).status_code == 422
    words = {"new_password1": "seven-green-gloves", "new_password2": "seven-green-gloves"}
    assert guest.post(link, words).url == reverse("login")
    assert guest.post(link, words).status_code == 404, "it works once"
    assert log_in(guest, contact.email, "seven-green-gloves").status_code == 302
    contact.refresh_from_db()
    assert (contact.role, contact.spend_limit, contact.user.email) == ("buyer", D(100), contact.email)
    assert [event.name for event in Event.objects.filter(subject=f"contact:{contact.pk}").order_by("id")] == [
        "contact.invited", "contact.joined",
    ]  # fmt: skip


def test_nobody_is_told_whether_an_address_is_known_elsewhere(world, ellen, client):
    client.force_login(ellen.user)
    address = reverse("portal:invite", args=[world.brightwater.number])
    answers = [
        client.post(address, {"name": "Nell", "email": email, "role": "buyer"}, follow=True)
        for email in ("new@brightwater.example", world.xaver.email, world.rhea.user.email)
    ]
    assert [answer.content.decode().count("A letter is on its way") for answer in answers] == [1, 1, 1]
    assert set(Contact.objects.filter(name="Nell").values_list("user", flat=True)) == {None}


def test_somebody_with_a_log_in_elsewhere_joins_with_it_and_keeps_their_password(world, ellen):
    contact = invite(world, ellen, world.xaver.email)
    link, xaver = link_of(letter_of(contact)), Client()
    assert "/login/" in xaver.post(link).url
    stranger = Client()
    stranger.force_login(world.anna.user)
    assert stranger.post(link).status_code == 403
    xaver.force_login(world.xaver.user)
    assert xaver.post(link).status_code == 302
    contact.refresh_from_db()
    assert contact.user == world.xaver.user
    assert world.xaver.user.check_password(world.password)


def test_nobody_of_the_distributor_is_drawn_into_a_company(world, ellen):
    contact = invite(world, ellen, world.rhea.user.email)
    token = services.invitation_token(contact)
    with pytest.raises(PersonRefused):
        services.join(token, user=world.rhea.user, now=timezone.now())
    assert actor(world.rhea).role == "rep"


@pytest.mark.parametrize("change", ["sent anew", "ended", "too old", "tampered"])
def test_a_link_that_is_over(world, ellen, change):
    contact = invite(world, ellen)
    token = services.invitation_token(contact)
    if change == "sent anew":
        services.invite_again(actor(ellen), contact, now=timezone.now())
    elif change == "ended":
        services.end_access(actor(ellen), contact, now=timezone.now())
    elif change == "tampered":
        token = token.replace(token[3], "x" if token[3] != "x" else "y", 1)
    if change == "too old":
        old = (timezone.now() - timedelta(days=8)).timestamp()
        with patch("django.core.signing.time.time", return_value=old):
            token = services.invitation_token(contact)
    with pytest.raises(InvitationOver):
        services.invited(token)


def test_whose_access_ends_is_out_with_the_next_click(world, ellen):
    client = Client()
    client.force_login(world.anna.user)
    assert client.get(reverse("portal:home")).status_code == 200
    _token, key = get_token_model().objects.create(world.anna.user)
    api = {"Authorization": f"Token {key}"}
    assert Client().get(reverse("api:me"), headers=api).status_code == 200
    services.end_access(actor(ellen), world.anna, now=timezone.now())
    assert client.get(reverse("portal:home")).url.startswith(reverse("login"))
    assert Client().get(reverse("api:me"), headers=api).status_code == 401
    assert log_in(Client(), world.anna.email, world.password).status_code == 200, "the page again"
    assert not get_token_model().objects.filter(user=world.anna.user).exists()
    assert Event.objects.get(name="contact.access_ended").facts["log_in_closed"] is True


def test_who_works_elsewhere_as_well_keeps_that(world, ellen):
    Contact.objects.create(account=world.calder, user=world.anna.user, name="Anna", role="buyer")
    services.end_access(actor(ellen), world.anna, now=timezone.now())
    left = actor(world.anna)
    assert (left.account_id, left.account_ids) == (world.calder.pk, (world.calder.pk,))


def test_somebody_comes_back_by_an_invitation_alone(world, ellen):
    services.end_access(actor(ellen), world.anna, now=timezone.now())
    back = invite(world, ellen, world.anna.email)
    assert (back.pk, back.user) == (world.anna.pk, None)
    services.join(services.invitation_token(back), user=None, password="seven-green-gloves", now=timezone.now())
    assert actor(User.objects.get(email=world.anna.email)).contact_id == world.anna.pk


def test_the_last_administrator_remains(world, ellen):
    for deed in (
        lambda: services.end_access(actor(ellen), ellen, now=world.now),
        lambda: services.change_duties(actor(ellen), ellen, BUYER, now=world.now),
    ):
        with pytest.raises(LastAdministrator):
            deed()
    services.change_duties(actor(ellen), world.boris, Duties("administrator"), now=world.now)
    services.end_access(actor(world.boris), ellen, now=world.now)
    with pytest.raises(LastAdministrator):
        services.end_access(actor(world.boris), world.boris, now=world.now)


def test_an_administrator_without_a_log_in_is_none(world, ellen):
    invite(world, ellen, duties=Duties("administrator"))
    with pytest.raises(LastAdministrator):
        services.end_access(actor(ellen), ellen, now=world.now)


def test_a_subsidiary_is_looked_after_from_above_and_a_stranger_never(world, ellen):
    services.change_duties(actor(ellen), world.lena, replace(BUYER, period_limit=D(500)), now=world.now)
    world.lena.refresh_from_db()
    assert world.lena.period_limit == 500
    assert Event.objects.get(name="contact.changed").facts["changed"]["period_limit"] == [None, "500"]
    with pytest.raises(ContactNotFound):
        services.end_access(actor(ellen), world.xaver, now=world.now)
    Contact.objects.filter(pk=world.lena.pk).update(role="administrator")
    with pytest.raises(ContactNotFound):
        services.change_duties(actor(world.lena), world.anna, BUYER, now=world.now)


def test_nobody_else_looks_after_people_not_even_on_behalf(world, ellen):
    for who in (actor(world.boris), actor(world.anna), acting(world.rhea, ellen), actor(world.otto)):
        with pytest.raises((PermissionMissing, NotAllowed)):
            services.invite(who, world.brightwater, name="N", email="n@n.example", duties=BUYER, now=world.now)
        with pytest.raises(PermissionMissing):
            services.end_access(who, world.anna, now=world.now)


@pytest.mark.parametrize(
    ("name", "email", "duties", "field"),
    [
        ("", "n@n.example", BUYER, "name"),
        ("N", "no address", BUYER, "email"),
        ("N", "anna@brightwater.example", BUYER, "email"),
        ("N", "ANNA@brightwater.example", BUYER, "email"),
        ("N", "n@n.example", Duties("rep"), "role"),
        ("N", "n@n.example", Duties("operations"), "role"),
        ("N", "n@n.example", Duties("buyer", D(-1)), "spend_limit"),
        ("N", "n@n.example", Duties("buyer", None, D("NaN")), "period_limit"),
        ("N", "n@n.example", Duties("buyer", None, None, "week"), "limit_period"),
    ],
)
def test_an_invitation_that_cannot_be(world, ellen, name, email, duties, field):
    with pytest.raises(PersonRefused) as refused:
        services.invite(actor(ellen), world.brightwater, name=name, email=email, duties=duties, now=world.now)
    assert list(refused.value.fields) == [field]


def test_invitations_are_no_way_to_write_to_the_world(world, ellen, monkeypatch):
    monkeypatch.setattr("apps.accounts.services.people.INVITATIONS_A_DAY", 2)
    for n in range(2):
        invite(world, ellen, f"n{n}@n.example")
    with pytest.raises(PersonRefused):
        invite(world, ellen, "n3@n.example")
