"""After the answer: the same review is offered to everybody; what a promoter gives becomes something the rep does."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Consent
from apps.accounts.selectors import actor_for, may_mail
from apps.accounts.services import mark_undeliverable, object_address, object_to, withdraw_consent
from apps.cases.models import FollowUp
from apps.core.models import Event
from apps.feedback.models import Answer, NextNeed, Reference, Referral
from apps.feedback.selectors import holding_references
from apps.feedback.services import agree_to_be_named, answer, bring_forward, plan_invitation, refer
from apps.feedback.tasks import end_references_of_contact
from apps.insights.selectors import Asked, needs_of
from apps.insights.services import gather_needs
from tests.feedback.deliveries import delivered

NAMED = {"name": "Nora Field", "company": "Field & Sons", "reach": "nora@field.example", "knows": "on"}


def answered(world, score=10, contact=None):
    now = timezone.now()
    invitation = plan_invitation(delivered(world, contact or world.anna, at=now).pk, now=now)
    bring_forward(now=now)
    return answer(invitation, score=score, channel="portal", now=now)


def page_of(given, name="survey"):
    return reverse(f"portal:{name}", args=[given.invitation.shipment.number])


def give(client, given, **said):
    return client.post(page_of(given, "give"), said)


def test_every_band_is_offered_the_same_review_in_the_same_words(world, signed_in):
    given, anna = answered(world), signed_in(world.anna)
    offers = set()
    for score in range(11):
        Answer.objects.filter(pk=given.pk).update(score=score)
        page = anna.get(page_of(given)).text
        offers.add(re.search(r'<section class="panel stack" id="to-review".*?</section>', page, re.DOTALL).group())
    (offer,) = offers
    assert reverse("portal:review", args=[world.bolt.sku]) in offer


@pytest.mark.parametrize("score", [0, 6, 7, 8])
def test_nothing_more_is_asked_of_who_is_no_promoter(score, world, signed_in):
    given, anna = answered(world, score), signed_in(world.anna)
    assert 'id="giving"' not in anna.get(page_of(given)).text
    assert give(anna, given, text="A lathe").status_code == 404
    assert not NextNeed.objects.exists()


def test_thanks_come_in_the_name_of_the_rep(world, signed_in):
    given, anna = answered(world), signed_in(world.anna)
    page = anna.get(page_of(given)).text
    assert "Thank you, says Rhea" in page
    assert 'class="rep-card"' in page


def test_what_a_promoter_gives_is_the_reps_to_do_and_a_need(world, signed_in):
    given, anna = answered(world), signed_in(world.anna)
    sent = give(anna, given, **NAMED, text="A lathe for the new hall", reference="on")
    assert (sent.status_code, sent.url) == (302, page_of(given))
    give(anna, given, **NAMED | {"name": "Somebody else"}, text="Another", reference="on")
    assert (Referral.objects.get().name, NextNeed.objects.get().text) == ("Nora Field", "A lathe for the new hall")
    to_do = FollowUp.objects.filter(owner=world.rhea)
    assert sorted(one.title for one in to_do) == [
        "Anna may be named as a reference: settle what we quote",
        "Anna names Nora Field of Field & Sons, who should know us",
        "Anna tells what they need next",
    ]
    page = anna.get(page_of(given)).text
    assert "Nora Field" in page
    assert "Withdraw it" in page
    gather_needs(now=timezone.now())
    rows = needs_of(actor_for(world.rhea.user), Asked(since=world.today)).rows
    assert [(row.need.name, row.sources) for row in rows] == [("A lathe for the new hall", {"next": 1})]


@pytest.mark.parametrize("missing", ["name", "company", "reach", "knows"])
def test_nobody_is_named_without_their_knowing_or_a_way_to_reach_them(missing, world, signed_in):
    given, anna = answered(world), signed_in(world.anna)
    sent = give(anna, given, **{**NAMED, "text": "A lathe", missing: ""})
    assert sent.status_code == 422
    assert "A lathe" in sent.text
    assert not Referral.objects.exists()
    assert not NextNeed.objects.exists()


def test_a_reference_is_withdrawn_whenever_they_wish_and_may_be_given_again(world, signed_in):
    given, anna = answered(world), signed_in(world.anna)
    give(anna, given, reference="on")
    give(anna, given, withdraw="yes")
    give(anna, given, withdraw="yes")
    assert not holding_references()
    assert not may_mail([world.anna.pk], "reference")
    told = list(FollowUp.objects.order_by("pk").values_list("title", "state"))
    assert told == [
        ("Anna may be named as a reference: settle what we quote", "dropped"),
        ("Anna is no longer to be named as a reference", "open"),
    ]
    give(anna, given, reference="on")
    assert holding_references().get() == Reference.objects.get()
    assert may_mail([world.anna.pk], "reference") == {world.anna.pk}


def test_agreeing_is_a_consent_once_with_where_it_was_said(world, signed_in):
    given, anna = answered(world), signed_in(world.anna)
    give(anna, given, reference="on")
    give(anna, given, reference="on")
    said = Consent.objects.get(purpose="reference")
    assert (said.contact, said.is_given, said.source) == (world.anna, True, "portal")
    assert Event.objects.filter(name="consent.given").count() == 1


@pytest.mark.parametrize("way", ["withdrawn", "objected"])
def test_no_to_being_quoted_ends_every_reference_at_once_and_tells_the_rep_once(way, world):
    now = timezone.now()
    for _answer in range(2):
        given = answered(world)
        Answer.objects.filter(pk=given.pk).update(
            contact=world.anna
        )  # who is asked twice, for the second is a colleague
        agree_to_be_named(given, now=now)
    if way == "withdrawn":
        withdraw_consent(actor_for(world.anna.user), world.anna, "reference", now=now)
    else:
        object_to(world.anna, "reference", source="mail", now=now)
    assert not holding_references()
    event = Event.objects.get(name__in=["consent.withdrawn", "contact.objected"])
    end_references_of_contact(event.pk)
    end_references_of_contact(event.pk)
    assert set(Reference.objects.values_list("withdrawn_at", flat=True)) != {None}
    told = FollowUp.objects.filter(state="open").values_list("title", flat=True)
    assert list(told) == ["Anna is no longer to be named as a reference"]
    assert Reference.objects.count() == 2
    again = agree_to_be_named(Answer.objects.first(), now=now + timedelta(hours=1))
    end_references_of_contact(event.pk)
    assert list(holding_references()) == [again]


def test_no_to_questions_or_offers_leaves_a_reference(world):
    agree_to_be_named(answered(world), now=timezone.now())
    for purpose in ("survey", "marketing"):
        object_to(world.anna, purpose, source="mail", now=timezone.now())
    for event in Event.objects.filter(name="contact.objected"):
        end_references_of_contact(event.pk)
    assert holding_references().count() == 1


def test_an_objection_of_the_address_ends_it_and_a_lost_address_does_not(world, signed_in):
    agree_to_be_named(answered(world), now=timezone.now())
    otto = signed_in(world.otto)
    assert "Brightwater" in otto.get("/admin/feedback/reference/").text
    mark_undeliverable(world.anna.email, now=timezone.now())
    assert holding_references().count() == 1
    object_address(actor_for(world.otto), world.anna.email, "reference", now=timezone.now())
    assert not holding_references()
    assert "0 reference" in otto.get("/admin/feedback/reference/").text


def test_references_from_before_are_consents(world):
    given = answered(world)
    was = {"answer": given, "account": given.account, "contact": world.anna, "agreed_at": timezone.now()}
    Reference.objects.create(**was)
    assert not holding_references()
    migration = import_module("apps.feedback.migrations.0012_references_are_consents")
    migration.keep_as_consents(apps, None)
    migration.keep_as_consents(apps, None)
    assert holding_references().count() == Consent.objects.filter(purpose="reference", source="before").count() == 1


def test_nobody_gives_for_somebody_else(world, signed_in):
    given = answered(world)
    assert give(signed_in(world.xaver), given, **NAMED).status_code == 404
    assert give(signed_in(world.boris), given, **NAMED).status_code == 404
    assert not Referral.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_same_name_sent_by_eight_at_once_is_one_referral_and_one_thing_to_do(world):
    given = answered(world)

    def send(_n):
        try:
            refer(given, name="Nora", company="Field", reach="1", knows=True, now=timezone.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(send, range(8)))
    assert Referral.objects.count() == 1
    assert FollowUp.objects.filter(source_ref__startswith="referral:").count() == 1
