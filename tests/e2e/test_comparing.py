"""Marks in the listing that lead to the comparison: with scripts across pages, without them from one page."""

import pytest

from tests.browser import NARROW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def mark(page, sku: str) -> None:
    page.locator(f'input[form="compare"][value="{sku}"]').check()


def test_marks_outlive_the_page_and_the_comparison_is_accessible(world, page, enter, accessible):
    enter(page, world.anna.user)
    page.goto("/catalogue/?q=bolt")
    bar = page.locator("#compare")
    assert bar.is_hidden()
    mark(page, "BLT-M8-40")
    page.get_by_text("Marked to compare: 1 / 6").wait_for()
    page.goto("/catalogue/?q=oil")
    page.get_by_text("Marked to compare: 1 / 6").wait_for()
    mark(page, "OIL-5L")
    accessible(page)
    bar.get_by_role("button", name="Compare").click()
    page.get_by_role("heading", name="Compare").wait_for()
    assert page.locator("table.compare thead th").count() == 2
    accessible(page)
    page.get_by_role("link", name="Take out Hydraulic oil 5 litres").click()
    page.get_by_text("Add another product to see what differs.").wait_for()
    page.goto("/catalogue/?q=oil")
    page.get_by_text("Marked to compare: 1 / 6").wait_for()
    bar.get_by_role("button", name="Clear").click()
    assert bar.is_hidden()


def test_it_works_without_scripts_and_on_a_phone(world, new_page, enter):
    page = new_page(java_script_enabled=False, viewport=NARROW)
    enter(page, world.anna.user)
    page.goto("/catalogue/?q=bolt")
    for sku in ("BLT-M8-40", "BLT-M8-60"):
        mark(page, sku)
    page.locator("#compare").get_by_role("button", name="Compare").click()
    assert page.url.endswith("/compare/?sku=BLT-M8-40&sku=BLT-M8-60")
    first = page.locator("table.compare tbody th").first
    before = first.bounding_box()["x"]
    page.locator(".compare-scroll").evaluate("each => each.scrollLeft = 150")
    assert first.bounding_box()["x"] == pytest.approx(before, abs=1)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_the_form_for_what_was_not_found_is_accessible(world, page, enter, accessible):
    enter(page, world.anna.user)
    page.goto("/catalogue/?q=unobtainium+seal")
    accessible(page)
    page.get_by_label("How many?").fill("12")
    page.get_by_role("button", name="Ask your rep to find it").click()
    page.get_by_role("heading", name="To find: unobtainium seal").wait_for()
    accessible(page)
