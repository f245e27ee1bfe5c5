"""An order that is paid ahead holds its goods for a while: a reminder, then the end, whatever else happens."""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from django.core import mail
from django.urls import reverse

from apps.accounts.errors import PermissionMissing
from apps.availability.models import StockLevel
from apps.core.models import Event
from apps.invoicing import services
from apps.invoicing.errors import ReceiptRefused
from apps.invoicing.models import Receipt
from apps.ordering import services as ordering
from apps.ordering import tasks
from apps.ordering.models import ApprovalPolicy, Order, PaymentPlan
from apps.ordering.rules.payment import reminds_on
from tests.invoicing.test_receipts import fresh, hold, received
from tests.ordering.test_races import at_once
from tests.ordering.trade import actor, place
from tests.world import build


def ahead_of(world):
    PaymentPlan.objects.create(code="AHEAD", name="Pay ahead", kind="ahead", hold_days=7)
    return place(world, world.boris, (world.gloves, 10), payment="AHEAD")


@pytest.fixture
def ahead(world):
    return ahead_of(world)


def chase(world, days):
    return services.chase_prepayments(now=world.now + timedelta(days))


def reserved(world):
    return StockLevel.objects.get(product=world.gloves).reserved


@pytest.mark.parametrize(("hold_days", "before"), [(2, 1), (3, 2), (4, 2), (5, 3), (7, 3), (90, 3)])
def test_the_reminder_comes_half_the_time_before_at_most_three_days(hold_days, before):
    assert (date(2026, 3, 31) - reminds_on(date(2026, 3, 31), hold_days)).days == before


def test_it_is_reminded_of_once_and_then_ends_and_its_goods_are_free(world, ahead, signed_in):
    assert (ahead.pay_by, reserved(world)) == (world.today + timedelta(7), 10)
    assert chase(world, 3) == {"reminded": 0, "ended": 0}
    assert chase(world, 4) == {"reminded": 1, "ended": 0}
    assert chase(world, 7) == {"reminded": 0, "ended": 0}
    page = signed_in(world.boris).get(reverse("portal:order", args=[ahead.number])).content.decode()
    assert "11 March 2026" in page and "We reminded you of the payment" in page
    assert chase(world, 8) == {"reminded": 0, "ended": 1}
    assert chase(world, 9) == {"reminded": 0, "ended": 0}
    assert (fresh(ahead).status, reserved(world)) == ("cancelled", 0)
    page = signed_in(world.boris).get(reverse("portal:order", args=[ahead.number])).content.decode()
    assert "No money had come by 11 March 2026." in page


def test_who_ordered_and_who_pays_is_told_once(world, ahead):
    chase(world, 4)
    for _twice in range(2):
        tasks.send_payment_reminder(Event.objects.get(name="order.payment_reminded").pk)
    chase(world, 8)
    for _twice in range(2):
        tasks.send_payment_missed(Event.objects.get(name="order.cancelled").pk)
    told = [(letter.to[0], letter.subject) for letter in mail.outbox]
    assert sorted(to for to, _subject in told) == sorted([world.boris.email, world.fiona.email] * 2)
    assert "until" in told[0][1] and "was cancelled: no money came" in told[-1][1]


def test_who_cancels_is_not_told_that_no_money_came(world, ahead):
    ordering.cancel_order(actor(world.boris), ahead, now=world.now)
    tasks.send_payment_missed(Event.objects.get(name="order.cancelled").pk)
    assert not mail.outbox


def test_after_a_standstill_nothing_ends_that_was_not_reminded_a_day_before(world, ahead):
    assert chase(world, 30) == {"reminded": 1, "ended": 0}
    assert fresh(ahead).pay_by == world.today + timedelta(31)
    assert chase(world, 31)["ended"] == 0
    assert chase(world, 32)["ended"] == 1


def test_the_time_begins_with_the_last_yes(world):
    policy = ApprovalPolicy.objects.create(account=world.brightwater, name="All")
    policy.steps.create(above=1)
    PaymentPlan.objects.create(code="AHEAD", name="Pay ahead", kind="ahead", hold_days=7)
    order = place(world, world.anna, (world.gloves, 10), payment="AHEAD")
    assert (order.status, order.pay_by) == ("awaiting_approval", None)
    assert chase(world, 20) == {"reminded": 0, "ended": 0}
    ordering.approve(actor(world.boris), order, now=world.now + timedelta(20))
    assert (fresh(order).status, order.pay_by) == ("awaiting_payment", world.today + timedelta(27))


def test_money_at_our_own_desk_keeps_the_order(world, ahead):
    chase(world, 4)
    receipt = received(world, "103.08", f"order {ahead.number}")
    assert chase(world, 8)["ended"] == 0
    hold(world, receipt, ahead)
    assert chase(world, 9)["ended"] == 0
    assert (fresh(ahead).status, reserved(world)) == ("placed", 10)


def test_too_little_money_ends_it_too_and_stays_with_the_account(world, ahead):
    chase(world, 4)
    receipt = hold(world, received(world, "50.00", ahead.number), ahead)
    assert chase(world, 8)["ended"] == 1
    assert (fresh(receipt).unapplied, receipt.account_id) == (D("50.00"), world.brightwater.pk)


def test_operations_give_a_week_more(world, ahead):
    chase(world, 4)
    with pytest.raises(PermissionMissing):
        ordering.wait_longer(actor(world.boris), ahead, now=world.now)
    ordering.wait_longer(actor(world.otto), ahead, now=world.now + timedelta(5))
    assert chase(world, 8) == {"reminded": 0, "ended": 0}
    assert chase(world, 11) == {"reminded": 1, "ended": 0}
    assert chase(world, 15)["ended"] == 1


@pytest.mark.django_db(transaction=True)
def test_money_and_the_end_at_the_same_moment_are_one_of_the_two(transactional_db):
    world = build()
    ahead = ahead_of(world)
    chase(world, 4)
    receipt = Receipt.objects.create(bank_reference="B", received_on=world.today, amount=ahead.gross, currency="GBP")

    def deed(turn):
        return hold(world, receipt, ahead) if turn == 3 else chase(world, 8)

    done = at_once(deed, range(8))
    ended = sum(each["ended"] for each in done if isinstance(each, dict))
    order, money = Order.objects.get(), fresh(receipt)
    if ended:
        assert (order.status, reserved(world), money.state) == ("cancelled", 0, "waiting")
        assert isinstance(done[3], ReceiptRefused)
    else:
        assert (order.status, reserved(world), money.unapplied) == ("placed", 10, order.gross)
    assert ended <= 1
