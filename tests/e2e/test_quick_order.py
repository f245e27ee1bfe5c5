"""The quick order as a till: a scanner types a code and presses Enter; what waits is mended in its row."""

import pytest
from playwright.sync_api import expect

from apps.catalogue.models import ProductCode
from apps.ordering.models import CartLine

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def scan(page, code: str) -> None:
    page.keyboard.type(code)
    with page.expect_response("**/quick-order/add/"):
        page.keyboard.press("Enter")
    expect(page.locator("#quick-code")).to_have_value("")  # the page's policy forbids a script that would be polled


def test_scanned_mended_and_into_the_cart(world, page, enter, accessible):
    for product in (world.gloves, world.oil):
        ProductCode.objects.create(product=product, kind="mpn", code="SHARED-1")
    enter(page, world.anna.user)
    page.goto("/quick-order/")
    page.keyboard.type("tv-m8x40")
    page.locator("#quick-answer").get_by_text("Hex bolt M8 x 40").wait_for()
    page.keyboard.press("Enter")
    page.locator("#quick").get_by_text("1 line is ready").wait_for()
    for code in ("SHARED-1", "NO-SUCH-9", "SHARED-1"):
        scan(page, code)
    page.get_by_text("SHARED-1: now 2.").wait_for()
    accessible(page)
    page.get_by_role("button", name="OIL-5L").click()
    page.get_by_text("2 lines are ready").wait_for()
    page.get_by_label("Code, line 3").fill("DRL-18V")
    page.get_by_label("Code, line 3").press("Tab")
    page.get_by_text("3 lines are ready").wait_for()
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Quantity, line 3"
    page.get_by_role("button", name="Put 3 lines into the cart").click()
    page.wait_for_url("**/cart/")
    held = dict(CartLine.objects.values_list("product__sku", "quantity"))
    assert held == {"BLT-M8-40": 100, "OIL-5L": 2, "DRL-18V": 1}
