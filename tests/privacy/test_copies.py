"""A copy of what is kept about somebody: complete, theirs alone, on record."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.urls import reverse

from apps.accounts.errors import PermissionMissing
from apps.accounts.models import Contact
from apps.accounts.selectors import actor_for
from apps.accounts.services import object_to
from apps.catalogue.models import PastSearch
from apps.core.models import Event
from apps.feedback.models import Answer, Offer
from apps.feedback.services import answer, plan_invitation
from apps.insights.services import gather_needs
from apps.privacy.selectors import copy_of, same_log_in, same_person
from apps.privacy.selectors.copies import pointing_to_contacts
from apps.privacy.services import own_copy, person_copy
from tests.feedback.deliveries import delivered

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(world):
    """Anna searched, was asked and answered; Boris did as well."""
    for who, words in ((world.anna, "Anna's own words"), (world.boris, "Words of Boris")):
        asked = plan_invitation(delivered(world, who).pk, now=world.now)
        answer(asked, score=9, comment=words, channel="email", now=world.now)
        PastSearch.objects.create(contact=who, text=f"bolts for {who.name}", searched_at=world.now)
    object_to(world.anna, "marketing", source="mail", now=world.now)


def read(kept: bytes) -> tuple[str, dict]:
    folder = zipfile.ZipFile(io.BytesIO(kept))
    return folder.read("my-data.html").decode(), json.loads(folder.read("my-data.json"))["data"]


def test_it_holds_what_they_said_and_did_and_nothing_of_a_colleague(world, told):
    page, data = read(own_copy(actor_for(world.anna.user), now=world.now))
    assert data["feedback.Answer"][0]["comment"] == "Anna's own words"
    assert data["catalogue.PastSearch"][0]["text"] == "bolts for Anna"
    assert data["accounts.Objection"][0]["purpose"] == "marketing"
    assert data["ordering.Order"][0]["po_number"] == "PO-77"
    assert data["accounts.User"][0]["email"] == world.anna.email
    assert "survey.answered" in {event["name"] for event in data["core.Event"]}
    assert "Anna&#x27;s own words" in page
    assert "Boris" not in page
    event = Event.objects.get(name="person.exported")
    assert (event.subject, event.account_ref) == (f"contact:{world.anna.pk}", world.brightwater.pk)


def test_no_secret_stands_in_it(world, told):
    page, data = read(person_copy(actor_for(world.otto), world.anna, now=world.now))
    assert not {name for rows in data.values() for row in rows for name in row if "hash" in name or "password" in name}
    assert world.anna.user.password not in page


def test_what_the_house_reckons_of_an_offer_is_not_in_it_nor_that_none_is_made(world):
    of = {"account": world.brightwater, "contact": world.anna, "kind": "discount", "proposed_at": world.now}
    of |= {"decide_by": world.today, "cost": 777, "usual_order": 888, "most_percent": 9, "why": "Cheaper gloves"}
    Offer.objects.create(**of, source_ref="a", rest=(world.today, world.today + timedelta(days=1)), reason="Too dear")
    later = (world.today + timedelta(days=2), None)
    Offer.objects.create(**of | {"why": "Cheaper lamps"}, state="held_out", source_ref="b", rest=later)
    _page, data = read(own_copy(actor_for(world.anna.user), now=world.now))
    (told,) = data["feedback.Offer"]
    assert told["why"] == "Cheaper gloves"
    assert not {"cost", "usual_order", "most_percent", "reason", "decided_by_name"} & set(told)
    assert "Cheaper lamps" not in str(data)


def test_needs_they_told_are_in_it(world, told):
    Answer.objects.filter(contact=world.anna).update(kind="need", comment="A longer bolt")
    Answer.objects.filter(contact=world.boris).update(kind="need", comment="A shorter bolt")
    gather_needs(now=world.now)
    _page, data = read(own_copy(actor_for(world.anna.user), now=world.now))
    assert [row["said"] for row in data["insights.NeedMention"]] == ["A longer bolt"]
    assert not {"value", "basis"} & set(data["insights.NeedMention"][0])


def test_every_table_that_points_to_a_contact_is_looked_at():
    found = {model._meta.label for model, _names in pointing_to_contacts()}
    assert {"accounts.Consent", "feedback.Invitation", "cases.Case", "ordering.Cart", "pricing.PriceMatch"} <= found


def test_as_many_queries_for_much_as_for_little(world, told, django_assert_max_num_queries):
    with django_assert_max_num_queries(55):
        copy_of([world.anna])


def test_the_same_log_in_is_the_same_person_and_the_same_address_is_for_operations(world):
    elsewhere = Contact.objects.create(account=world.calder, name="Anna", user=world.anna.user)
    typed = Contact.objects.create(account=world.leeds, name="A.", email=world.anna.email.upper())
    assert same_log_in(world.anna) == [world.anna, elsewhere]
    assert same_person(world.anna) == [world.anna, elsewhere, typed]


def test_only_the_person_and_operations(world):
    with pytest.raises(PermissionMissing):
        person_copy(actor_for(world.rhea.user), world.anna, now=world.now)
    with pytest.raises(PermissionMissing):
        own_copy(actor_for(world.rhea.user, acting_contact_id=world.anna.pk), now=world.now)


def test_in_the_portal_by_oneself(world, signed_in, told):
    anna = signed_in(world.anna)
    page = anna.get(reverse("portal:my_data")).text
    assert "being quoted as a reference" in page.lower()
    assert reverse("portal:my_data") in anna.get(reverse("portal:account")).text
    answered = anna.post(reverse("portal:my_data_copy"))
    assert answered["Content-Type"] == "application/zip"
    assert "Anna" in read(answered.content)[0]
    anna.post(reverse("portal:my_data_say"), {"purpose": "marketing", "yes": "1"})
    assert Event.objects.filter(name="consent.given", facts__purpose="marketing").exists()
    first, second = (anna.post(reverse("portal:forget_me")).url for _ in range(2))
    assert first == second
    assert "Erase what is kept about Anna" in anna.get(first).text
