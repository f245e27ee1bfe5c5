"""kill -9 in the middle of sending: what is promised, and exactly that.

1. Nothing goes out twice: no address is in the mail server's hands more than once.
2. Nothing is lost: each invitation ends as `sent`, and then the mail server has it exactly once, or as `unknown`.
3. `unknown` is what was in the hands of a process that died, a handful each at most; it may or may not have gone out,
   it is never sent again, it is listed, and the question waits in the portal.
"""

from collections import Counter

import pytest
from celery import current_app
from django.utils import timezone

from apps.accounts.models import Account, Contact
from apps.core.scoping import Actor
from apps.feedback.models import Invitation
from apps.feedback.selectors import open_questions
from apps.feedback.sending import HANDFUL
from apps.feedback.services import bring_forward, plan_invitations, reconcile
from apps.feedback.services.handover import STALE
from config.launcher.processes import until
from tests.feedback.deliveries import delivered
from tests.processes import celery_worker, mail_sink

DELIVERIES, PROCESSES = 200, 2


@pytest.fixture
def two_hundred_due(world):
    current_app.control.purge()  # what tests before this one asked for would be tried, and tried again, ahead of it
    now = timezone.now()
    people = []
    for number in range(DELIVERIES):
        account = Account.objects.create(number=f"K-{number}", name=f"Kestrel {number}")
        people.append(Contact.objects.create(account=account, name=f"K {number}", email=f"k{number}@kestrel.example"))
    plan_invitations([delivered(world, person, at=now).pk for person in people], now=now)
    bring_forward(now=now)


def states() -> Counter:
    return Counter(Invitation.objects.values_list("state", flat=True))


def start_sending() -> None:
    for _ in range(PROCESSES):
        current_app.send_task("apps.feedback.tasks.send_due_invitations")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_nothing_is_sent_twice_and_nothing_is_lost(two_hundred_due):
    with mail_sink() as sink:
        with celery_worker(concurrency=PROCESSES, EMAIL_URL=sink.url) as worker:
            start_sending()
            sink.wait_for(40)
            worker.kill()
        assert 40 <= len(sink.messages) < DELIVERIES, "it was not killed in the middle"
        assert states()["sending"] <= PROCESSES * HANDFUL

        reconcile(now=timezone.now() + STALE)
        unknown = states()["unknown"]
        assert unknown <= PROCESSES * HANDFUL
        with celery_worker(concurrency=PROCESSES, EMAIL_URL=sink.url) as worker:
            start_sending()
            until(lambda: states()["sent"] + unknown == DELIVERIES, worker.child, seconds=60)

    in_the_sink = Counter(message["To"] for message in sink.messages)
    assert max(in_the_sink.values()) == 1
    assert set(states()) <= {"sent", "unknown"}
    for invitation in Invitation.objects.select_related("contact"):
        if invitation.state == "sent":
            assert in_the_sink[invitation.contact.email] == 1
        else:
            actor = Actor(role="buyer", contact_id=invitation.contact_id, account_id=invitation.account_id)
            assert open_questions(actor, now=timezone.now()) == [invitation]
