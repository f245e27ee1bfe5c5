"""Mails that come in: put on the case, the conversation or the account's timeline, once, and kept off where a machine
wrote them.

1. What answers a mail of ours says by its address what it is about. What comes to the service address is a new case, or
   goes on with one (`cases.services.mails`).
2. Who sends more than a person would is held back: their mails wait for the desk, nothing is answered, and operations
   is told, once a day.
"""

from datetime import datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import Contact
from apps.cases.errors import TooManyMails
from apps.cases.models import Case, Conversation, FollowUp, WaitingMail
from apps.cases.rules import WorkingTime
from apps.cases.rules.mails import MOST_OF_SENDER
from apps.cases.services import propose_follow_up
from apps.cases.services.conversations import say
from apps.cases.services.mails import keep_waiting, put_on_case, speaks_as, take_service_mail
from apps.core.events import record
from apps.core.incoming import Incoming
from apps.core.models import IncomingMail
from apps.core.replies import meant_by
from apps.feedback.models import Answer, Invitation

Outcome = IncomingMail.Outcome
READ_WITHIN_DAYS = 1


@transaction.atomic
def take_in(mail: Incoming, *, now: datetime) -> IncomingMail:
    """Put a mail where it belongs; the same mail again is the one from before, and does nothing.

    To a case or a conversation: a message of its contact. To a question about a delivery: the case that its answer
    opened, else `mail.received` on the account's timeline and something for the rep to read. To the service address:
    a case. Records `mail.held_back` for the first of too many.
    """
    kept, is_new = IncomingMail.objects.select_for_update().get_or_create(
        key=mail.key, defaults={"outcome": Outcome.UNKNOWN, "sender_key": _key_of(mail.sender), "received_at": now}
    )
    if not is_new:
        return kept
    meant = next((found for to in mail.recipients if (found := meant_by(to))), None)
    is_ours = meant is not None or _is_to_service(mail)
    if mail.by_machine:
        kept.outcome, kept.reason = Outcome.MACHINE, mail.by_machine
    elif is_ours and not (mail.words or mail.files or (meant is None and mail.subject)):
        kept.outcome = Outcome.EMPTY
    elif is_ours:
        kept.outcome, kept.reason, kept.subject = _placed(kept, meant, mail, now)
    kept.save(update_fields=["outcome", "reason", "subject"])
    return kept


def _placed(kept: IncomingMail, meant: tuple[str, int] | None, mail: Incoming, now: datetime) -> tuple[str, str, str]:
    """(outcome, reason, subject) of a mail of a person, put where it belongs."""
    if _is_crowd(kept, now):
        return _held_back(kept, meant, mail, "sender", now)
    try:
        with transaction.atomic():
            put = _PUTS.get(meant[0], _nowhere) if meant else None
            subject = put(meant[1], mail, now) if put else take_service_mail(mail, now=now)
    except TooManyMails:
        return _held_back(kept, meant, mail, "thread", now)
    if subject.startswith("waiting:"):
        return Outcome.WAITING, "", subject
    return (Outcome.TAKEN if subject else Outcome.UNKNOWN), "", subject


def _is_crowd(kept: IncomingMail, now: datetime) -> bool:
    others = IncomingMail.objects.filter(sender_key=kept.sender_key).exclude(pk=kept.pk)
    others = others.exclude(outcome=Outcome.MACHINE)
    return any(others.filter(received_at__gt=now - within).count() >= most for within, most in MOST_OF_SENDER)


def _held_back(
    kept: IncomingMail, meant: tuple[str, int] | None, mail: Incoming, reason: str, now: datetime
) -> tuple[str, str, str]:
    """Nothing is lost while the desk can still read it: the mail waits. Operations is told of the first in a day."""
    case = Case.objects.filter(pk=meant[1]).first() if meant and meant[0] == "case" else None
    try:
        with transaction.atomic():
            subject = keep_waiting(mail, WaitingMail.Why.TOO_MANY, case=case, now=now)
    except TooManyMails:
        subject = ""
    held = IncomingMail.objects.filter(sender_key=kept.sender_key, outcome=Outcome.HELD)
    if not held.filter(received_at__gt=now - timedelta(days=1)).exists():
        about = {"case": case.number} if case else {}
        record("mail.held_back", f"mail:{kept.pk}", at=now, because=reason, **about)
    return Outcome.HELD, reason, subject


def _key_of(address: str) -> str:
    return salted_hmac("feedback.inbox", address.lower(), algorithm="sha256").hexdigest()


def _is_to_service(mail: Incoming) -> bool:
    ours = parseaddr(settings.SERVICE_ADDRESS)[1].lower()
    return bool(ours) and any(to.lower() == ours for to in mail.recipients)


@transaction.atomic
def refuse_large(key: str, *, now: datetime) -> IncomingMail:
    """Note that a mail was refused for its size; who handed it over tells the sender."""
    defaults = {"outcome": Outcome.TOO_LARGE, "received_at": now}
    return IncomingMail.objects.get_or_create(key=key, defaults=defaults)[0]


def _on_case(case_id: int, mail: Incoming, now: datetime) -> str:
    case = Case.objects.select_related("account", "contact", "merged_into").filter(pk=case_id).first()
    if case is None or not case.reached_at:
        return ""
    return put_on_case(case, mail, who=case.contact, now=now)


def _in_conversation(conversation_id: int, mail: Incoming, now: datetime) -> str:
    rows = Conversation.objects.select_related("account", "contact")
    conversation = rows.filter(pk=conversation_id, contact__isnull=False).first()
    if conversation is None:
        return ""
    say(speaks_as(conversation.contact), conversation, body=_signed(mail, conversation.contact), now=now)
    return f"conversation:{conversation.number}"


def _on_question(invitation_id: int, mail: Incoming, now: datetime) -> str:
    rows = Invitation.objects.select_related("shipment", "contact__account", "account")
    invitation = rows.filter(pk=invitation_id).first()
    if invitation is None or invitation.contact is None:
        return ""
    contact = invitation.contact
    answered = Answer.objects.filter(invitation=invitation).values_list("pk", flat=True).first()
    opened = Case.objects.select_related("account", "contact", "merged_into").filter(source_ref=f"answer:{answered}")
    if (case := opened.first()) is not None:
        return put_on_case(case, mail, who=contact, now=now)
    record(
        "mail.received",
        invitation.about,
        account_id=invitation.account_id,
        at=now,
        actor=speaks_as(contact),
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


def _signed(mail: Incoming, contact: Contact) -> str:
    """The words; where files came along or the words from another address than ours to the contact went to, that is
    said."""
    with translation.override(contact.language):
        notes = []
        if mail.files:
            words = ngettext(
                "[%(count)s attachment was not taken: send it in the portal.]",
                "[%(count)s attachments were not taken: send them in the portal.]",
                len(mail.files),
            )
            notes.append(words % {"count": len(mail.files)})
        if mail.sender.lower() != contact.email.lower():
            notes.append(_("[Sent from %(address)s]") % {"address": mail.sender})
    return "\n\n".join(part for part in (mail.words, *notes) if part)
