"""The mail about an offer: only to whom we may write to about offers, in the rep's name, with one click to end it."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.models import Contact
from apps.accounts.selectors import actor_for, may_mail
from apps.accounts.services import give_consent, object_to
from apps.core.models import Event
from apps.feedback.models import Invitation, Offer, OfferTerms
from apps.feedback.selectors import offer_mail, offer_stop_token
from apps.feedback.services import approve_offer, plan_invitation, propose_offer
from apps.feedback.tasks import send_offer_made
from tests.feedback.deliveries import delivered
from tests.workspace.desk import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def terms(world):
    OfferTerms.objects.create(pk=1, monthly_budget=1000, held_out_percent=0)


def made(world, contact, kind="call") -> Offer:
    """An offer to the contact's account that Rhea made, and the mail that goes out, asked for twice."""
    now = timezone.now()
    contact_id = contact.pk if contact else None
    offer = propose_offer(world.brightwater, contact_id=contact_id, why="Dear gloves", source_ref="answer:1", now=now)
    approve_offer(actor_for(world.rhea.user), offer, kind=kind, words="An hour with our fitter", now=now)
    event = Event.objects.get(name="offer.approved")
    send_offer_made(event.pk)
    send_offer_made(event.pk)
    return Offer.objects.get()


def agrees(contact, now=None):
    give_consent(actor_for(contact.user), contact, "marketing", now=now or timezone.now())


def test_it_tells_once_in_the_reps_name_and_neither_why_nor_a_score(world, terms, mailoutbox):
    agrees(world.anna)
    made(world, world.anna)
    (mail,) = mailoutbox
    assert (mail.to, mail.extra_headers["Reply-To"]) == ([world.anna.email], world.rhea.user.email)
    html = mail.alternatives[0].content
    for text in (mail.body, html):
        assert "An hour with our fitter" in text
        assert "Rhea will call you" in text
        assert "Dear gloves" not in text
        assert "out of 10" not in text
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.extra_headers["List-Unsubscribe"].strip("<>") in mail.body


def test_it_goes_to_who_ordered_last_where_the_contact_left(world, terms, mailoutbox):
    delivered(world, world.boris)
    agrees(world.boris)
    Contact.objects.filter(pk=world.anna.pk).update(is_active=False)
    made(world, world.anna)
    assert [mail.to for mail in mailoutbox] == [[world.boris.email]]


@pytest.mark.parametrize(
    ("said", "reason", "shown"),
    [
        (None, "no_consent", "only to who has said yes"),
        ("no", "objected", "they want no offers by e-mail"),
        ("left", "no_address", "nobody there who can be reached"),
    ],
)
def test_without_leave_the_offer_is_made_and_no_mail_goes(said, reason, shown, world, terms, mailoutbox, signed_in):
    if said == "no":
        agrees(world.anna)
        object_to(world.anna, "marketing", source="mail", now=timezone.now())
    if said == "left":
        Contact.objects.filter(account=world.brightwater).update(is_active=False)
    offer = made(world, world.anna)
    assert (offer.state, offer_mail(offer).reason) == ("approved", reason)
    assert not mailoutbox
    assert shown in words(signed_in(world.rhea), "offer", offer.pk)


def test_who_wants_no_offers_is_still_asked_about_deliveries(world, terms, mailoutbox):
    object_to(world.anna, "marketing", source="portal", now=timezone.now())
    asked = plan_invitation(delivered(world, world.anna, at=timezone.now()).pk, now=timezone.now())
    assert (asked.state, asked.contact) == (Invitation.State.PLANNED, world.anna)
    made(world, world.anna)
    assert not mailoutbox


def test_one_click_ends_it_and_opening_the_page_does_not(world, terms, mailoutbox, client):
    agrees(world.anna, timezone.now() - timedelta(days=1))
    made(world, world.anna)
    address = re.search(r"https?://[^/]+(/o/\S+/stop/)", mailoutbox[0].body)[1]
    assert "No more offers by e-mail?" in client.get(address).text
    client.head(address)
    client.post(address)
    assert may_mail([world.anna.pk], "marketing")
    for _once in range(2):
        assert client.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not may_mail([world.anna.pk], "marketing")
    assert may_mail([world.anna.pk], "survey")
    assert Event.objects.filter(name="contact.objected").count() == 1
    assert "No more offers by e-mail" in client.get(address).text


def test_a_link_that_was_never_sent_leads_nowhere(world, client):
    token = offer_stop_token(world.anna.pk)
    other = f"{world.boris.pk}{token[token.index(':') :]}"
    for wrong in (other, "1", "x:y", f"{token}x", f"{10**9}:{token.partition(':')[2]}"):
        assert client.post(f"/o/{wrong}/stop/", {"stop": "yes"}).status_code == 404
    Contact.objects.filter(pk=world.boris.pk).delete()
    assert client.get(f"/o/{offer_stop_token(world.boris.pk)}/stop/").status_code == 404
    assert may_mail([world.anna.pk], "survey")
