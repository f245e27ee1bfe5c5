"""What the tests of the workspace do again and again: pages, presses of a button, things to work on."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from apps.cases.services import open_case, propose_follow_up
from apps.ordering.models import Quote
from tests.portal.buying import add


def look(client, name, *args, **query):
    """A page of the workspace."""
    return client.get(reverse(f"workspace:{name}", args=args), query)


def words(client, name, *args, **query) -> str:
    """What a page of the workspace says."""
    answer = look(client, name, *args, **query)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def press(client, name, *args, **said):
    """A button of the workspace."""
    return client.post(reverse(f"workspace:{name}", args=args), said)


def case_of(account, contact, *, ref="test:1", now=None, **facts):
    """A case that a survey has opened."""
    facts = {"title": "The gloves were torn", "cause": "delivery", "origin": "survey"} | facts
    return open_case(
        account_id=account.pk, contact_id=contact.pk, source_ref=ref, body="Half the box is unusable.",
        now=now or timezone.now(), **facts,
    )  # fmt: skip


def quote_asked(client, product, quantity) -> Quote:
    """A quote that the buyer of `client` has asked for."""
    add(client, product, quantity)
    client.post(reverse("portal:request_quote"), {"message": "For the new hall"})
    return Quote.objects.latest("pk")


def to_do(account, contact, *, ref="answer:1", days=0):
    """A follow-up due some days from today."""
    now = timezone.now()
    return propose_follow_up(
        account_id=account.pk, contact_id=contact.pk, kind="thanks", title="Thank Anna for her praise",
        source_ref=ref, due_on=timezone.localdate(now) + timedelta(days=days), now=now,
    )  # fmt: skip
