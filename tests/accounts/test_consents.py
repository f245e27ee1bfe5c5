"""Whom we may write to: the law of the country, what was said, and addresses that objected."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from apps.accounts.errors import ConsentRefused, PermissionMissing
from apps.accounts.models import AddressKey, Consent, Contact, CountryConsent, Objection
from apps.accounts.rules import against_mailing
from apps.accounts.selectors import actor_for, may_mail, standings_of, unmailable
from apps.accounts.services import (
    address_hash,
    follow_house_key,
    give_consent,
    object_address,
    object_to,
    withdraw_consent,
)
from apps.core.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def law(db):
    """What stands there after the first migration; tests that commit clear it away."""
    import_module("apps.accounts.migrations.0008_consents_kept_from_before").carry_over(apps, None)


@pytest.fixture
def otto(world):
    return actor_for(world.otto)


def allowed(contact, purpose="survey") -> bool:
    return contact.pk in may_mail([contact.pk], purpose)


@pytest.mark.parametrize(
    "basis, said, objected, reachable, against",
    [
        ("soft_opt_in", None, False, True, ""),
        ("soft_opt_in", True, False, True, ""),
        ("soft_opt_in", False, False, True, "no_consent"),
        ("opt_in", None, False, True, "no_consent"),
        ("opt_in", True, False, True, ""),
        ("opt_in", True, True, True, "objected"),
        ("soft_opt_in", None, True, True, "objected"),
        ("soft_opt_in", True, True, False, "no_address"),
    ],
)
def test_the_verdict(basis, said, objected, reachable, against):
    assert against_mailing(basis, said, objected=objected, reachable=reachable) == against


def test_where_nobody_said_anything_the_law_of_the_country_decides(world):
    CountryConsent.objects.all().delete()
    assert allowed(world.anna, "survey") and not allowed(world.anna, "marketing")  # without a line: the careful usual
    CountryConsent.objects.create(country="", purpose="marketing", basis="soft_opt_in")
    assert allowed(world.anna, "marketing")
    CountryConsent.objects.create(country="GB", purpose="marketing", basis="opt_in")
    assert not allowed(world.anna, "marketing")


def test_the_latest_word_counts_and_every_word_is_kept_with_its_source(world, otto):
    anna = actor_for(world.anna.user)
    give_consent(anna, world.anna, "reference", now=world.now)
    give_consent(anna, world.anna, "reference", now=world.now)
    assert allowed(world.anna, "reference")
    withdraw_consent(otto, world.anna, "reference", now=world.now + timedelta(days=1))
    assert not allowed(world.anna, "reference")
    kept = Consent.objects.filter(contact=world.anna).order_by("said_at")
    assert list(kept.values_list("is_given", "source", "by_name", "basis", "country")) == [
        (True, "portal", "", "opt_in", "GB"),
        (False, "staff", "Otto", "opt_in", "GB"),
    ]
    names = Event.objects.filter(subject=f"contact:{world.anna.pk}").order_by("pk").values_list("name", flat=True)
    assert list(names) == ["consent.given", "consent.withdrawn"]


@pytest.mark.parametrize("who", ["boris", "xaver", "rhea", "mona"])
def test_nobody_but_the_person_and_operations_speaks_for_them(world, who):
    other = getattr(world, who)
    with pytest.raises(PermissionMissing):
        give_consent(actor_for(other.user), world.anna, "marketing", now=world.now)


def test_who_acts_for_the_person_does_not_either(world):
    acting = actor_for(world.rhea.user, acting_contact_id=world.anna.pk)
    with pytest.raises(PermissionMissing):
        withdraw_consent(acting, world.anna, "survey", now=world.now)


def test_an_objection_to_offers_leaves_the_question_about_a_delivery(world):
    object_to(world.anna, "marketing", source="mail", now=world.now)
    assert allowed(world.anna, "survey") and not allowed(world.anna, "marketing")
    assert unmailable([world.anna.pk], "marketing") == {world.anna.pk: "objected"}


def test_an_objection_covers_the_same_address_elsewhere_and_outlives_the_contact(world):
    twin = Contact.objects.create(account=world.calder, name="Anna", email=world.anna.email.upper())
    object_to(world.anna, "survey", source="mail", now=world.now)
    assert unmailable([twin.pk], "survey") == {twin.pk: "objected"}
    address = world.anna.email
    twin.delete()
    world.anna.delete()
    again = Contact.objects.create(account=world.calder, name="Anna Imported", email=f"{address}")
    assert not allowed(again)
    assert not Objection.objects.filter(address_hash__contains=address).exists()


def test_a_contact_who_objected_gets_nothing_under_a_new_address_either(world):
    object_to(world.anna, "survey", source="mail", now=world.now)
    world.anna.email = "new@brightwater.example"
    world.anna.save()
    assert unmailable([world.anna.pk], "survey") == {world.anna.pk: "no_consent"}


def test_saying_yes_again_lifts_the_objection(world):
    assert object_to(world.anna, "survey", source="mail", now=world.now)
    assert not object_to(world.anna, "survey", source="mail", now=world.now)
    assert Event.objects.filter(name="contact.objected").count() == 1
    give_consent(actor_for(world.anna.user), world.anna, "survey", now=world.now + timedelta(days=1))
    assert allowed(world.anna)
    assert [(one.purpose, one.allowed) for one in standings_of(world.anna)] == [
        ("survey", True), ("marketing", True), ("reference", False),
    ]  # fmt: skip


def test_operations_notes_an_address_nobody_here_has(world, otto):
    object_address(otto, "  Stranger@Elsewhere.Example ", "marketing", now=world.now)
    late = Contact.objects.create(account=world.calder, name="Late", email="stranger@elsewhere.example")
    assert not allowed(late, "marketing")
    with pytest.raises(ConsentRefused):
        object_address(otto, "no address", "marketing", now=world.now)
    with pytest.raises(PermissionMissing):
        object_address(actor_for(world.rhea.user), "x@y.example", "marketing", now=world.now)


def test_nobody_without_an_address_or_gone_is_written_to(world):
    world.anna.email, world.boris.is_active = "", False
    world.anna.save()
    world.boris.save()
    people = [world.anna.pk, world.boris.pk, world.fiona.pk]
    assert unmailable(people, "survey") == dict.fromkeys(people[:2], "no_address")
    assert may_mail(people, "survey") == {world.fiona.pk}


def test_as_many_queries_for_one_as_for_all(world, django_assert_num_queries):
    everybody = list(Contact.objects.values_list("pk", flat=True))
    with django_assert_num_queries(1):
        may_mail(everybody, "survey")
    object_to(world.anna, "survey", source="mail", now=world.now)
    for people in (everybody[:1], everybody):
        with django_assert_num_queries(2):
            may_mail(people, "survey")


def test_objections_are_known_after_the_house_has_changed_its_key_and_dropped_the_old(world, settings):
    object_to(world.anna, "survey", source="mail", now=world.now)
    before, was = settings.SECRET_KEY, AddressKey.objects.get().sealed
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the next key of the house", [before]
    assert not allowed(world.anna)
    assert follow_house_key() and not follow_house_key()
    settings.SECRET_KEY_FALLBACKS = []
    assert not allowed(world.anna)
    assert AddressKey.objects.get().sealed != was
    settings.SECRET_KEY = "a key that never sealed anything"
    with pytest.raises(ImproperlyConfigured):  # rather than write to somebody who objected
        allowed(world.anna)


def test_what_was_noted_before_is_carried_over(world):
    migration = import_module("apps.accounts.migrations.0008_consents_kept_from_before")
    Contact.objects.filter(pk=world.boris.pk).update(survey_consent=False)
    Contact.objects.filter(pk=world.anna.pk).update(survey_objected_at=world.now)
    migration.carry_over(apps, None)
    assert set(Consent.objects.values_list("contact", "is_given", "source")) == {
        (world.anna.pk, False, "before"), (world.boris.pk, False, "before"),
    }  # fmt: skip
    people = [world.anna.pk, world.boris.pk, world.fiona.pk]
    assert unmailable(people, "survey") == {world.anna.pk: "objected", world.boris.pk: "no_consent"}
    assert Objection.objects.get().address_hash == address_hash(world.anna.email)


def test_operations_types_an_address_and_finds_it_again_by_it(world, signed_in):
    otto = signed_in(world.otto)
    said = {"address": "anna@brightwater.example", "purpose": "survey"}
    assert otto.post("/admin/accounts/objection/add/", said).status_code == 302
    assert otto.post("/admin/accounts/objection/add/", said).status_code == 302
    assert not allowed(world.anna)
    found = otto.get("/admin/accounts/objection/", {"q": "Anna@brightwater.example"}).text
    assert Objection.objects.get().address_hash[:12] in found
    assert "Write an e-mail address" in otto.post("/admin/accounts/objection/add/", {**said, "address": "anna"}).text
