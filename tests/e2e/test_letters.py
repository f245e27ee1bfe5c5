"""What is asked by mail, as readers of Persian and Thai see it: the letter, its page, the thanks.

On a narrow dark phone and on a wide light screen.
"""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from apps.feedback.sending import send_due
from apps.feedback.services import bring_forward, plan_invitation
from tests.browser import NARROW
from tests.feedback.deliveries import delivered
from tests.world import build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.slow]

SIDEWAYS = "document.documentElement.scrollWidth - innerWidth"
#: The figures of the scale from the left to the right, by where they stand.
FIGURES = """(which) => [...document.querySelectorAll(which)]
    .map((each) => [each.getBoundingClientRect(), each.textContent.trim()])
    .sort(([a], [b]) => Math.round((a.y - b.y) / 20) || a.x - b.x).map(([, text]) => text)"""
#: 1 where the second piece of text stands to the right of the first one in its line, -1 to the left, 0 below.
RUNS = """(pieces) => {
  const where = pieces.map((piece) => {
    const walker = document.createTreeWalker(document.querySelector(".lead"), NodeFilter.SHOW_TEXT);
    for (let node; (node = walker.nextNode()); ) {
      const at = node.data.indexOf(piece), range = document.createRange();
      if (at < 0) continue;
      range.setStart(node, at);
      range.setEnd(node, at + piece.length);
      return range.getBoundingClientRect();
    }
  });
  return Math.abs(where[0].y - where[1].y) > 8 ? 0 : Math.sign(where[1].x - where[0].x);
}"""
ZERO_TO_TEN = [str(figure) for figure in range(11)]


def keep(page, name: str) -> None:
    """A picture to look at, where a folder for them is named."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def letter_to(world, language: str, mailoutbox):
    world.anna.language = language
    world.anna.save()
    now = timezone.now()
    plan_invitation(delivered(world, world.anna, at=now - timedelta(hours=2)).pk, now=now)
    bring_forward(now=now)
    send_due(clock=timezone.now)
    return mailoutbox[-1]


@pytest.mark.parametrize("language, direction", [("fa", "rtl"), ("th", "ltr")])
def test_letter_and_page_in_the_reader_s_script(new_page, accessible, mailoutbox, language, direction):
    letter = letter_to(build(), language, mailoutbox)
    link = "/s/" + letter.body.partition("/s/")[2].split()[0]
    phone = {"viewport": NARROW, "color_scheme": "dark"}
    for size, options in (("wide", {}), ("phone", phone)):
        mail = new_page(**options)
        mail.set_content(letter.alternatives[0].content)
        keep(mail, f"{language}-mail-{size}")
        assert mail.locator("html").get_attribute("dir") == direction
        assert mail.evaluate(SIDEWAYS) <= 0
        assert mail.evaluate(FIGURES, ".score td") == ZERO_TO_TEN
        assert mail.evaluate(RUNS, ["SH-", "PO-77"]) in (0, 1 if direction == "ltr" else -1)

        page = new_page(locale=language, **options)
        page.goto(f"{link}?score=9")
        keep(page, f"{language}-survey-{size}")
        assert page.locator("html").get_attribute("dir") == direction
        assert page.evaluate(SIDEWAYS) <= 0
        assert page.evaluate(FIGURES, ".score-choice") == ZERO_TO_TEN
        accessible(page)
    page.wait_for_timeout(1_100)
    page.locator("[data-vote] .button-primary").click()
    page.wait_for_url(f"**{link}")
    page.locator("[data-vote]").wait_for(state="detached")
    keep(page, f"{language}-thanks-phone")
    assert page.locator("html").get_attribute("dir") == direction
    assert page.evaluate(SIDEWAYS) <= 0
    accessible(page)
