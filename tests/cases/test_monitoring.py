"""What failed in the house: a case for whom it concerns, a line for operations, once; closed when it is healed."""

from datetime import timedelta

import pytest
from celery import current_app

from apps.accounts.models import Account
from apps.accounts.selectors import actor_for
from apps.cases import services
from apps.cases.models import Case
from apps.cases.selectors import opening_notices, trouble_notices
from apps.cases.services import monitoring
from apps.cases.services.monitoring import watch_the_house
from apps.core.events import record
from apps.core.mail import compose
from apps.core.models import Event, ParkedReaction
from apps.core.reactions import try_parked_again
from apps.fulfilment.models import CarrierMessage
from apps.invoicing.models import Receipt
from tests.feedback.deliveries import delivered

pytestmark = pytest.mark.django_db


def parked(world, task="apps.fulfilment.tasks.tell_of_slips", *, about="", error="KeyError: no") -> ParkedReaction:
    subject = about or f"order:{delivered(world).order.number}"
    event = record("order.noted", subject, at=world.now, account_id=world.brightwater.pk)
    return ParkedReaction.objects.create(event=event, task_name=task, error=error, parked_at=world.now)


def received(world, account, **more) -> Receipt:
    return Receipt.objects.create(
        bank_reference=f"b{Receipt.objects.count()}", received_on=world.today - timedelta(days=3), amount="120.50",
        currency="GBP", account=account, **more,
    )  # fmt: skip


def message(world, hours=5, **body) -> CarrierMessage:
    at = world.now - timedelta(hours=hours)
    return CarrierMessage.objects.create(
        carrier="Northern Parcels", message_id="1", digest="x", channel="api", body=body, state="quarantined",
        reason="Not understood", received_at=at,
    )  # fmt: skip


def mailed(event) -> dict:
    (notice,) = trouble_notices(event)
    return {name: notice[name] for name in ("to", "template", "context", "language")}


def watch(world, **later) -> int:
    return watch_the_house(now=world.now + timedelta(**later))


def test_a_reaction_that_failed_for_good_is_one_case_of_its_account(world):
    row = parked(world)
    assert [watch(world), watch(world, hours=1)] == [1, 0]
    case = Case.objects.get()
    assert (case.account, case.order.number, case.origin, case.contact) == (
        world.brightwater, row.event.subject.partition(":")[2], "house", None,
    )  # fmt: skip
    assert case.messages.get().is_internal
    assert case.owner == world.sam
    assert [notice["to"] for notice in opening_notices(Event.objects.get(name="case.opened"))] == [world.sam.user.email]


def test_what_is_healed_closes_a_case_that_nobody_has_touched(world):
    row = parked(world)
    watch(world)
    row.delete()
    watch(world, hours=1)
    case = Case.objects.get()
    assert (case.status, case.awaits_proof) == ("resolved", False)
    assert "meantime" in case.resolution


def test_who_is_at_it_already_is_told_once(world):
    row = parked(world)
    watch(world)
    case = Case.objects.get()
    services.acknowledge(actor_for(world.sam.user), case, now=world.now)
    row.delete()
    for hours in (1, 2):
        watch(world, hours=hours)
    case.refresh_from_db()
    assert case.status == "acknowledged"
    assert case.messages.filter(body__contains="meantime").count() == 1


def test_what_concerns_no_account_is_told_to_operations_once(world):
    parked(world, "apps.insights.tasks.count_journey")
    received(world, None, payer_name="Somebody")
    message(world, shipment="SH-999")
    assert [watch(world), watch(world, hours=1)] == [3, 0]
    assert not Case.objects.exists()
    (notice,) = trouble_notices(Event.objects.get(name="troubles.noticed"))
    assert notice["to"] == world.otto.email
    assert "Somebody" in compose(**mailed(Event.objects.get(name="troubles.noticed"))).body


def test_what_fails_while_mail_is_out_or_about_a_case_is_no_case(world):
    for at in range(3):
        parked(world, "apps.cases.tasks.send_case_opened", about=f"case:CA-{at}", error="SMTPServerDisconnected: no")
        parked(world, "apps.feedback.tasks.plan_after", about=f"order:SO-{at}", error="ConnectionRefusedError: [111]")
        parked(world, "apps.cases.tasks.send_case_opened", about=f"order:SO-{at}", error="KeyError: no")
    parked(world, "apps.cases.tasks.judge", about="case:CA-1")
    assert [watch(world), watch(world, hours=1), watch(world, hours=25)] == [4, 0, 0]
    assert not Case.objects.exists()
    lines = Event.objects.get(name="troubles.noticed").facts["lines"]
    assert sum("apps.cases.tasks.send_case_opened (3)" in line["detail"] for line in lines) == 2
    assert "the mail server" in compose(**mailed(Event.objects.get(name="troubles.noticed"))).body


def test_many_troubles_at_once_open_some_cases_an_hour_and_operations_is_told(world, monkeypatch):
    monkeypatch.setattr(monitoring, "MOST_CASES", 2)
    for at in range(5):
        parked(world, about=f"order:SO-{at}")
    assert [watch(world), watch(world, minutes=10), watch(world, hours=2)] == [3, 0, 3]
    assert Case.objects.count() == 4
    assert Event.objects.filter(name="trouble.noticed", subject__startswith="trouble:many:").count() == 2


def test_what_is_new_is_found_behind_what_was_seen(world, monkeypatch):
    monkeypatch.setattr(monitoring, "MOST", 1)
    parked(world, about="order:SO-1")
    parked(world, about="order:SO-2")
    assert [watch(world), watch(world), watch(world)] == [1, 1, 0]


def test_a_lost_connection_is_tried_again_by_itself(world, monkeypatch):
    sent = []
    monkeypatch.setattr(current_app, "send_task", lambda name, args: sent.append((name, *args)))
    row = parked(world, error="SMTPServerDisconnected: no")
    parked(world, about="order:SO-1")
    for later in (timedelta(minutes=5), timedelta(hours=1), timedelta(days=3)):
        try_parked_again(now=world.now + later)
    assert sent == [(row.task_name, row.event_id)]


@pytest.mark.parametrize(
    ("error", "again"),
    [
        ("SMTPServerDisconnected: no", True),
        ("SMTPRecipientsRefused: {'a@b.example': (450, b'4.2.0 greylisted, come back')}", True),
        ("SMTPRecipientsRefused: {'a@b.example': (550, b'5.1.1 no such user')}", False),
        ("SMTPDataError: (554, b'5.7.1 spam')", False),
        ("SMTPDataError: (451, b'4.3.0 try later')", True),
        ("AnymailRequestsAPIError: Sending a message to a@b.example\nPostmark API response 429: slow down", True),
        ("AnymailRequestsAPIError: Sending a message to a@b.example\nPostmark API response 503: down", True),
        ("AnymailRequestsAPIError: Sending a message to a@b.example\nPostmark API response 422: inactive", False),
        ("AnymailRecipientsRefused: all recipients were rejected", False),
        ("ConnectionRefusedError: [111]", True),
    ],
)
def test_what_was_refused_for_good_is_not_tried_again_and_is_told_all_the_same(world, monkeypatch, error, again):
    sent = []
    monkeypatch.setattr(current_app, "send_task", lambda name, args: sent.append(name))
    parked(world, error=error)
    try_parked_again(now=world.now + timedelta(hours=1))
    assert bool(sent) is again
    assert watch(world) == 1
    assert not Case.objects.exists()


def test_what_concerns_a_closed_account_is_told_to_operations(world):
    parked(world)
    Account.objects.filter(pk=world.brightwater.pk).update(is_active=False)
    assert [watch(world), watch(world, hours=1)] == [1, 0]
    assert not Case.objects.exists()
    assert Event.objects.filter(name="trouble.noticed").count() == 1


def test_money_and_messages_of_an_account_are_cases_that_say_what_they_are_about(world):
    shipment = delivered(world)
    received(world, world.calder)
    received(world, world.calder, match="reference")
    message(world, shipment=shipment.number)
    watch(world)
    assert {(case.account, case.cause, case.shipment) for case in Case.objects.all()} == {
        (world.calder, "invoice", None), (world.brightwater, "delivery", shipment),
    }  # fmt: skip
    assert not Case.objects.filter(title__contains="120.50").exists()


def test_what_is_fresh_is_left_to_whoever_is_at_it(world):
    message(world, hours=1)
    assert watch(world) == 0


def test_a_carrier_that_falls_silent_while_goods_are_with_it_is_told(world):
    shipment = delivered(world)
    type(shipment).objects.filter(pk=shipment.pk).update(status="shipped", carrier="Northern Parcels")
    CarrierMessage.objects.bulk_create(
        CarrierMessage(
            carrier="Northern Parcels", message_id=f"m{at}", digest="x", channel="api", body={}, state="applied",
            received_at=world.now - timedelta(days=3, hours=at),
        )
        for at in range(20)
    )  # fmt: skip
    assert [watch(world), watch(world, hours=1)] == [1, 0]
    assert Event.objects.get(name="trouble.noticed").subject.startswith("trouble:silent:Northern Parcels")


def test_money_that_is_somebodys_by_its_amount_alone_is_told_to_operations_only(world):
    received(world, world.calder, match=Receipt.Match.ALONE)
    watch(world)
    assert not Case.objects.exists()
