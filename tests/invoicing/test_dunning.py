"""Overdue invoices are reminded of in levels: never twice, never for more than is due, never in a dispute."""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from django.core import mail
from django.urls import reverse

from apps.cases.models import Case, FollowUp
from apps.cases.services import open_case
from apps.cases.services.dunning import disputed
from apps.cases.tasks import propose_call_after_dunning
from apps.core.models import Event
from apps.insights.selectors import timeline_of
from apps.invoicing import services, tasks
from apps.invoicing.models import Dunning, DunningHold, DunningLevel, DunningLine, DunningWords, Invoice
from apps.invoicing.rules.dunning import Overdue, Step, claims
from apps.invoicing.services import issue_credit_note
from apps.ordering.models import PaymentPlan
from tests.invoicing.test_receipts import received
from tests.invoicing.test_services import exposure, invoiced, pay
from tests.ordering.test_races import at_once
from tests.ordering.trade import actor
from tests.world import build

STEPS = [Step(1, 7), Step(2, 21), Step(3, 35)]
DAY = date(2026, 5, 1)


def levels_of(world):
    DunningLevel.objects.all().delete()
    for level, name, days, tells in ((1, "Reminder", 7, False), (2, "Second", 21, False), (3, "Last", 35, True)):
        DunningLevel.objects.create(level=level, name=name, days=days, tells_rep=tells, is_active=True)


@pytest.fixture
def invoice(world):
    levels_of(world)
    return invoiced(world)[0]  # 103.08 gross, due on Friday 3 April 2026


def sweep(world, days_over, hours=0):
    """The sweep, so many days after the due date (10:00 in York, plus hours)."""
    now = world.now + timedelta(days=30 + days_over, hours=hours)
    return services.remind_overdue(disputed=disputed, now=now)


@pytest.mark.parametrize(
    ("days", "level", "reminded_before", "expected"),
    [
        (6, 0, None, None), (7, 0, None, 1), (100, 0, None, 1), (20, 1, 13, None), (21, 1, 14, 2), (100, 1, 13, None),
        (100, 1, 14, 2), (35, 2, 14, 3), (100, 3, 50, None),
    ],
)  # fmt: skip
def test_levels_are_climbed_one_at_a_time(days, level, reminded_before, expected):
    reminded_on = DAY - timedelta(reminded_before) if reminded_before else None
    found = claims([Overdue(1, DAY - timedelta(days), D(10), level, reminded_on)], D(0), STEPS, DAY)
    assert [claim.level for claim in found] == ([expected] if expected else [])


def test_credit_fills_the_oldest_first():
    parts = [Overdue(2, DAY - timedelta(8), D(10)), Overdue(1, DAY - timedelta(9), D(10))]
    assert [(each.invoice_id, each.amount) for each in claims(parts, D(13), STEPS, DAY)] == [(2, D(7))]
    assert claims(parts, D(20), STEPS, DAY) == ()


def test_an_invoice_is_reminded_of_once_at_each_level_and_then_the_rep_calls(world, invoice):
    sent = {days: sweep(world, days) for days in (6, 10, 11, 24, 25, 38, 39, 90)}
    assert sent == {6: 0, 10: 1, 11: 0, 24: 1, 25: 0, 38: 1, 39: 0, 90: 0}
    assert list(Dunning.objects.order_by("pk").values_list("level", "amount")) == [(n, D("103.08")) for n in (1, 2, 3)]
    for event in Event.objects.filter(name="dunning.sent"):
        for _twice in range(2):
            tasks.send_dunning(event.pk)
            propose_call_after_dunning(event.pk)
    assert [(letter.to, "£103.08" in letter.subject) for letter in mail.outbox] == [([world.fiona.email], True)] * 3
    [call] = FollowUp.objects.all()
    assert (call.kind, call.owner, "£103.08" in call.title) == ("call", world.rhea, True)
    assert any("103.08 overdue" in entry.text for entry in timeline_of(actor(world.rhea), world.brightwater))


def test_what_was_sent_stands_on_the_invoice_and_on_the_statement(world, invoice, signed_in):
    sweep(world, 10)
    fiona = signed_in(world.fiona)
    for page in (reverse("portal:invoice", args=[invoice.number]), reverse("portal:statement") + "?until=2026-04-30"):
        told = fiona.get(page).content.decode()
        assert "Reminders" in told and "13 Apr" in told, page


def test_only_what_is_due_in_fact_is_asked_for(world, invoice):
    pay(world, invoice, "20.00")
    goods = invoice.lines.get(sku=world.gloves.sku)
    note = issue_credit_note(actor(world.otto), invoice, quantities={goods.pk: 1}, reason="short", now=world.now)
    sweep(world, 10)
    left = D("83.08") + note.gross
    assert (note.gross < 0, Dunning.objects.get().amount) == (True, left)
    pay(world, Invoice.objects.get(pk=invoice.pk), left)
    assert sweep(world, 24) == 0
    tasks.send_dunning(Event.objects.get(name="dunning.sent").pk)
    assert not mail.outbox  # paid before the letter left


def test_money_on_account_counts_and_money_at_our_desk_waits(world, invoice):
    receipt = received(world, "103.08", invoice.number)
    assert sweep(world, 10) == 0
    services.book_receipt(actor(world.otto), receipt, account_id=world.brightwater.pk, parts=[], now=world.now)
    assert sweep(world, 10) == 0


def test_only_the_instalment_that_is_over_is_reminded_of(world):
    levels_of(world)
    PaymentPlan.objects.create(code="2X", name="Halves", kind="instalments", parts=2, first_days=30, every_days=30)
    invoiced(world, world.boris, (world.gloves, 10), payment="2X")
    assert sweep(world, 10) == 1
    assert DunningLine.objects.get().amount == D("51.54")


@pytest.mark.parametrize("about", ["order", "shipment", "invoices"])
def test_what_is_in_dispute_is_left_out_until_it_is_settled(world, invoice, about):
    what = {"order": {"order_id": invoice.order_id}, "shipment": {"shipment_id": invoice.shipment_id}}.get(about, {})
    opened = {"cause": "invoice", "origin": "portal", "source_ref": "x", "account_id": world.brightwater.pk}
    open_case(title="Wrong price", **opened, **what, now=world.now)
    assert sweep(world, 10) == 0
    Case.objects.update(status="resolved")
    assert sweep(world, 10) == 1


def test_nobody_is_reminded_who_is_held_or_asleep_or_off_work(world, invoice):
    hold = DunningHold.objects.create(account=world.brightwater, until=world.today + timedelta(40), reason="agreed")
    assert sweep(world, 10) == 0
    hold.delete()
    assert [sweep(world, 10, hours) for hours in (-4, 9)] == [0, 0]
    assert sweep(world, 8) == 0  # a Saturday
    DunningLevel.objects.update(is_active=False)
    assert sweep(world, 10) == 0
    DunningLevel.objects.update(is_active=True)
    world.fiona.delete()
    assert sweep(world, 10) == 0  # nobody to tell
    assert not Dunning.objects.exists()


def test_a_level_has_its_words_and_its_fee(world, invoice):
    level = DunningLevel.objects.get(level=1)
    DunningLevel.objects.update(fee=5)
    DunningWords.objects.create(level=level, language="en", text="Our own words.")
    owed = exposure(world)
    sweep(world, 10)
    tasks.send_dunning(Event.objects.get(name="dunning.sent").pk)
    fee = Dunning.objects.get().fee_invoice
    assert (fee.gross, exposure(world)) == (D(5), owed + 5)
    text = mail.outbox[0].body
    assert "Our own words." in text and "£5.00" in text and fee.number in text
    pay(world, invoice, "103.08")
    for days in (24, 40, 80):
        sweep(world, days)
    assert Invoice.objects.filter(fee_of__isnull=False).count() == 1  # no fee for a fee


def test_several_invoices_are_one_letter(world, invoice):
    invoiced(world)
    assert sweep(world, 10) == 1
    assert (Dunning.objects.get().amount, DunningLine.objects.count()) == (D("206.16"), 2)


def test_operations_keep_the_levels_and_see_what_was_sent(world, invoice, signed_in):
    sweep(world, 10)
    otto = signed_in(world.otto)
    for name in ("dunninglevel", "dunninghold", "dunning"):
        assert otto.get(reverse(f"admin:invoicing_{name}_changelist")).status_code == 200
    level = DunningLevel.objects.get(level=1)
    assert otto.get(reverse("admin:invoicing_dunninglevel_change", args=[level.pk])).status_code == 200
    assert otto.get(reverse("admin:invoicing_dunning_change", args=[Dunning.objects.get().pk])).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_eight_sweeps_at_once_are_one_letter(transactional_db):
    world = build()
    levels_of(world)
    invoiced(world)
    assert sum(at_once(lambda _turn: sweep(world, 10), range(8))) == Dunning.objects.count() == 1
