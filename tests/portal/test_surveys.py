import time

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import trans_real

from apps.accounts.selectors import unmailable
from apps.feedback.models import Answer, Invitation
from apps.feedback.models.programmes import QUESTION
from apps.feedback.sending import send_due
from apps.feedback.services import bring_forward, plan_invitation
from apps.portal import surveys
from tests.feedback.deliveries import delivered


@pytest.fixture
def invitation(world) -> Invitation:
    now = timezone.now()
    planned = plan_invitation(delivered(world, world.anna, at=now).pk, now=now)
    bring_forward(now=now)
    return planned


@pytest.fixture
def link(invitation, mailoutbox) -> str:
    """The address in the mail that Anna got."""
    send_due(clock=timezone.now)
    return "/s/" + mailoutbox[0].body.partition("/s/")[2].split()[0]


@pytest.fixture(autouse=True)
def forgotten_tries(db):
    from django.core.cache import cache

    cache.clear()


def objects(contact) -> bool:
    return unmailable([contact.pk], "survey") == {contact.pk: "objected"}


def fields_of(response) -> dict:
    return response.context["form"].initial


def page_seen(seconds_ago: float) -> str:
    """What the page carries that was opened so long ago."""
    return surveys._PAGE.sign(f"{Invitation.objects.get().pk}@{time.time() - seconds_ago:.2f}")


def post(client, address, *, after=30, **said):
    """Fill in the page and send it so many seconds later."""
    assert fields_of(client.get(address, {"score": said.get("score", 5)}))["page"]
    return client.post(address, {"page": page_seen(after), **said})


def test_from_the_mail_to_the_thanks(client, link):
    asked = client.get(link)
    assert "How likely are you to recommend us" in asked.text
    assert 'method="get"' in asked.text
    chosen = client.get(link, {"score": "3"})
    assert "What went wrong" in chosen.text
    done = post(client, link, score=3, comment="Late <again>", drivers=["delivery", "trust"])
    assert (done.status_code, done.url) == (302, link)
    given = Answer.objects.get()
    assert (given.score, given.comment, given.drivers, given.channel) == (
        3, "Late <again>", ["delivery", "trust"], "email",
    )  # fmt: skip
    thanks = client.get(link)
    assert "3 of 10" in thanks.text
    assert "Late &lt;again&gt;" in thanks.text


@pytest.mark.parametrize("score, words", [(0, "What went wrong"), (8, "made it a 9"), (10, "What did we do well")])
def test_the_second_question_fits_the_score(client, link, score, words):
    assert words in client.get(link, {"score": score}).text


def test_nothing_votes_but_a_post(client, link):
    for score in range(11):
        client.get(link, {"score": score})
        client.head(link, {"score": score})
        client.get(link, {"score": score}, headers={"HX-Request": "true"})
    assert client.put(link).status_code == 405
    assert not Answer.objects.exists()


def test_a_machine_that_sends_what_it_finds_is_asked_again_and_a_person_then_counts(client, link):
    answered = post(client, link, after=-0.5, score=10)
    assert "Is 10 your answer?" in answered.text
    assert not Answer.objects.exists()
    again = {**fields_of(answered), "page": page_seen(1.1)}
    assert client.post(link, again).status_code == 302
    assert Answer.objects.get().score == 10


@pytest.mark.parametrize("page", ["", "1@0", "999@1.0:forged"])
def test_a_form_that_no_page_was_issued_for_does_not_count(client, link, page):
    assert "your answer?" in client.post(link, {"score": 10, "page": page}).text
    assert not Answer.objects.exists()


def test_the_first_answer_locks(client, link):
    post(client, link, score=9)
    again = client.post(link, {"score": 0, "page": page_seen(30)})
    assert "9 of 10" in again.text
    assert list(Answer.objects.values_list("score", flat=True)) == [9]


@pytest.mark.parametrize("score", ["", "-3", "11", "NaN", "1e308", "٧x", "7.5"])
def test_no_other_score(client, link, score):
    assert client.get(link, {"score": score}).status_code == 200
    answered = client.post(link, {"score": score, "page": "x"})
    assert answered.status_code == 422
    assert "Choose a number from 0 to 10" in answered.text


def test_a_link_that_leads_nowhere_is_a_friendly_page_and_trying_many_ends(client, link):
    assert client.get("/s/AAAAAAAAAAAAAAAAAAAAAA/").status_code == 404
    Invitation.objects.update(expires_at=timezone.now())
    gone = client.get(link)
    assert gone.status_code == 404
    assert "This question is closed" in gone.text
    for _ in range(surveys.WRONG_TOKENS):
        last = client.get("/s/AAAAAAAAAAAAAAAAAAAAAA/")
    assert last.status_code == 429


def test_wrong_links_of_others_on_the_network_stop_no_link_that_was_sent(client, link, world):
    for _ in range(surveys.WRONG_TOKENS + 1):
        last = client.get("/s/AAAAAAAAAAAAAAAAAAAAAA/")
    assert last.status_code == 429

    assert client.get(link).status_code == 200
    assert client.post(f"{link}stop/", {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert objects(world.anna)
    assert client.get("/s/AAAAAAAAAAAAAAAAAAAAAA/stop/").status_code == 429


def test_a_link_that_is_over_counts_as_no_try(client, link):
    Invitation.objects.update(expires_at=timezone.now())

    assert {client.get(link).status_code for _ in range(surveys.WRONG_TOKENS + 2)} == {404}
    assert client.get("/s/AAAAAAAAAAAAAAAAAAAAAA/").status_code == 404


def test_the_page_asks_in_the_reader_s_language(client, link, monkeypatch):
    translated = "Bạn có giới thiệu chúng tôi không?"
    monkeypatch.setitem(trans_real.translation("vi")._catalog._catalogs[0], QUESTION, translated)
    assert translated in client.get(link, headers={"Accept-Language": "vi"}).text


def test_to_stop_takes_a_post_and_one_click_of_the_mail_program_is_enough(client, link, world):
    client.get(f"{link}stop/")
    client.post(f"{link}stop/")  # a scanner that posts without the words
    assert not objects(world.anna)
    strict = type(client)(enforce_csrf_checks=True)
    assert strict.post(f"{link}stop/", {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert objects(world.anna)
    assert "We ask you no more" in client.get(f"{link}stop/").text


@pytest.mark.parametrize(
    "became", [{"state": "answered"}, {"state": "expired", "expires_at": timezone.now()}, {"state": "unknown"}]
)
def test_to_stop_works_from_an_old_mail_too(client, link, world, became):
    Invitation.objects.update(**became)
    assert client.post(f"{link}stop/", {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert objects(world.anna)


def test_an_answer_wants_the_page_s_own_token_against_forgery(client, link):
    strict = type(client)(enforce_csrf_checks=True)
    assert strict.post(link, {"score": 10}).status_code == 403


def test_answered_in_the_portal_and_no_mail_goes_out(world, signed_in, invitation, mailoutbox):
    anna = signed_in(world.anna)
    address = reverse("portal:survey", args=[invitation.shipment.number])
    assert address in anna.get(reverse("portal:home")).text
    assert address in anna.get(reverse("portal:order", args=[invitation.shipment.order.number])).text
    assert post(anna, address, score=7).status_code == 302
    assert Answer.objects.get().channel == "portal"
    send_due(clock=timezone.now)
    assert mailoutbox == []
    assert address not in anna.get(reverse("portal:home")).text


@pytest.mark.parametrize("who", ["boris", "xaver", "lena"])
def test_nobody_answers_for_somebody_else(world, signed_in, invitation, who):
    client, address = signed_in(getattr(world, who)), reverse("portal:survey", args=[invitation.shipment.number])
    assert client.get(address).status_code == 404
    assert client.post(address, {"score": 10}).status_code == 404
    assert not Answer.objects.exists()


def test_who_is_not_logged_in_is_asked_to(client, invitation):
    answered = client.get(reverse("portal:survey", args=[invitation.shipment.number]))
    assert answered.status_code == 302
    assert "login" in answered.url


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_with_scripts_the_second_question_appears_and_follows_the_score(page, accessible, link):
    page.goto(link)
    page.get_by_role("radio", name="3", exact=True).check()
    page.get_by_text("What went wrong").wait_for()
    page.get_by_label("What went wrong").fill("Two boxes were wet.")
    page.get_by_role("radio", name="10", exact=True).check()
    page.get_by_text("What did we do well").wait_for()
    assert page.locator("textarea").input_value() == "Two boxes were wet."
    page.wait_for_timeout(1100)
    page.get_by_role("button", name="Send my answer").click()
    page.get_by_role("heading", name="Thank you").wait_for()
    assert Answer.objects.get().score == 10
    accessible(page)
