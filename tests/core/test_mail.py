"""Mail by key: at most once, whatever is repeated or breaks."""

from datetime import UTC, datetime, timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail as outbox
from django.core.mail import EmailMultiAlternatives

from apps.core import mail
from apps.core.models import OutgoingMail

AT = datetime(2026, 3, 4, 10, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def plain_message(monkeypatch):
    message = EmailMultiAlternatives("Your order", "text", to=["anna@brightwater.example"])
    monkeypatch.setattr(mail, "compose", lambda **_: message)


def send():
    return mail.send_once("order:1", to="anna@brightwater.example", template="any", context={}, language="en", now=AT)


def test_the_second_asking_sends_nothing():
    assert (send(), send(), len(outbox.outbox)) == (True, False, 1)


def test_what_the_server_refused_is_tried_again(monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(EmailMultiAlternatives, "send", lambda *_: (_ for _ in ()).throw(SMTPServerDisconnected()))
        with pytest.raises(SMTPServerDisconnected):
            send()
    assert OutgoingMail.objects.get().state == "failed"
    assert (send(), len(outbox.outbox)) == (True, 1)


def test_a_copy_that_a_broken_connection_may_make_carries_the_same_message_id(monkeypatch):
    """The server took the message and the line broke before it could say so."""
    taken = []

    def break_after_taking(message, *_):
        taken.append(message.message()["Message-ID"])
        raise SMTPServerDisconnected

    with monkeypatch.context() as broken:
        broken.setattr(EmailMultiAlternatives, "send", break_after_taking)
        with pytest.raises(SMTPServerDisconnected):
            send()
    send()

    assert [outbox.outbox[0].message()["Message-ID"]] == taken
    assert mail.message_id("order:2") not in taken


def test_a_sender_that_died_while_handing_over_leaves_an_unknown_that_is_not_sent_again():
    OutgoingMail.objects.create(key="order:1", to="a@b.example", subject="x", state="sending", claimed_at=AT)
    assert mail.settle_stale(now=AT + timedelta(minutes=5)) == 0
    assert mail.settle_stale(now=AT + timedelta(minutes=11)) == 1
    assert (send(), OutgoingMail.objects.get().state) == (False, "unknown")
