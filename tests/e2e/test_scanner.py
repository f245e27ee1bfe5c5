"""A gateway opens the link of a letter in a browser of its own, and does with scripts what hands do; then a person."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from apps.feedback.models import Answer, Invitation, VoteAttempt
from apps.feedback.sending import send_due
from apps.feedback.services import bring_forward, plan_invitation, settle_votes
from tests.browser import NARROW
from tests.feedback.deliveries import delivered
from tests.world import build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.slow]

SEND = "document.querySelector('[data-vote] .button-primary')"
DETONATIONS = {
    "clicks": f"{SEND}.click()",
    "submits": "document.querySelector('[data-vote]').requestSubmit()",
    "dispatches": f"""['pointerdown', 'mousedown', 'keydown', 'click'].forEach((name) =>
        {SEND}.dispatchEvent(new MouseEvent(name, {{bubbles: true, cancelable: true}})))""",
    "by the labels": f"""document.querySelectorAll('.score-choice').forEach((label) => label.click());
        {SEND}.click()""",
    "the hidden button": "document.querySelector('[name=all]').click()",
}
#: Whether no press of a hand can meet the second button.
UNSEEN = """() => {
  const trap = document.querySelector("[name=all]");
  trap.scrollIntoView();
  const box = trap.getBoundingClientRect();
  return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2) !== trap && trap.tabIndex === -1;
}"""


def a_link(world, mailoutbox) -> str:
    now = timezone.now()
    plan_invitation(delivered(world, world.anna, at=now).pk, now=now)
    bring_forward(now=now)
    send_due(clock=timezone.now)
    return "/s/" + mailoutbox[-1].body.partition("/s/")[2].split()[0]


def minutes_later() -> None:
    settle_votes(now=timezone.now() + timedelta(minutes=4))


def test_scripts_do_not_vote_and_one_press_does(new_page, accessible, mailoutbox):
    link = a_link(build(), mailoutbox)
    sandbox = new_page()
    for detonation in DETONATIONS.values():
        sandbox.goto(f"{link}?score=9")
        assert sandbox.get_by_role("radio", name="9", exact=True).is_checked()  # a script filled it in
        sandbox.wait_for_timeout(1_100)
        with sandbox.expect_navigation():
            sandbox.evaluate(detonation)
    minutes_later()
    assert set(VoteAttempt.objects.values_list("state", flat=True)) == {"unsure", "trapped"}
    assert not Answer.objects.exists()
    ago = timedelta(seconds=40)
    VoteAttempt.objects.update(posted_at=F("posted_at") - ago, opened_at=F("opened_at") - ago)

    reader = new_page(viewport=NARROW, color_scheme="dark")
    reader.goto(f"{link}?score=9")
    reader.get_by_text("It is filled in below").wait_for()
    assert reader.evaluate(UNSEEN)
    accessible(reader)
    reader.wait_for_timeout(1_100)
    reader.get_by_role("button", name="Send my answer").click()
    reader.get_by_role("heading", name="Thank you").wait_for()
    minutes_later()
    assert Answer.objects.get().score == 9


@pytest.mark.parametrize("keys", [["Space"], ["Enter"]], ids=["on the button", "in the form"])
def test_a_keyboard_is_a_hand_too(page, mailoutbox, keys):
    link = a_link(build(), mailoutbox)
    page.goto(f"{link}?score=9")
    page.wait_for_timeout(1_100)
    place = (
        page.get_by_role("button", name="Send my answer") if keys == ["Space"] else page.get_by_role("radio", name="9")
    )
    place.focus()
    for key in keys:
        page.keyboard.press(key)
    page.get_by_role("heading", name="Thank you").wait_for()
    minutes_later()
    assert Answer.objects.get().score == 9


def test_without_scripts_one_choice_and_one_press(new_page, mailoutbox):
    link = a_link(build(), mailoutbox)
    reader = new_page(java_script_enabled=False)
    reader.goto(f"{link}?score=4")
    assert reader.get_by_role("radio", checked=True).count() == 0
    reader.get_by_text("programs that check mail press every link").wait_for()
    reader.get_by_role("radio", name="4", exact=True).check(force=True)
    reader.wait_for_timeout(1_100)
    reader.get_by_role("button", name="Send my answer").click()
    reader.get_by_role("heading", name="Thank you").wait_for()
    minutes_later()
    assert Answer.objects.get().score == 4
    assert Invitation.objects.get().state == "answered"
