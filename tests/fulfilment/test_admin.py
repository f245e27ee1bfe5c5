"""Operations' day in the admin: confirm, ship, deliver, book the payment."""

from datetime import timedelta

import pytest
from django.urls import reverse

from apps.core.scoping import SYSTEM
from apps.fulfilment.models import Shipment
from apps.fulfilment.services import confirm_delivery
from apps.invoicing.models import Invoice
from apps.invoicing.services import issue_invoice
from apps.ordering.models import Order, OrderLine
from apps.pricing.models import AccountTerms
from tests.ordering.trade import confirmed, place, shipped


@pytest.fixture
def desk(world, signed_in):
    return signed_in(world.otto)


def act(desk, model, action, *rows):
    app = model._meta.app_label
    url = reverse(f"admin:{app}_{model._meta.model_name}_changelist")
    response = desk.post(url, {"action": action, "_selected_action": [row.pk for row in rows]}, follow=True)
    return response, [str(message) for message in response.context["messages"]]


def test_orders_are_confirmed_and_a_refusal_is_said_beside_what_was_done(world, desk):
    one, other = place(world), place(world, world.anna, (world.oil, 40))  # the other waits for its approver
    _response, said = act(desk, Order, "confirm", one, other)
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.status, other.status) == ("confirmed", "awaiting_approval")
    assert any(f"Confirmed 1: {one.number}" in words for words in said)
    assert any(f"{other.number}: " in words and "awaiting approval" in words for words in said)


def test_a_credit_hold_is_released_or_declined(world, desk):
    AccountTerms.objects.update(credit_limit=10)
    one, other = place(world), place(world)
    act(desk, Order, "release_hold", one)
    act(desk, Order, "decline_hold", other)
    assert list(Order.objects.order_by("id").values_list("status", flat=True)) == ["placed", "declined"]


def test_an_order_is_cancelled(world, desk):
    order = place(world)
    _response, said = act(desk, Order, "cancel", order)
    order.refresh_from_db()
    assert order.status == "cancelled" and "Cancelled 1" in said[0]


def test_shipments_are_dispatched_and_delivered_in_full(world, desk):
    order, [shipment] = confirmed(world)
    act(desk, Shipment, "dispatch_now", shipment)
    act(desk, Shipment, "deliver_in_full", shipment)
    shipment.refresh_from_db()
    order.refresh_from_db()
    assert (shipment.status, order.status) == ("delivered", "delivered")
    _response, said = act(desk, Shipment, "dispatch_now", shipment)
    assert "is already delivered" in said[0]


def test_a_delivery_with_differences_has_a_page_of_its_own(world, desk):
    _order, [shipment] = shipped(world)
    line = shipment.lines.get()
    response, _said = act(desk, Shipment, "deliver_with_differences", shipment)
    page = response.redirect_chain[-1][0]
    assert "GLV-NIT-L" in response.content.decode()
    at = world.now + timedelta(hours=3)
    typed = {
        "received_by": "Rick",
        "delivered_at_0": at.date().isoformat(),
        "delivered_at_1": at.time().isoformat(),
        f"delivered-{line.pk}": "9",
        f"damaged-{line.pk}": "10",
    }
    response = desk.post(page, typed)  # more damaged than delivered
    assert response.status_code == 200 and "cannot be what was received" in response.content.decode()
    desk.post(page, typed | {f"damaged-{line.pk}": "2"})
    shipment.refresh_from_db()
    line.refresh_from_db()
    assert (shipment.status, shipment.received_by) == ("delivered", "Rick")
    assert (line.delivered_quantity, line.damaged_quantity) == (9, 2)
    assert shipment.is_short and shipment.is_damaged


def test_what_was_delivered_is_corrected_and_taken_back_on_pages_of_their_own(world, desk):
    _order, [shipment] = shipped(world)
    line = shipment.lines.get()
    at = world.now + timedelta(hours=3, microseconds=7)
    lines = {line.order_line_id: (6, 1, 2)}
    confirm_delivery(SYSTEM, shipment, received_by="Rick", delivered_at=at, lines=lines, now=at)
    response, _said = act(desk, Shipment, "correct_delivery", shipment)
    page, form = response.redirect_chain[-1][0], response.context["form"]
    said = {name: form[f"{name}-{line.pk}"].value() for name in ("delivered", "damaged")}
    assert (said, form["received_by"].value()) == ({"delivered": 6, "damaged": 1}, "Rick")
    typed = {
        "received_by": "Rick",
        "delivered_at_0": at.date().isoformat(),
        "delivered_at_1": f"{at:%H:%M:%S}",
        f"delivered-{line.pk}": "9",
        f"damaged-{line.pk}": "0",
    }
    assert "This field is required" in desk.post(page, typed).text
    assert "has not come" in desk.post(page, typed | {"delivered_at_0": "2090-01-01", "reason": "Late"}).text
    desk.post(page, typed | {"reason": "Counted anew"})
    line.refresh_from_db()
    shipment.refresh_from_db()
    assert shipment.delivered_at == at
    assert (line.delivered_quantity, line.damaged_quantity, line.refused_quantity) == (9, 0, 1)

    response, _said = act(desk, Shipment, "void_delivery", shipment)
    page = response.redirect_chain[-1][0]
    assert "This field is required" in desk.post(page, {"reason": " "}).text
    OrderLine.objects.filter(pk=line.order_line_id).update(returned_quantity=1)
    assert "end the return first" in desk.post(page, {"reason": "Elsewhere"}).text
    OrderLine.objects.filter(pk=line.order_line_id).update(returned_quantity=0)
    response = desk.post(page, {"reason": "Elsewhere"}, follow=True)
    assert f"{shipment.number} is on its way again." in response.text
    shipment.refresh_from_db()
    assert shipment.status == "shipped"
    assert "only what is delivered" in desk.post(page, {"reason": "Elsewhere"}).text


def test_a_payment_is_booked_and_the_invoice_is_at_hand(world, desk):
    _order, [shipment] = shipped(world)
    invoice = issue_invoice(shipment.pk, now=world.now)
    response, _said = act(desk, Invoice, "record_payment", invoice)
    page = response.redirect_chain[-1][0]
    key = response.context["form"]["key"].value()
    typed = {"amount": "999", "received_on": world.today.isoformat(), "reference": "BACS", "key": key}
    assert "can be booked" in desk.post(page, typed).content.decode()
    desk.post(page, typed | {"amount": str(invoice.gross)})
    invoice.refresh_from_db()
    assert invoice.open_amount == 0
    pdf = desk.get(reverse("admin:invoicing_invoice_pdf", args=[invoice.pk]))
    assert pdf["Content-Type"] == "application/pdf" and pdf.content.startswith(b"%PDF-")
    assert invoice.number in pdf["Content-Disposition"]


def test_a_payment_sent_twice_from_one_page_is_booked_once(world, desk):
    _order, [shipment] = shipped(world)
    invoice = issue_invoice(shipment.pk, now=world.now)
    page = reverse("admin:invoicing_invoice_pay", args=[invoice.pk])
    key = desk.get(page).context["form"]["key"].value()
    for _clicked_twice in range(2):
        desk.post(page, {"amount": "10", "received_on": world.today.isoformat(), "key": key})
    assert [payment.amount for payment in invoice.payments.all()] == [10]


def test_what_was_decided_cannot_be_typed_over(world, desk):
    order, [shipment] = shipped(world)
    invoice = issue_invoice(shipment.pk, now=world.now)
    for row in (order, shipment, invoice):
        meta = row._meta
        url = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])
        page = desk.get(url)
        assert page.status_code == 200 and row.number in page.content.decode()
        assert desk.post(url, {"number": "X", "status": "delivered"}).status_code == 403
        row.refresh_from_db()
        assert row.number != "X"


def test_the_lists_cost_the_same_for_one_row_and_for_many(world, desk, django_assert_max_num_queries):
    def look():
        for name in ("ordering_order", "fulfilment_shipment", "invoicing_invoice", "ordering_quote"):
            assert desk.get(reverse(f"admin:{name}_changelist")).status_code == 200

    def trade():
        _order, [shipment] = shipped(world, world.boris, (world.gloves, 1))
        issue_invoice(shipment.pk, now=world.now)

    trade()
    look()
    with django_assert_max_num_queries(60) as one:
        look()
    for _ in range(4):
        trade()
    with django_assert_max_num_queries(len(one)):
        look()


def test_a_buyer_and_a_stranger_are_not_let_in(world, signed_in, client):
    _order, [shipment] = shipped(world)
    invoice = issue_invoice(shipment.pk, now=world.now)
    urls = [
        *(reverse(f"admin:fulfilment_shipment_{name}", args=[shipment.pk]) for name in ("deliver", "correct", "void")),
        reverse("admin:invoicing_invoice_pay", args=[invoice.pk]),
        reverse("admin:invoicing_invoice_pdf", args=[invoice.pk]),
    ]
    for who in (None, world.anna, world.xaver):
        visitor = signed_in(who) if who else client
        assert {visitor.get(url).status_code for url in urls} <= {302, 403, 404}
