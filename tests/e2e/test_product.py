"""The page of a product in a browser: read by axe in both schemes, and usable without scripts."""

import pytest

from apps.accounts.selectors import actor_for
from apps.cases.services import answer_question, ask_question
from apps.feedback.services import show_review, write_review
from tests.browser import NARROW, WIDE
from tests.feedback.deliveries import delivered
from tests.portal.test_product import furnish

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
PAGE = "/p/BLT-M8-40/"


@pytest.fixture
def furnished(world, settings, tmp_path):
    """A bolt with everything, a review and an answer."""
    settings.MEDIA_ROOT = str(tmp_path)
    (tmp_path / "products").mkdir()
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'
    (tmp_path / "products" / "x.svg").write_text(drawing)
    furnish(world, 2)
    delivered(world, world.anna, days_ago=20)
    anna, now = actor_for(world.anna.user), world.now
    said = "Two hundred fitted and not one of them stripped."
    show_review(
        actor_for(world.otto),
        write_review(anna, world.bolt, stars=4, title="Good", body=said, now=now),
        now=now,
    )
    asked = ask_question(anna, world.bolt, body="Can it be tightened with an impact driver?", now=now)
    answer_question(actor_for(world.rhea.user), asked, body="Yes, at 20 Nm.", in_public=True, now=now)
    return world


def come_to(page, section: str) -> None:
    """Scroll there at once: a section may be replaced by what is fetched for it while the browser still moves."""
    page.evaluate("section => document.getElementById(section).scrollIntoView()", section)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_everything_on_it_can_be_read_by_everybody(scheme, size, furnished, new_page, enter, accessible):
    page = new_page(viewport=size, color_scheme=scheme)
    enter(page, furnished.anna.user)
    page.goto(PAGE)
    come_to(page, "reviews")
    page.get_by_text("Two hundred fitted").wait_for()
    come_to(page, "questions")
    page.get_by_text("Yes, at 20 Nm.").wait_for()
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_by_when_how_much_arrives_is_answered_in_place(furnished, page, enter):
    enter(page, furnished.anna.user)
    page.goto(PAGE)
    page.fill("#schedule-quantity", "9000")
    page.locator("#schedule").get_by_role("button", name="Show dates").click()
    page.get_by_text("How 9,000 would arrive").wait_for()
    assert page.url.endswith(PAGE)


def test_without_scripts_each_part_has_a_page_of_its_own(furnished, new_page, enter):
    page = new_page(java_script_enabled=False)
    enter(page, furnished.anna.user)
    page.goto(PAGE)
    page.locator("#reviews").get_by_role("link").first.click()
    page.get_by_text("Two hundred fitted").wait_for()
    page.goto(PAGE)
    page.fill("#schedule-quantity", "9000")
    page.locator("#schedule").get_by_role("button", name="Show dates").click()
    page.get_by_text("How 9,000 would arrive").wait_for()
    page.goto(PAGE)
    page.locator("#questions").get_by_role("link").click()
    page.get_by_text("Yes, at 20 Nm.").wait_for()
    page.goto(PAGE)
    page.fill("#lot", "H25-101")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="H25-101").wait_for()
    assert page.get_by_role("link", name="H25-100").count() == 0
