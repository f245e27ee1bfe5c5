import time
from datetime import timedelta
from itertools import count

import pytest
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import trans_real

from apps.accounts.models import Account, Contact
from apps.accounts.selectors import unmailable
from apps.feedback.models import Answer, AnswerRevision, Invitation, VoteAttempt
from apps.feedback.models.programmes import QUESTION
from apps.feedback.sending import send_due
from apps.feedback.services import bring_forward, plan_invitation, plan_invitations, settle_votes
from apps.portal import surveys
from tests.feedback.deliveries import delivered

loads = count(1)


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


def page_seen(seconds_ago: float, kind: str = "first", pressed="", asked=None) -> str:
    """What the page carries that was opened so long ago, by the link of that score."""
    asked, opened = asked or Invitation.objects.get(), time.time() - seconds_ago
    return surveys._PAGE.sign(f"{asked.pk}@{kind}@{opened:.2f}@{next(loads)}@{pressed}")


def minutes_later() -> None:
    settle_votes(now=timezone.now() + timedelta(minutes=4))


def sent_long_ago(minutes: int = 10) -> None:
    """As if letters had been handed over before, and what came since then with them."""
    ago = timedelta(minutes=minutes)
    Invitation.objects.update(sent_at=F("sent_at") - ago, claimed_at=F("claimed_at") - ago)
    VoteAttempt.objects.update(posted_at=F("posted_at") - ago, opened_at=F("opened_at") - ago)


def post(client, address, *, after=30, **said):
    """Press a score in the mail, choose it on the page, without scripts, and send it so many seconds later."""
    pressed = said.get("score", 5)
    assert fields_of(client.get(address, {"score": pressed}))["page"]
    return client.post(address, {"page": page_seen(after, pressed=pressed), **said})


def test_from_the_mail_to_the_thanks(client, link):
    asked = client.get(link)
    assert "How likely are you to recommend us" in asked.text
    assert "What makes you say so?" in asked.text
    pressed = client.get(link, {"score": "3"})
    assert "What went wrong" in pressed.text and "You pressed 3 in the mail" in pressed.text
    assert "checked" not in pressed.text.partition("score-scale")[2].partition("</fieldset>")[0]
    done = post(client, link, score=3, comment="Late <again>", drivers=["delivery", "trust"])
    assert (done.status_code, done.url) == (302, link)
    assert "3 of 10" in client.get(link).text
    minutes_later()
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
    answered = post(client, link, after=-0.5, score=10, comment="Fine.")
    assert "Is 10 your answer?" in answered.text
    found = fields_of(answered)
    assert client.post(link, {**found, "page": page_seen(1.1, "again")}).status_code == 422  # no number is filled in
    minutes_later()
    assert not Answer.objects.exists()
    assert client.post(link, {**found, "page": page_seen(1.1, "again"), "score": 10}).status_code == 302
    minutes_later()
    assert (Answer.objects.get().score, Answer.objects.get().comment) == (10, "Fine.")


@pytest.mark.parametrize("page", ["", "1@0", "999@1.0:forged"])
def test_a_form_that_no_page_was_issued_for_does_not_count(client, link, page):
    assert "your answer?" in client.post(link, {"score": 10, "page": page}).text
    minutes_later()
    assert not Answer.objects.exists()


def test_the_first_answer_locks_until_somebody_asks_to_change_it(client, link):
    post(client, link, score=9)
    minutes_later()
    again = client.post(link, {"score": 0, "page": page_seen(30)})
    assert "9 of 10" in again.text
    assert list(Answer.objects.values_list("score", flat=True)) == [9]

    change = client.get(link, {"change": "1"})
    assert "You gave 9 of 10" in change.text
    assert "score" not in fields_of(change)
    assert client.post(link, {"score": 4, "page": page_seen(30, "change")}).status_code == 302
    assert "4 of 10" in client.get(link).text
    assert list(AnswerRevision.objects.values_list("old_score", "new_score", "number")) == [(9, 4, 2)]

    Answer.objects.update(answered_at=timezone.now() - timedelta(hours=25))
    assert "Change my answer" not in client.get(link).text
    assert "You gave" not in client.get(link, {"change": "1"}).text
    assert client.post(link, {"score": 10, "page": page_seen(30, "change")}).status_code == 409


def test_a_slip_of_the_finger_is_asked_about_in_clear_words_and_put_right(client, link):
    post(client, link, score=3)
    changed = client.get(link, {"change": "1"})
    assert "You gave 3 of 10" in changed.text
    slip = client.post(link, {"score": 9, "page": page_seen(20)})  # back, and another number on the page of before
    assert "Which number is yours?" in slip.text
    assert "3, 9" in slip.text
    assert "3, 9" in client.get(link).text
    VoteAttempt.objects.update(posted_at=timezone.now() - timedelta(seconds=5))
    assert client.post(link, {"score": 9, "page": page_seen(3, "again")}).status_code == 302
    minutes_later()
    assert Answer.objects.get().score == 9


SCRIPTS = {"touched": "0"}  # what the page's script sends where nothing touched the page
EVERY = [("post", {"after": 20, "score": score, **SCRIPTS}) for score in range(11)]
SCANNERS = {
    "prefetch": [("get", {}), ("get", {"headers": {"Purpose": "prefetch"}})],
    "head": [("head", {}), ("head", {})],
    "opens each link": [("get", {"data": {"score": score}}) for score in range(11)],
    "with scripts": [("get", {"data": {"score": score}, "headers": {"HX-Request": "true"}}) for score in range(11)],
    "opens a number, waits, sends the form as it is": [("get", {"data": {"score": 9}}), ("found", {"after": 5})],
    "with scripts, waits, sends what they filled in": [("post", {"after": 20, "score": 9, "pressed": 9, **SCRIPTS})],
    "the same, and what it is asked again": [
        ("post", {"after": 20, "score": 9, "pressed": 9, **SCRIPTS}), ("found", {"after": 20, "score": 9, **SCRIPTS}),
    ],
    "with scripts, presses every figure": EVERY,
    "presses every button": [*EVERY, ("post", {"after": 20, "score": 10, "all": "1", **SCRIPTS})],
    "presses every button without scripts": [
        ("post", {"after": 5, "score": 9, "pressed": 9}), ("post", {"after": 5, "score": 9, "pressed": 9, "all": "1"}),
    ],
    "presses with a hand of its own, and every button": [
        ("post", {"after": 5, "score": 9, "touched": "2"}), ("post", {"after": 9, "all": "1", "touched": "4"}),
    ],
    "takes the first figure on every link": [
        ("post", {"after": 5, "score": 0, "pressed": pressed}) for pressed in range(11)
    ],
    "sends the form at once": [("post", {"after": 0.2, "score": 7})],
    "sends it, then what it is asked again": [("post", {"after": 0.2, "score": 7}), ("found", {"after": 3})],
    "waits, then sends all numbers": [("post", {"after": 2, "score": score, "pressed": score}) for score in range(11)],
    "waits, and sends two": [("post", {"after": 2, "score": 0}), ("post", {"after": 2, "score": 1})],
    "sends all, then all again": [
        step for score in range(11) for step in (("post", {"after": 2, "score": score}), ("found", {"after": 2}))
    ],
    "uses one page for all": [("post", {"after": 2, "score": score, "page": "one"}) for score in range(11)],
}  # fmt: skip
MINUTES_LATE = (
    "opens a number, waits, sends the form as it is",
    "with scripts, waits, sends what they filled in",
    "presses every button",
    "presses every button without scripts",
)


def play(client, link, trace) -> None:
    """Do to a link what a program was seen to do."""
    pages, last = {}, None
    for method, what in trace:
        sent = {name: what[name] for name in ("score", "all", "touched") if name in what}
        if method == "post":
            seen = page_seen(what["after"], pressed=what.get("pressed", ""))
            last = client.post(link, {**sent, "page": pages.setdefault(what.get("page", seen), seen)})
        elif method == "found":  # the form that came back, if one did, sent as it was found
            if last.status_code != 302:
                kind = "again" if last.request["REQUEST_METHOD"] == "POST" else "first"
                last = client.post(link, {**fields_of(last), **sent, "page": page_seen(what["after"], kind)})
        else:
            last = getattr(client, method)(link, **what)


@pytest.mark.parametrize("name, minutes", [*((name, 0) for name in SCANNERS), *((name, 5) for name in MINUTES_LATE)])
def test_a_program_that_checks_mail_never_votes_and_the_person_after_it_does(client, link, name, minutes):
    sent_long_ago(minutes)
    play(client, link, SCANNERS[name])
    minutes_later()
    assert not Answer.objects.exists()

    sent_long_ago()
    asked = client.get(link, {"score": 8})
    assert asked.status_code == 200
    kind = "again" if asked.context.get("contested") else "first"
    assert client.post(link, {"score": 8, "page": page_seen(20, kind, 8)}).status_code == 302
    minutes_later()
    assert Answer.objects.get().score == 8


@pytest.mark.parametrize("minutes", [0, 5])
@pytest.mark.parametrize("touched", ["", "1"], ids=["without scripts", "by hand"])
def test_a_person_presses_in_the_mail_and_once_more_on_the_page(client, link, minutes, touched):
    play(client, link, SCANNERS["with scripts, waits, sends what they filled in"])  # of which a person hears nothing
    sent_long_ago(minutes)
    if minutes == 0 and not touched:  # within seconds of a machine, without anything that tells the two apart
        VoteAttempt.objects.all().delete()
    assert not client.get(link, {"score": 9}).context.get("contested")
    assert client.post(link, {"score": 9, "touched": touched, "page": page_seen(4, pressed=9)}).status_code == 302
    minutes_later()
    assert Answer.objects.get().score == 9


def test_what_nothing_touched_is_asked_again_in_clear_words_with_a_way_out(client, link):
    asked = client.post(link, {"score": 9, "comment": "Fine.", "touched": "0", "page": page_seen(20, pressed=9)})
    assert "Is 9 your answer?" in asked.text
    assert "Nothing showed us that a person sent it" in asked.text
    assert reverse("portal:asked", args=[Invitation.objects.get().pk]) in asked.text
    assert (VoteAttempt.objects.get().state, fields_of(asked)["comment"]) == ("unsure", "Fine.")
    again = {"score": 9, "comment": "Fine.", "page": page_seen(3, "again")}
    assert "Is 9 your answer?" in client.post(link, {**again, "touched": "0"}).text
    again["page"] = page_seen(3, "again")
    assert client.post(link, {**again, "touched": "3"}).status_code == 302
    minutes_later()
    assert (Answer.objects.get().score, Answer.objects.get().comment) == (9, "Fine.")


def test_nothing_counts_while_the_letter_is_new(client, link):
    post(client, link, score=9, touched="2")
    assert "Thank you" in client.get(link).text
    settle_votes(now=timezone.now() + timedelta(minutes=2))
    assert not Answer.objects.exists()
    minutes_later()
    assert Answer.objects.get().score == 9


def test_no_machine_changes_what_a_person_said(client, link):
    post(client, link, score=9)
    minutes_later()
    assert "You gave" not in client.get(link).text
    asked = client.post(link, {"score": 2, "touched": "0", "page": page_seen(30, "change")})
    assert "Is 2 your answer?" in asked.text and "Nothing showed us" in asked.text
    client.post(link, {"score": 2, "all": "1", "touched": "0", "page": page_seen(30, "change")})
    assert (Answer.objects.get().score, AnswerRevision.objects.count()) == (9, 0)


def test_how_often_it_was_touched(rf):
    told = ["", "0", "12", "99999", "-1", "x", None]
    sent = [rf.post("/", {} if each is None else {"touched": each}) for each in told]
    assert [surveys._touches_of(each) for each in sent] == [None, 0, 12, 999, None, None, None]


def test_the_links_of_forty_people_opened_at_once_are_no_vote(client, world, mailoutbox):
    now, people = timezone.now(), []
    for number in range(40):
        account = Account.objects.create(number=f"K-{number}", name=f"Kestrel {number}")
        people.append(Contact.objects.create(account=account, name=f"K {number}", email=f"k{number}@kestrel.example"))
    plan_invitations([delivered(world, person, at=now).pk for person in people], now=now)
    bring_forward(now=now)
    send_due(clock=timezone.now)
    asked = list(Invitation.objects.filter(state="sent").select_related("contact"))
    links = {sent.to[0]: "/s/" + sent.body.partition("/s/")[2].split()[0] for sent in mailoutbox}
    for each in asked:
        sent = {"score": 9, "touched": "0", "page": page_seen(20, pressed=9, asked=each)}
        assert client.post(links[each.contact.email], sent).status_code == 200
    minutes_later()
    assert len(asked) == VoteAttempt.objects.filter(state="unsure").count() == 40
    assert not Answer.objects.exists()


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
    assert "It holds for every question" in client.get(f"{link}stop/").text
    client.get(f"{link}stop/")
    client.post(f"{link}stop/")  # a scanner that posts without the words
    assert not objects(world.anna)
    strict = type(client)(enforce_csrf_checks=True)
    assert strict.post(f"{link}stop/", {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert objects(world.anna)
    stopped = client.get(f"{link}stop/").text
    assert "We ask you no more" in stopped and "no further questions about how we do" in stopped


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


def test_an_answer_given_in_the_portal_counts_at_once_and_can_be_changed_there(world, signed_in, invitation):
    anna, address = signed_in(world.anna), reverse("portal:survey", args=[invitation.shipment.number])
    assert "Is 2 your answer?" in post(anna, address, after=0.2, score=2).text
    post(anna, address, score=2)
    assert Answer.objects.get().score == 2
    assert "You gave 2 of 10" in anna.get(address, {"change": "1"}).text
    assert anna.post(address, {"score": 8, "page": page_seen(5, "change")}).status_code == 302
    assert AnswerRevision.objects.values_list("old_score", "new_score", "channel").get() == (2, 8, "portal")


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
    minutes_later()
    assert Answer.objects.get().score == 10
    accessible(page)


def test_consent_page_admin_and_stop_page_name_every_kind_of_question(client, link, world, signed_in):
    kinds = "after a delivery, a case or a first order, every half-year, and after a long silence"
    pages = [
        signed_in(world.anna).get(reverse("portal:my_data")),
        signed_in(world.otto).get(reverse("admin:accounts_countryconsent_add")),
        client.get(f"{link}stop/"),
    ]
    assert [kinds in page.text.lower() for page in pages] == [True] * 3
    assert "questions about deliveries" not in "".join(page.text.lower() for page in pages)
