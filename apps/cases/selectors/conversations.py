from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import F, QuerySet
from django.utils import timezone

from apps.accounts.models import Rep
from apps.cases.errors import ConversationNotFound
from apps.cases.models import Conversation, Utterance
from apps.core.keyset import Page, latest_first
from apps.core.models import Event
from apps.core.replies import reply_headers
from apps.core.scoping import Actor

_WITH = ("account", "contact", "owner__user", "owner__deputy__user", "case")


def conversation_for(actor: Actor, number: str) -> Conversation:
    """The conversation of that number with account, contact, owner and case; `ConversationNotFound` for absent and not
    theirs. One query."""
    found = Conversation.objects.visible_to(actor).select_related(*_WITH).filter(number=number).first()
    if found is None:
        raise ConversationNotFound
    return found


def open_conversation_about(actor: Actor, about: str) -> Conversation | None:
    """The contact's open conversation about a thing; None where there is none. One query."""
    if actor.contact_id is None:
        return None
    return Conversation.objects.filter(contact=actor.contact_id, about=about, closed_at=None).first()


def conversations_of(actor: Actor, *, limit: int = 50) -> list[Conversation]:
    """The contact's, where something was last said first. One query."""
    rows = Conversation.objects.visible_to(actor).select_related(*_WITH)
    return list(rows.order_by("-last_said_at", "-id")[:limit])


def page_of_conversations(
    actor: Actor, *, after: str | None = None, before: str | None = None, size: int = 25
) -> Page[Conversation]:
    """A page of them, where something was last said first. One query."""
    rows = Conversation.objects.visible_to(actor).select_related(*_WITH)
    return latest_first(rows, "last_said_at", after=after, before=before, size=size)


def conversations_at_desk(actor: Actor, *, closed: bool = False, limit: int = 100) -> list[Conversation]:
    """Those a desk sees: who waits for us longest first, then those that wait for the customer. One query."""
    rows = Conversation.objects.visible_to(actor).select_related(*_WITH)
    if closed:
        return list(rows.filter(closed_at__isnull=False).order_by("-closed_at", "-id")[:limit])
    return list(rows.filter(closed_at=None).order_by(F("waits_since").asc(nulls_last=True), "-last_said_at")[:limit])


def waiting_for_us(actor: Actor, *, limit: int = 50) -> list[Conversation]:
    """Open conversations in which the customer had the last word, the longest wait first. One query."""
    rows = Conversation.objects.visible_to(actor).filter(closed_at=None, waits_since__isnull=False)
    return list(rows.select_related("account").order_by("waits_since")[:limit])


def lines_after(actor: Actor, conversation: Conversation, after: int = 0) -> list[Utterance]:
    """What was said after the line `after`, oldest first; internal notes for staff at their own desk. One query."""
    lines = conversation.lines.filter(pk__gt=after)
    if actor.contact_id is not None or not actor.is_staff:
        lines = lines.filter(is_internal=False)
    return list(lines)


def is_there(conversation: Conversation, *, staff: bool, now: datetime, within: timedelta) -> bool:
    """Whether the other side has it before them now."""
    at = conversation.staff_here_at if staff else conversation.customer_here_at
    return at is not None and now - at <= within


def colleagues(*, now: datetime) -> QuerySet[Rep]:
    """Everybody a conversation can be handed to: who is there."""
    return Rep.objects.there(timezone.localdate(now)).select_related("user").order_by("desk", "user__name")


def unread_notices(event: Event) -> list[dict]:
    """conversation.unread: what was said, to the side that has not read it; see `accounts.services.tell`."""
    facts = event.facts
    number = event.subject.partition(":")[2]
    conversation = Conversation.objects.select_related(*_WITH).get(number=number)
    lines = conversation.lines.filter(
        pk__gte=facts["first"], pk__lte=facts["last"], from_staff=facts["from_staff"], is_internal=False
    )
    told = {"conversation": conversation, "lines": list(lines)}
    key = f"conversation:{number}:{facts['last']}"
    if facts["from_staff"]:
        return _to_contact(conversation, key, told)
    return _to_staff(conversation, key, "conversation_customer", told, now=event.occurred_at)


def hand_over_notices(event: Event) -> list[dict]:
    """conversation.handed_over: to who owns it now, with all that was said."""
    number = event.subject.partition(":")[2]
    conversation = Conversation.objects.select_related(*_WITH).get(number=number)
    told = {"conversation": conversation, "lines": list(conversation.lines.all()), "by": event.actor_name}
    return _to_staff(
        conversation, f"conversation-handed:{event.pk}", "conversation_handed_over", told, now=event.occurred_at
    )


def _to_contact(conversation: Conversation, key: str, told: dict) -> list[dict]:
    contact = conversation.contact
    if contact is None or not contact.email or not contact.is_active:
        return []
    return [
        {
            "key": key,
            "to": contact.email,
            "contact_id": contact.pk,
            "template": "conversation_staff",
            "context": told,
            "language": contact.language,
            "account_id": conversation.account_id,
            "headers": reply_headers("talk", conversation.pk),
        }
    ]


def _to_staff(conversation: Conversation, key: str, template: str, told: dict, *, now: datetime) -> list[dict]:
    return [
        {
            "key": f"{key}:{rep.pk}",
            "to": rep.user.email,
            "template": template,
            "context": told,
            "language": rep.user.language,
            "account_id": conversation.account_id,
        }
        for rep in _in_charge(conversation, now)
    ]


def _in_charge(conversation: Conversation, now: datetime) -> Sequence[Rep]:
    """The owner, while they are away their deputy; else everybody at the desk it was addressed to."""
    owner = conversation.owner
    people = (owner, owner.deputy) if owner else ()
    there = [rep for rep in people if rep and rep.is_there(timezone.localdate(now))]
    if there:
        return there[:1]
    desk = Rep.Desk.SERVICE if conversation.desk == Conversation.Desk.SERVICE else Rep.Desk.MANAGER
    return list(colleagues(now=now).filter(desk=desk))
