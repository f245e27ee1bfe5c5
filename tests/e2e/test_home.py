"""Home in a real browser: readable in a customer's own colours, arranged from the keyboard, a call asked for."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.accounts.selectors import actor_for
from apps.accounts.services.branding import Look, set_branding
from apps.fulfilment.models import Shipment, ShipmentLine
from apps.insights.models import Greeting, GreetingText
from apps.invoicing.models import Invoice
from apps.ordering.models import CostCentre
from tests.accounts.test_branding import a_logo
from tests.browser import NARROW
from tests.ordering.trade import place

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def world(settings, tmp_path):
    """The named world with something on everybody's home, in the customer's own look."""
    from tests.world import build

    settings.MEDIA_ROOT = str(tmp_path)
    world, today = build(), timezone.localdate()
    look = Look(accent="#b0413e", greeting_name="Brightwater", logo=a_logo())
    set_branding(actor_for(world.rhea.user), world.brightwater, look, now=timezone.now())
    made = Greeting.objects.create(name="Spring", trigger="days", from_on=today, until_on=today)
    GreetingText.objects.create(greeting=made, title="Good to have you, {contact}", body="Five years together.")
    for at, (product, quantity) in enumerate(((world.bolt, 500), (world.gloves, 12), (world.oil, 2))):
        _arrives(place(world, world.anna, (product, quantity), (world.oil, 1)), today + timedelta(days=at - 1))
    place(world, world.anna, (world.oil, 40))
    CostCentre.objects.create(account=world.brightwater, code="4100", name="Facilities", period="year", budget=5000)
    for at, due in enumerate((-3, 5, 20)):
        Invoice.objects.create(
            number=f"IN-{at}", account=world.brightwater, issued_on=today, due_on=today + timedelta(days=due),
            currency="GBP", net=100, tax=20, gross=120, discount_percent=2, discount_until=today + timedelta(days=due),
        )  # fmt: skip
    return world


def _arrives(order, on) -> None:
    shipment = Shipment.objects.filter(order=order).first() or Shipment.objects.create(
        number=f"S{order.number}", order=order, account=order.account, created_at=timezone.now(), carrier="Northern"
    )
    Shipment.objects.filter(pk=shipment.pk).update(status="shipped", promised_on=on, expected_on=None)
    for line in order.lines.all():
        ShipmentLine.objects.get_or_create(shipment=shipment, order_line=line, defaults={"quantity": line.quantity})


def test_every_home_can_be_read_light_and_dark_wide_and_narrow(world, new_page, enter, accessible):
    for who, options in (
        ("anna", {}),
        ("boris", {"color_scheme": "dark"}),
        ("fiona", {"viewport": NARROW}),
        ("rick", {"viewport": NARROW, "color_scheme": "dark"}),
    ):
        page = new_page(**options)
        enter(page, getattr(world, who).user)
        page.goto(reverse("portal:home"))
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_home_is_arranged_from_the_keyboard_without_scripts(world, new_page, enter):
    page = new_page(java_script_enabled=False, viewport=NARROW)
    enter(page, world.rick.user)
    page.goto(reverse("portal:arrange_home"))
    page.get_by_role("button", name="Move down: Arriving today and tomorrow").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name=re.compile("Hide.*Open orders")).press("Enter")

    names = page.locator(".arrange .rows-main").all_inner_texts()
    assert names[1].startswith("Arriving") and any("not shown" in name for name in names)


def test_a_call_is_asked_for_and_shown(world, page, enter, accessible):
    enter(page, world.anna.user)
    page.goto(reverse("portal:home"))
    page.get_by_role("link", name="Ask for a call").click()
    page.locator("input[name=window]").last.check()
    page.get_by_label("On which number").fill("+44 113 496 0122")
    accessible(page)
    page.get_by_role("button", name="Call me").click()

    page.get_by_text("calls you on").first.wait_for()
    accessible(page)
    page.goto(reverse("portal:home"))
    assert page.get_by_role("link", name="Rhea calls you").is_visible()
