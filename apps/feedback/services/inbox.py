"""Answers to our mails: put on the case or the account's timeline, once, and kept off where a machine wrote them."""

from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from apps.accounts.models import Contact
from apps.cases.models import Case, Conversation, FollowUp
from apps.cases.rules import WorkingTime
from apps.cases.services import propose_follow_up, reply_to_case
from apps.cases.services.conversations import say
from apps.core.events import record
from apps.core.incoming import Incoming
from apps.core.models import IncomingMail
from apps.core.replies import meant_by
from apps.core.scoping import Actor
from apps.feedback.models import Answer, Invitation

Outcome = IncomingMail.Outcome
READ_WITHIN_DAYS = 1


@transaction.atomic
def take_in(mail: Incoming, *, now: datetime) -> IncomingMail:
    """Put a mail where it belongs; the same mail again is the one from before, and does nothing.

    To a case or a conversation: a message of its contact. To a question about a delivery: the case that its answer
    opened, else `mail.received` on the account's timeline and something for the rep to read.
    """
    kept, is_new = IncomingMail.objects.select_for_update().get_or_create(
        key=mail.key, defaults={"outcome": Outcome.UNKNOWN, "received_at": now}
    )
    if not is_new:
        return kept
    meant = next((found for to in mail.recipients if (found := meant_by(to))), None)
    if mail.by_machine:
        kept.outcome, kept.reason = Outcome.MACHINE, mail.by_machine
    elif meant is not None and not mail.words:
        kept.outcome = Outcome.EMPTY
    elif meant is not None:
        kept.subject = _PUTS.get(meant[0], _nowhere)(meant[1], mail, now)
        kept.outcome = Outcome.TAKEN if kept.subject else Outcome.UNKNOWN
    kept.save(update_fields=["outcome", "reason", "subject"])
    return kept


@transaction.atomic
def refuse_large(key: str, *, now: datetime) -> IncomingMail:
    """Note that a mail was refused for its size; who handed it over tells the sender."""
    defaults = {"outcome": Outcome.TOO_LARGE, "received_at": now}
    return IncomingMail.objects.get_or_create(key=key, defaults=defaults)[0]


def _on_case(case_id: int, mail: Incoming, now: datetime) -> str:
    case = Case.objects.select_related("account", "contact").filter(pk=case_id).first()
    if case is None or case.contact is None:
        return ""
    return _say(case, case.contact, mail, now)


def _say(case: Case, contact: Contact, mail: Incoming, now: datetime) -> str:
    reply_to_case(_as(contact), case, body=_signed(mail, contact), now=now)
    return f"case:{case.number}"


def _in_conversation(conversation_id: int, mail: Incoming, now: datetime) -> str:
    rows = Conversation.objects.select_related("account", "contact")
    conversation = rows.filter(pk=conversation_id, contact__isnull=False).first()
    if conversation is None:
        return ""
    say(_as(conversation.contact), conversation, body=_signed(mail, conversation.contact), now=now)
    return f"conversation:{conversation.number}"


def _on_question(invitation_id: int, mail: Incoming, now: datetime) -> str:
    rows = Invitation.objects.select_related("shipment", "contact__account", "account")
    invitation = rows.filter(pk=invitation_id).first()
    if invitation is None or invitation.contact is None:
        return ""
    contact = invitation.contact
    answered = Answer.objects.filter(invitation=invitation).values_list("pk", flat=True).first()
    opened = Case.objects.select_related("account").filter(source_ref=f"answer:{answered}")
    if (case := opened.first()) is not None:
        return _say(case, contact, mail, now)
    record(
        "mail.received",
        invitation.about,
        account_id=invitation.account_id,
        at=now,
        actor=_as(contact),
        contact=contact.name,
        contact_id=contact.pk,
        comment=_signed(mail, contact)[:2000],
    )
    _for_the_rep(invitation, mail, now)
    return invitation.about


def _for_the_rep(invitation: Invitation, mail: Incoming, now: datetime) -> None:
    account, contact = invitation.account, invitation.contact
    working = WorkingTime(zone=account.time_zone, weekdays=account.working_days)
    propose_follow_up(
        account_id=account.pk,
        kind=FollowUp.Kind.CALL,
        title=_("%(name)s wrote back to our question: read it and answer") % {"name": contact.name},
        detail=_signed(mail, contact),
        source_ref=f"mail:{mail.key[:40]}",
        owner_id=account.rep_id,
        contact_id=contact.pk,
        due_on=working.next_day(working.local(now).date(), READ_WITHIN_DAYS),
        now=now,
    )


def _nowhere(_number: int, _mail: Incoming, _now: datetime) -> str:
    return ""


_PUTS = {"case": _on_case, "question": _on_question, "talk": _in_conversation}


def _as(contact: Contact) -> Actor:
    """The contact: whoever has the address of a reply has the mail that it stood in."""
    return Actor(
        role=contact.role,
        user_id=contact.user_id,
        account_id=contact.account_id,
        account_ids=(contact.account_id,),
        contact_id=contact.pk,
        name=contact.name,
    )


def _signed(mail: Incoming, contact: Contact) -> str:
    """The words; where they came from another address than ours to the contact went to, that is said."""
    if mail.sender.lower() == contact.email.lower():
        return mail.words
    with translation.override(contact.language):
        return mail.words + "\n\n" + _("[Sent from %(address)s]") % {"address": mail.sender}
