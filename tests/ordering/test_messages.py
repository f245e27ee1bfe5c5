from datetime import time, timedelta
from decimal import Decimal as D

import pytest
from django.core import mail

from apps.accounts.models import Contact, ShipTo
from apps.core.models import Event
from apps.delivery.models import SlotWindow
from apps.ordering import services, tasks
from apps.pricing.models import AccountTerms
from tests.ordering.trade import actor, fill, place


def event(name):
    return Event.objects.filter(name=name).latest("id").pk


def test_the_confirmation_goes_to_the_buyer_once(world):
    order = place(world, world.anna, (world.gloves, 10), (world.oil, 1), po_number="PO-7")
    for _delivered_twice in range(2):
        tasks.send_order_confirmation(event("order.placed"))
    [letter] = mail.outbox
    assert letter.to == [world.anna.email]
    assert letter.subject == f"Your order {order.number}: £141.96"
    html = letter.alternatives[0].content
    for body in (letter.body, html):
        assert order.number in body and "GLV-NIT-L" in body and "141.96" in body and "PO-7" in body
    assert "<table" in html and "&lt;" not in letter.body


def test_the_confirmation_tells_the_hours_of_the_slot_by_the_clock_there(world):
    van = SlotWindow.objects.create(option=world.express, starts_at=time(8), ends_at=time(10), capacity=1)
    ShipTo.objects.update(time_zone="Asia/Tehran")
    place(world, option=world.express, slot=f"{van.pk}@2026-03-05")
    tasks.send_order_confirmation(event("order.placed"))
    [letter] = mail.outbox
    for body in (letter.body, letter.alternatives[0].content):
        assert "with you on Thursday, 5 March 2026 between 08:00 and 10:00, local time there" in body
        assert "United Kingdom" in body


def test_whoever_can_approve_is_asked_but_not_the_buyer(world):
    Contact.objects.filter(pk=world.anna.pk).update(role="approver")
    place(world, world.anna, (world.oil, 40))
    tasks.send_approval_needed(event("order.approval_needed"))
    assert [letter.to for letter in mail.outbox] == [[world.boris.email]]
    assert "approve" in mail.outbox[0].subject


def test_the_rep_hears_of_an_order_above_the_credit_limit(world):
    AccountTerms.objects.update(credit_limit=10)
    place(world)
    tasks.send_approval_needed(event("order.approval_needed"))
    assert [letter.to for letter in mail.outbox] == [[world.rhea.user.email]]


def test_the_buyer_hears_of_a_decision(world):
    order = place(world, world.anna, (world.oil, 40))
    services.decline(actor(world.boris), order, comment="Not <this> month", now=world.now)
    tasks.send_order_decided(event("order.declined"))
    [letter] = mail.outbox
    assert letter.to == [world.anna.email]
    assert "Boris declined" in letter.body and "Not <this> month" in letter.body
    assert "Not &lt;this&gt; month" in letter.alternatives[0].content


def test_an_approved_order_is_told_of_by_its_confirmation_alone(world):
    order = place(world, world.anna, (world.oil, 40))
    services.approve(actor(world.boris), order, now=world.now)
    tasks.send_order_decided(event("order.approved"))
    assert not mail.outbox
    tasks.send_order_confirmation(event("order.placed"))
    assert "Approved by Boris" in mail.outbox[0].body


def test_rep_and_buyer_hear_of_a_quote(world):
    fill(world, world.anna, (world.oil, 2))
    quote = services.request_quote(actor(world.anna), message="for the depot", now=world.now)
    tasks.send_quote_requested(event("quote.requested"))
    line = quote.lines.get()
    terms = {"valid_until": world.today + timedelta(days=7), "answer": "our best", "now": world.now}
    services.offer_quote(actor(world.rhea), quote, prices={line.pk: D("30.5")}, **terms)
    tasks.send_quote_offered(event("quote.offered"))
    asked, offered = mail.outbox
    assert (asked.to, offered.to) == ([world.rhea.user.email], [world.anna.email])
    assert "for the depot" in asked.body and "our best" in offered.body and "£30.50" in offered.body


@pytest.mark.parametrize("language", ["en", "th", "fa", "ko", "vi"])
def test_a_letter_is_written_in_the_readers_language(world, language):
    Contact.objects.filter(pk=world.anna.pk).update(language=language)
    place(world)
    tasks.send_order_confirmation(event("order.placed"))
    direction = "rtl" if language == "fa" else "ltr"
    assert f'lang="{language}" dir="{direction}"' in mail.outbox[0].alternatives[0].content
