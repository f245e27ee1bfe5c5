"""Questions about other things than a delivery, by the link of a letter and in the portal."""

import time
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from itertools import count

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.accounts.selectors import actor_for
from apps.cases import services as cases
from apps.core.scoping import Actor
from apps.feedback.models import Answer, Invitation, Programme, VoteAttempt
from apps.feedback.sending import send_due
from apps.feedback.services import (
    bring_forward,
    ensure_programmes,
    plan_effort,
    plan_first_order,
    plan_half_years,
    plan_invitation,
    plan_silences,
    settle_votes,
)
from apps.feedback.services.half_years import asked_on
from apps.ordering.models import Order
from apps.portal import surveys
from tests.feedback.deliveries import delivered

SAM = Actor(role="service", name="Sam")
loads = count(1)


@pytest.fixture(autouse=True)
def forgotten_tries(db):
    from django.core.cache import cache

    cache.clear()


def page_seen(asked, seconds_ago: float, pressed="") -> str:
    return surveys._PAGE.sign(f"{asked.pk}@first@{time.time() - seconds_ago:.2f}@{next(loads)}@{pressed}")


def after_case(world, contact=None):
    contact, now = contact or world.anna, timezone.now()
    case = cases.report_problem(actor_for(contact.user), title="A box was wet", body="Box 3.", key="1", now=now)
    cases.answer_case(SAM, case, body="Sent again.", now=now)
    cases.resolve_case(SAM, case, resolution="Sent again", cause="delivery", now=now)
    asked = plan_effort(case.pk, now=now)
    bring_forward(now=now)
    return asked


def of_kind(world, kind: str) -> Invitation:
    """A question of that kind that is due now."""
    now = timezone.now()
    ensure_programmes()
    Programme.objects.update(is_active=True)
    if kind == "case":
        return after_case(world, world.xaver)
    if kind == "first_order":
        plan_first_order(delivered(world, world.xaver, at=now).pk, now=now)
    elif kind == "lapsed":
        for days in (160, 140, 120, 100):
            delivered(world, world.xaver, at=now - timedelta(days=days))
        plan_silences(now=now)
    else:
        world.xaver.persona = "decision_maker"
        world.xaver.save()
        delivered(world, world.xaver, at=now)
        on = asked_on(world.calder.pk, date(now.year + 1, 1, 1))
        Order.objects.update(placed_at=datetime(now.year, 12, 31, tzinfo=UTC))
        plan_half_years(now=datetime.combine(on, clock(10), UTC))
        Invitation.objects.update(expires_at=now + timedelta(days=9))
    bring_forward(now=now)
    return Invitation.objects.get(programme__kind=kind, state="planned")


WORDS = {
    "case": ("How easy was it to have this put right?", "What made it hard?", "A box was wet"),
    "relationship": ("How do we do as a whole?", "What keeps you from recommending us?", "not one delivery"),
    "first_order": ("How did your first order go?", "What went wrong with your first order?", "Your first order"),
    "lapsed": ("Would you order from us again?", "What made you stop?", "has not ordered for a while"),
}


@pytest.mark.parametrize("kind", WORDS)
def test_every_kind_is_asked_and_answered_in_the_portal(world, signed_in, kind):
    asked = of_kind(world, kind)
    xaver, address = signed_in(world.xaver), reverse("portal:asked", args=[asked.pk])
    assert address in xaver.get(reverse("portal:home")).text
    heading, follow_up, about = WORDS[kind]
    shown = xaver.get(address, {"score": 2})
    assert heading in shown.text and follow_up in shown.text and about in shown.text
    assert ("What had most to do with it?" in shown.text) is (kind in ("relationship", "first_order"))
    assert xaver.post(address, {"score": 2, "comment": "So.", "page": page_seen(asked, 20)}).status_code == 302
    given = Answer.objects.get()
    assert (given.score, given.comment, given.contact, given.channel) == (2, "So.", world.xaver, "portal")
    thanks = xaver.get(address)
    assert ("2 of 7" if kind == "case" else "2 of 10") in thanks.text
    calls = asked.case.owner if kind == "case" else asked.account.rep
    assert thanks.context["rep"]["name"] == calls.user.name
    assert address not in xaver.get(reverse("portal:home")).text


def test_two_questions_wait_one_behind_the_other(world, signed_in):
    now = timezone.now()
    plan_invitation(delivered(world, world.xaver, at=now).pk, now=now)
    after_case(world, world.xaver)
    xaver, home = signed_in(world.xaver), reverse("portal:home")
    about_case = Invitation.objects.get(shipment=None)
    about_delivery = Invitation.objects.get(case=None)
    asked = {
        reverse("portal:asked", args=[about_case.pk]): about_case,
        reverse("portal:survey", args=[about_delivery.shipment.number]): about_delivery,
    }
    shown = xaver.get(home).text
    [first] = [address for address in asked if address in shown]
    [second] = set(asked) - {first}
    assert "1 of 2" in shown
    xaver.post(first, {"score": 7, "page": page_seen(asked[first], 20)})
    thanks = xaver.get(first).text
    assert "One more question waits for you." in thanks and second in thanks
    shown = xaver.get(home).text
    assert second in shown and first not in shown and "1 of" not in shown
    xaver.post(second, {"score": 7, "page": page_seen(asked[second], 20)})
    assert "One more question" not in xaver.get(second).text


@pytest.mark.parametrize("kind", WORDS)
def test_every_kind_is_answered_by_the_link_of_its_letter(world, client, mailoutbox, kind):
    asked = of_kind(world, kind)
    send_due(clock=timezone.now)
    link = "/s/" + mailoutbox[-1].body.partition("/s/")[2].split()[0]
    heading, follow_up, _about = WORDS[kind]
    shown = client.get(link, {"score": 1})
    assert heading in shown.text and follow_up in shown.text and "You pressed 1 in the mail" in shown.text
    assert "score" not in shown.context["form"].initial
    assert client.post(link, {"score": 1, "page": page_seen(asked, 20, pressed=1)}).status_code == 302
    settle_votes(now=timezone.now() + timedelta(minutes=4))
    assert (Answer.objects.get().score, Answer.objects.get().channel) == (1, "email")
    stop = client.get(f"{link}stop/").text
    assert "No more questions from us?" in stop and "questions about deliveries" not in stop


def test_on_the_scale_of_effort_too_a_person_votes_and_a_machine_does_not(world, client, mailoutbox):
    asked = after_case(world)
    send_due(clock=timezone.now)
    link = "/s/" + mailoutbox[-1].body.partition("/s/")[2].split()[0]
    untouched = {"score": 7, "touched": "0", "page": page_seen(asked, 20, pressed=7)}
    assert "Is 7 your answer?" in client.post(link, untouched).text
    everything = {"score": 7, "all": "1", "page": page_seen(asked, 20, pressed=7)}
    assert client.post(link, everything).status_code == 200
    settle_votes(now=timezone.now() + timedelta(minutes=4))
    assert not Answer.objects.exists()
    VoteAttempt.objects.update(posted_at=timezone.now() - timedelta(seconds=30))
    assert client.post(link, {"score": 6, "touched": "2", "page": page_seen(asked, 4, pressed=6)}).status_code == 302
    settle_votes(now=timezone.now() + timedelta(minutes=4))
    assert (Answer.objects.get().kind, Answer.objects.get().score) == ("effort", 6)


@pytest.mark.parametrize("score", ["0", "8", "10", "", "x"])
def test_no_figure_off_the_scale_of_effort(world, client, mailoutbox, score):
    asked = after_case(world)
    send_due(clock=timezone.now)
    link = "/s/" + mailoutbox[-1].body.partition("/s/")[2].split()[0]
    assert client.get(link, {"score": score}).status_code == 200
    refused = client.post(link, {"score": score, "page": page_seen(asked, 20)})
    assert refused.status_code == 422
    assert "Choose a number from 1 to 7." in refused.text


def test_nobody_answers_for_somebody_else_and_the_case_shows_its_question(world, signed_in):
    asked = after_case(world)
    address = reverse("portal:asked", args=[asked.pk])
    for who in (world.boris, world.xaver):
        client = signed_in(who)
        assert client.get(address).status_code == 404
        assert client.post(address, {"score": 7}).status_code == 404
        assert client.post(reverse("portal:give_asked", args=[asked.pk]), {}).status_code == 404
    anna = signed_in(world.anna)
    case_page = reverse("portal:case", args=[asked.case.number])
    assert address in anna.get(case_page).text
    anna.post(address, {"score": 7, "comment": "Quick.", "page": page_seen(asked, 20)})
    assert address not in anna.get(case_page).text
    desk = signed_in(world.sam).get(reverse("workspace:case", args=[asked.case.number])).text
    assert "7 of 7" in desk and "Quick." in desk
    assert "Thank you" in signed_in(world.anna).get(address).text
