"""What is told of as it happens: arrivals, invoices, due days, offers that run out, standing orders."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from apps.accounts.models import Notice
from apps.core.models import Event
from apps.core.scoping import SYSTEM
from apps.fulfilment.services import confirm_delivery
from apps.fulfilment.tasks import send_delivery_notice, send_dispatch_notice
from apps.invoicing.models import Invoice
from apps.invoicing.services import issue_invoice, tell_of_due
from apps.invoicing.tasks import send_invoice_due, send_invoice_issued
from apps.ordering import services
from apps.ordering.models import Order, Quote
from apps.ordering.tasks import send_order_confirmation, send_quote_expiring
from tests.ordering.trade import actor, fill, place, shipped

pytestmark = pytest.mark.django_db


def told(name: str, task) -> None:
    """The reaction to the latest event of a name, delivered twice."""
    event = Event.objects.filter(name=name).latest("pk")
    for _twice in range(2):
        task(event.pk)


def news_of(contact) -> list[tuple[str, str, str]]:
    return list(Notice.objects.filter(contact=contact).order_by("pk").values_list("kind", "channel", "about"))


def test_a_delivery_leaves_and_arrives(world):
    order, [shipment] = shipped(world)
    told("shipment.dispatched", send_dispatch_notice)
    later = world.now + timedelta(days=2)
    confirm_delivery(SYSTEM, shipment, received_by="Rick", delivered_at=later, now=later)
    told("shipment.delivered", send_delivery_notice)
    about = f"order:{order.number}"
    assert news_of(world.anna) == [("shipment_sent", "mail", about), ("shipment_delivered", "portal", about)]
    assert [letter.subject.partition(":")[0] for letter in mail.outbox] == ["On its way"]


def test_an_invoice_is_mailed_to_who_pays_and_its_due_day_once(world, signed_in):
    _order, [shipment] = shipped(world)
    invoice = issue_invoice(shipment.pk, now=world.now)
    told("invoice.issued", send_invoice_issued)
    assert [letter.to for letter in mail.outbox] == [[world.fiona.email]]
    assert mail.outbox[0].subject.startswith(f"Invoice {invoice.number}: £")
    assert tell_of_due(now=world.now + timedelta(days=20)) == 0
    soon = world.now + timedelta(days=28)
    assert [tell_of_due(now=soon), tell_of_due(now=soon)] == [1, 0]
    told("invoice.due_soon", send_invoice_due)
    about = f"invoice:{invoice.number}"
    assert news_of(world.fiona) == [("invoice_issued", "mail", about), ("invoice_due", "digest", about)]
    page = signed_in(world.fiona).get(reverse("portal:notices"), {"show": "money"}).text
    assert reverse("portal:invoice", args=[invoice.number]) in page
    Invoice.objects.update(due_on=invoice.due_on + timedelta(days=1))  # its next instalment
    assert tell_of_due(now=soon) == 1


def test_what_was_paid_meanwhile_is_told_of_no_more(world):
    _order, [shipment] = shipped(world)
    issue_invoice(shipment.pk, now=world.now)
    tell_of_due(now=world.now + timedelta(days=28))
    invoice = Invoice.objects.get()
    Invoice.objects.update(paid=invoice.gross)
    told("invoice.due_soon", send_invoice_due)
    assert not Notice.objects.exists()


def test_where_nobody_pays_who_ordered_is_told(world):
    world.fiona.delete()
    _order, [shipment] = shipped(world)
    issue_invoice(shipment.pk, now=world.now)
    told("invoice.issued", send_invoice_issued)
    assert [row[:2] for row in news_of(world.anna)] == [("invoice_issued", "portal")]
    assert not mail.outbox


def test_an_offer_that_runs_out_is_told_of_once_for_each_validity(world):
    fill(world, world.anna, (world.gloves, 10))
    quote = services.request_quote(actor(world.anna), now=world.now)
    Quote.objects.update(status="offered", valid_until=world.today + timedelta(days=9), offered_at=world.now)
    assert services.warn_of_expiry(now=world.now + timedelta(days=6)) == 0
    soon = world.now + timedelta(days=7)
    assert [services.warn_of_expiry(now=soon), services.warn_of_expiry(now=soon)] == [1, 0]
    told("quote.expiring", send_quote_expiring)
    assert news_of(world.anna) == [("quote_expiring", "mail", f"quote:{quote.number}")]
    Quote.objects.update(valid_until=world.today + timedelta(days=8))
    assert services.warn_of_expiry(now=soon) == 1
    Quote.objects.update(status="accepted")
    told("quote.expiring", send_quote_expiring)
    assert Notice.objects.count() == len(mail.outbox) == 1


def test_a_standing_order_is_told_of_as_such(world):
    order = place(world)
    Order.objects.update(channel="standing")
    told("order.placed", send_order_confirmation)
    assert news_of(world.anna) == [("standing_placed", "mail", f"order:{order.number}")]
    assert mail.outbox[0].subject.startswith("Your standing order was placed")
