"""Machines and their keys, as operations issue and revoke them."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from knox.models import AuthToken

from apps.accounts.errors import KeyRefused
from apps.accounts.models import ServiceKeyAccount, User
from apps.accounts.selectors import actor_for
from apps.accounts.services import issue_key, open_machine
from apps.core.models import Event

pytestmark = pytest.mark.django_db
ME = "/api/v1/me"


@pytest.fixture
def machine(world):
    return open_machine(purpose="Procurement", role="machine", account=world.brightwater)


def test_operations_make_a_machine_with_a_log_in_without_a_password(world, signed_in):
    desk = signed_in(world.otto)
    said = {"purpose": "ERP", "role": "erp", "account": ""}
    assert desk.post(reverse("admin:accounts_servicekeyaccount_add"), said).status_code == 302
    made = ServiceKeyAccount.objects.get()
    assert (made.role, made.account, made.user.is_machine, made.user.has_usable_password()) == (
        "erp",
        None,
        True,
        False,
    )


@pytest.mark.parametrize(("role", "has_account"), [("machine", False), ("erp", True), ("carrier", True)])
def test_only_an_accounts_own_system_has_an_account(world, signed_in, role, has_account):
    said = {"purpose": "X", "role": role, "account": world.calder.pk if has_account else ""}
    answer = signed_in(world.otto).post(reverse("admin:accounts_servicekeyaccount_add"), said)
    assert answer.status_code == 200
    assert not ServiceKeyAccount.objects.exists()


@pytest.mark.parametrize(("role", "carrier"), [("carrier", ""), ("erp", "Northern Parcels"), ("carrier", "  ")])
def test_only_a_carriers_system_has_a_carrier(world, signed_in, role, carrier):
    said = {"purpose": "X", "role": role, "account": "", "carrier": carrier}
    assert signed_in(world.otto).post(reverse("admin:accounts_servicekeyaccount_add"), said).status_code == 200
    assert not ServiceKeyAccount.objects.exists()


def test_a_carriers_system_speaks_for_its_carrier(world, signed_in):
    said = {"purpose": "Scans", "role": "carrier", "account": "", "carrier": "Northern Parcels"}
    signed_in(world.otto).post(reverse("admin:accounts_servicekeyaccount_add"), said)
    actor = actor_for(ServiceKeyAccount.objects.get().user)
    assert (actor.role, actor.carrier, actor.sees_everything) == ("carrier", "Northern Parcels", False)


def test_a_key_is_shown_once_works_and_is_revoked(world, machine, signed_in, client):
    desk, url = signed_in(world.otto), reverse("admin:machine_keys", args=[machine.pk])
    page = desk.post(url, {"days": 30})
    key = re.search(r"tw_[0-9a-f]+(?=</code>)", page.content.decode())[0]
    assert key not in desk.get(url).content.decode()
    assert key not in str(list(AuthToken.objects.values())) + str(list(Event.objects.values()))
    desk.logout()
    assert client.get(ME, headers={"Authorization": f"Token {key}"}).json()["account"] == "AC-1"
    desk.force_login(world.otto)
    desk.post(url, {"revoke": key[:15]})
    desk.logout()
    assert client.get(ME, headers={"Authorization": f"Token {key}"}).status_code == 401
    assert [event.name for event in Event.objects.order_by("pk")] == ["key.issued", "key.revoked"]


def test_an_expired_key_and_one_of_a_closed_machine_open_nothing(world, machine, client):
    key = issue_key(machine, days=1, now=world.now)
    headers = {"Authorization": f"Token {key}"}
    assert client.get(ME, headers=headers).status_code == 200
    AuthToken.objects.update(expiry=world.now - timedelta(days=1))
    assert client.get(ME, headers=headers).status_code == 401
    other = {"Authorization": f"Token {issue_key(machine, days=1, now=world.now)}"}
    User.objects.filter(pk=machine.user_id).update(is_active=False)
    assert client.get(ME, headers=other).status_code == 401


def test_a_key_comes_from_a_machine_and_from_nowhere_else(world, signed_in):
    desk = signed_in(world.otto)
    said = {"user": world.anna.user.pk, "expiry_0": "", "expiry_1": ""}

    assert desk.post("/admin/knox/authtoken/add/", said).status_code == 404
    assert "/admin/knox/" not in desk.get(reverse("admin:index")).content.decode()
    assert not AuthToken.objects.exists()


@pytest.mark.parametrize("days", [0, -1, 731])
def test_a_key_has_an_end(machine, world, days):
    with pytest.raises(KeyRefused):
        issue_key(machine, days=days, now=world.now)


def test_nobody_but_operations_sees_the_keys(world, machine, signed_in):
    url = reverse("admin:machine_keys", args=[machine.pk])
    assert signed_in(world.anna).get(url).status_code == 302


def test_a_deleted_machine_takes_its_log_in_and_keys_along(world, machine, signed_in):
    issue_key(machine, days=1, now=world.now)
    url = reverse("admin:accounts_servicekeyaccount_delete", args=[machine.pk])
    signed_in(world.otto).post(url, {"post": "yes"})
    assert not AuthToken.objects.exists()
    assert not User.objects.filter(is_machine=True).exists()


@pytest.mark.parametrize("model", ["account", "contact", "shipto", "rep", "user", "accountgroup", "servicekeyaccount"])
def test_every_list_and_form_of_the_desk_opens(world, signed_in, model):
    desk = signed_in(world.otto)
    assert desk.get(reverse(f"admin:accounts_{model}_changelist"), {"q": "bright"}).status_code == 200
    assert desk.get(reverse(f"admin:accounts_{model}_add")).status_code == 200


def test_an_account_opens_with_its_contacts_and_ship_tos(world, signed_in):
    page = signed_in(world.otto).get(reverse("admin:accounts_account_change", args=[world.brightwater.pk]))
    assert page.status_code == 200
    assert b"Anna" in page.content and b"Main dock" in page.content
