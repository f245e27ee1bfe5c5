"""The whole of it, with a real browser, broker and worker: a buyer orders, operations deliver, the worker asks, the
buyer answers 3, and the rep finds a case."""

import re
from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from apps.feedback.models import VoteAttempt
from apps.feedback.services import bring_forward
from apps.ordering.models import Order
from config.launcher.processes import until
from tests.processes import celery_worker, mail_sink

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def buyer_orders(page, accessible) -> str:
    """The number of the order that Anna places."""
    page.goto("/")
    accessible(page)
    page.fill("input[name=q]", "nitrile gloves")
    page.keyboard.press("Enter")
    page.get_by_role("link", name=re.compile("Nitrile gloves")).first.click()
    accessible(page)
    with page.expect_response("**/offer/**"):
        page.get_by_label(re.compile("^Quantity")).first.fill("20")
        page.keyboard.press("Tab")
    page.get_by_text("20 come to").or_(page.get_by_text("£158.00")).first.wait_for()
    page.get_by_role("button", name="Add to cart").click()
    page.locator("#toasts .toast").wait_for()
    page.goto("/cart/")
    page.get_by_text("£158.00").first.wait_for()
    accessible(page)
    page.goto("/checkout/")
    page.get_by_label("Your PO number").fill("PO 4711")
    accessible(page)
    page.get_by_role("button", name="Place the order").click()
    page.get_by_role("heading", name="Thank you").wait_for()
    accessible(page)
    return re.search(r"SO-\d+", page.content())[0]


def operations(page, path: str, action: str) -> None:
    """Choose everything on a list of the admin and do one thing with it."""
    page.goto(f"/admin/{path}/")
    page.locator("#action-toggle").check()
    page.locator("select[name=action]").select_option(action)
    page.locator("button[name=index]").click()
    page.locator(".messagelist .success").wait_for()


def test_from_an_order_to_a_case(world, page, new_page, enter, accessible):
    with mail_sink() as sink, celery_worker(beat=True, EMAIL_URL=sink.url) as worker:

        def letter(to: str, words: str):
            def found():
                return [m for m in list(sink.messages) if m["To"] == to and words in m["Subject"].lower()]

            until(found, worker.child, seconds=60)
            return found()[0]

        enter(page, world.anna.user)
        number = buyer_orders(page, accessible)
        assert number in letter(world.anna.email, "order").get_body(("plain",)).get_content()

        desk = new_page()
        enter(desk, world.otto)
        operations(desk, "ordering/order", "confirm")
        order = Order.objects.get(number=number)
        until(order.shipments.exists, worker.child, seconds=30)
        operations(desk, "fulfilment/shipment", "dispatch_now")
        until(order.invoices.exists, worker.child, seconds=30)
        operations(desk, "fulfilment/shipment", "deliver_in_full")
        shipment = order.shipments.get()
        until(shipment.invitations.filter(state="planned").exists, worker.child, seconds=30)
        page.goto(f"/orders/{number}/")
        page.get_by_text("Delivered").first.wait_for()
        accessible(page)

        bring_forward(now=timezone.now())
        mail = letter(world.anna.email, "deliver")
        link = re.search(r"http://testserver(/s/\S+?/)\s", mail.get_body(("plain",)).get_content())[1]
        until(shipment.invitations.filter(state="sent").exists, worker.child, seconds=30)

        visitor = new_page()
        visitor.goto(link)
        accessible(visitor)
        visitor.get_by_label("3", exact=True).check(force=True)
        visitor.get_by_label("What went wrong").wait_for()
        accessible(visitor)
        visitor.get_by_label("What went wrong").fill("Two boxes were open.")
        visitor.wait_for_timeout(1_100)
        visitor.get_by_role("button", name="Send my answer").click()
        visitor.get_by_role("heading", name=re.compile("Thank you")).wait_for()
        accessible(visitor)
        ago = timedelta(minutes=4)  # as if nothing else had come
        shipment.invitations.update(sent_at=F("sent_at") - ago)
        VoteAttempt.objects.update(posted_at=F("posted_at") - ago, opened_at=F("opened_at") - ago)
        until(order.cases.exists, worker.child, seconds=30)

    desk = new_page()
    enter(desk, world.rhea.user)
    desk.goto("/workspace/")
    accessible(desk)
    desk.get_by_text("Brightwater Facilities").first.wait_for()
    desk.goto(f"/workspace/cases/{order.cases.get().number}/")
    desk.get_by_text("Two boxes were open.").first.wait_for()
    accessible(desk)
