"""What scripts and styles do on the page of components: in a real browser, in both schemes and directions."""

import pytest

from tests.browser import NARROW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_the_demo(settings):
    settings.MAILBOX_DIR = "somewhere"


@pytest.mark.parametrize(
    "query", ["?theme=light", "?theme=dark", "?dir=rtl", "?page=login", "?page=refusal", "?page=workspace"]
)
def test_all_of_it_is_accessible(new_page, accessible, query):
    page = new_page(reduced_motion="reduce")
    page.goto(f"/styleguide/{query}")
    accessible(page)


@pytest.mark.parametrize("query", ["", "?dir=rtl", "?page=login", "?page=workspace"])
def test_nothing_is_wider_than_a_phone(new_page, query):
    page = new_page(viewport=NARROW)
    page.goto(f"/styleguide/{query}")
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]


def test_a_form_is_sent_once_however_often_its_button_is_pressed(page):
    page.goto("/styleguide/")
    posts = []
    page.route(
        "**/styleguide/", lambda route: posts.append(route) if route.request.method == "POST" else route.continue_()
    )
    form = page.locator("form.add").first
    form.evaluate("form => { for (let press = 0; press < 3; press += 1) form.querySelector('button').click(); }")
    assert form.get_attribute("aria-busy") == "true"
    assert len(posts) == 1
    posts[0].fulfill(status=204)
    page.locator("form[aria-busy]").wait_for(state="detached")


def test_a_question_answered_no_sends_nothing(page):
    page.goto("/styleguide/")
    page.evaluate("document.querySelector('form.add').dataset.confirm = 'Really?'")
    page.on("dialog", lambda dialog: dialog.dismiss())
    page.locator("form.add button").first.click()
    assert page.locator("form.add").first.get_attribute("aria-busy") is None


def test_quantities_step_by_packs(page):
    page.goto("/styleguide/")
    field = page.locator("[data-quantity]").first
    field.get_by_label("More").click()
    assert field.locator("input").input_value() == "400"


def test_the_slash_goes_to_the_search_and_escape_closes_the_menu(page):
    page.goto("/styleguide/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.locator(".menu-account summary").click()
    page.keyboard.press("Escape")
    assert page.locator(".menu-account").get_attribute("open") is None


def test_the_chosen_scheme_stays(page):
    page.goto("/styleguide/")
    page.locator(".menu-account summary").click()
    page.get_by_label("Dark").click()
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


def test_the_navigation_opens_on_a_phone_without_scripts(new_page):
    page = new_page(viewport=NARROW, java_script_enabled=False)
    page.goto("/styleguide/")
    catalogue = page.locator("#nav").get_by_text("Catalogue")
    assert not catalogue.is_visible()
    page.get_by_label("Menu").click()
    assert catalogue.is_visible()
