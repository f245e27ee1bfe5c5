"""kill -9 of a worker and of the broker in the middle of sending: what is promised, and exactly that.

1. Nothing goes out twice: no address is in the mail server's hands more than once.
2. Nothing is lost: each invitation ends as `sent`, and then the mail server has it exactly once, or as `unknown`.
3. `unknown` is what was in the hands of a process that died, a handful each at most; it may or may not have gone out,
   it is never sent again, it is listed, and the question waits in the portal.
4. The worker that lives goes on, and takes up what the dead one left, over the broker as it came back.

`python -m tests.bench crash` does the same for longer, with deaths by chance and all that comes before and after.
"""

from collections import Counter

import pytest
from celery import current_app
from django.utils import timezone

from apps.accounts.models import Account, Contact
from apps.core.scoping import Actor
from apps.feedback.models import Invitation
from apps.feedback.selectors import open_questions
from apps.feedback.sending import BATCH, HANDFUL
from apps.feedback.services import bring_forward, plan_invitations, reconcile
from apps.feedback.services.handover import STALE
from config.launcher.processes import until
from tests.feedback.deliveries import delivered
from tests.processes import broker, celery_worker, mail_sink

DELIVERIES = 3 * BATCH  # one for each of two workers, and one for who lives
A_LETTER_TAKES = 0.01  # seconds


@pytest.fixture
def many_due(world):
    now = timezone.now()
    people = []
    for number in range(DELIVERIES):
        account = Account.objects.create(number=f"K-{number}", name=f"Kestrel {number}")
        people.append(Contact.objects.create(account=account, name=f"K {number}", email=f"k{number}@kestrel.example"))
    plan_invitations([delivered(world, person, at=now).pk for person in people], now=now)
    bring_forward(now=now)


def states() -> Counter:
    return Counter(Invitation.objects.values_list("state", flat=True))


def start_sending(url: str, times: int) -> None:
    with current_app.connection_for_write(url) as connection:
        for _ in range(times):
            current_app.send_task("apps.feedback.tasks.send_due_invitations", connection=connection)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_nothing_is_sent_twice_and_nothing_is_lost(many_due):
    with broker() as own, mail_sink(seconds=A_LETTER_TAKES) as sink:
        here = {"concurrency": 1, "EMAIL_URL": sink.url, "REDIS_URL": own.url, "BROKER_URL": own.url}
        with celery_worker(**here) as lives, celery_worker(**here) as dies:
            start_sending(own.url, 2)
            sink.wait_for(40)
            dies.kill()
            own.kill()
            assert 40 <= len(sink.messages) < DELIVERIES, "it was not killed in the middle"
            sink.wait_for(len(sink.messages) + 2 * HANDFUL)  # nobody waits for the broker
            own.return_again()
            until(lambda: "succeeded" in lives.log(), lives.child, seconds=60)  # all but what the dead one has in hand
            assert states()["planned"] == 0 and states()["sending"] <= HANDFUL

            reconcile(now=timezone.now() + STALE)
            unknown, free = states()["unknown"], states()["planned"]
            assert unknown <= HANDFUL and free > 0
            start_sending(own.url, 1)
            until(lambda: states()["sent"] + unknown == DELIVERIES, lives.child, seconds=60)

    in_the_sink = Counter(message["To"] for message in sink.messages)
    assert max(in_the_sink.values()) == 1
    assert set(states()) <= {"sent", "unknown"}
    for invitation in Invitation.objects.select_related("contact"):
        if invitation.state == "sent":
            assert in_the_sink[invitation.contact.email] == 1
        else:
            actor = Actor(role="buyer", contact_id=invitation.contact_id, account_id=invitation.account_id)
            assert open_questions(actor, now=timezone.now()) == [invitation]
