"""Enter in the words beside a yes and a no, with a real browser: it makes a new line, and decides nothing."""

import pytest
from django.urls import reverse

from apps.ordering.models import Order
from tests.ordering.trade import place

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_a_no_and_enter_do_not_approve(page, enter, accessible):
    from tests.world import build

    world = build()
    order = place(world, world.anna, (world.oil, 40))
    enter(page, world.boris.user)
    page.goto(reverse("portal:approvals"))

    page.get_by_label("A word to the buyer").fill("No, much too expensive")
    page.keyboard.press("Enter")

    assert page.url.endswith(reverse("portal:approvals"))
    assert page.get_by_label("A word to the buyer").input_value() == "No, much too expensive\n"
    accessible(page)
    page.get_by_role("button", name="Decline").click()
    page.get_by_text("is declined").first.wait_for()
    assert Order.objects.get(pk=order.pk).status == "declined"
