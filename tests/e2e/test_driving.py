"""The driver's page of a stop: whatever is filled in stands free, also above a keyboard on the screen (WCAG 2.4.11)."""

import pytest
from django.urls import reverse

from apps.core.scoping import SYSTEM
from apps.fulfilment.models import Proof
from apps.fulfilment.services import plan_tour, token_of
from tests.ordering.trade import shipped
from tests.world import build

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
PHONE, SMALL, ABOVE_A_KEYBOARD = (390, 844), (320, 568), (390, 400)

#: Of the element that has the focus: whether its corners and its middle show nothing but itself.
FREE = """() => {
  const it = document.activeElement, box = it.getBoundingClientRect();
  const name = it.id || it.tagName, out = box.top < -1 || box.bottom > innerHeight + 1;
  if (it === document.body || out) return `${name} is out of sight: ${box.top} to ${box.bottom} of ${innerHeight}`;
  for (const x of [box.left + 2, box.left + box.width / 2, box.right - 2])
    for (const y of [box.top + 2, box.top + box.height / 2, box.bottom - 2]) {
      const above = document.elementFromPoint(x, y);
      if (above !== it && !it.contains(above)) return `${name} is under ${above?.outerHTML.slice(0, 80)}`;
    }
  return "";
}"""


def covered(page) -> str:
    """What covers the element that has the focus, once the page has scrolled to it."""
    for _look in range(20):
        if not (said := page.evaluate(FREE)):
            return ""
        page.wait_for_timeout(50)
    return said


def test_nothing_covers_what_the_driver_fills_in(new_page, enter, accessible):
    world = build()
    _order, [shipment, *_rest] = shipped(world, world.anna, (world.gloves, 2), (world.bolt, 100))
    desk = new_page()
    enter(desk, world.otto)
    desk.goto(reverse("admin:fulfilment_shipment_changelist"))
    wide = "(it => it.scrollWidth - it.clientWidth)(document.querySelector('.results'))"
    assert desk.evaluate(wide) == 0  # the list of shipments need not be pushed sideways
    tour = plan_tour(SYSTEM, [shipment], driver="Dan", now=world.now)
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True, reduced_motion="reduce")
    page.goto(f"/drive/{token_of(tour)}/{shipment.number}/")
    accessible(page)
    page.get_by_text("Something is not right").first.click()
    for width, height in (PHONE, SMALL, ABOVE_A_KEYBOARD):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.evaluate("scrollTo(0, 0)")
        page.locator("details summary").first.focus()
        for _field in range(12):
            page.keyboard.press("Tab")
            assert covered(page) == "", (width, height)
            if page.evaluate("document.activeElement.classList.contains('drive-done')"):
                break
        else:
            pytest.fail("the button that ends the stop was never reached")
        page.locator("#received_by").focus()
        assert covered(page) == "", (width, height)
    page.keyboard.type("Rick")
    page.get_by_role("button", name="Handed over").click()
    page.get_by_text("is handed over").first.wait_for()
    assert Proof.objects.get().received_by == "Rick"
