"""What a mail provider reports about a mail it took: that it arrived, came back, or was called spam.

Reports come late, twice and in any order. Each step compares and sets: what came back is not called sent by a later
report, and nothing is ever sent again.
"""

import re
from datetime import datetime

from django.db import transaction

from apps.accounts.models import Consent, Contact, Purpose
from apps.accounts.services import mark_undeliverable, object_to
from apps.core.events import record
from apps.core.models import OutgoingMail
from apps.feedback.models import Invitation

ARRIVED, CAME_BACK, COMPLAINED = "arrived", "came_back", "complained"
_SURVEY = re.compile(r"survey-([0-9]{1,18})-([0-9a-f]{16})")
_OUT = (Invitation.State.SENDING, Invitation.State.UNKNOWN, Invitation.State.SENT)


@transaction.atomic
def take_report(kind: str, *, key: str, address: str, for_good: bool = True, at: datetime, now: datetime) -> bool:
    """Note what became of the mail known by `key` to `address`; whether it was one of ours.

    `kind` is ARRIVED, CAME_BACK (`for_good`: the address does not exist) or COMPLAINED. A mail of unknown outcome that
    arrived is settled as sent. Records `survey.sent`, `survey.bounced`, `contact.objected`.
    """
    survey = _SURVEY.fullmatch(key)
    ours = _of_survey(survey, kind, at) if survey else _of_mail(key, kind, at)
    if not ours:
        return False
    if kind == CAME_BACK and for_good:
        mark_undeliverable(address, now=now)
    if kind == COMPLAINED:
        _object(address, now)
    return True


def _of_survey(survey: re.Match, kind: str, at: datetime) -> bool:
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("contact", "shipment")
    invitation = rows.filter(pk=int(survey[1])).first()
    if invitation is None:
        return False
    first, reminder = (hashed[:16] == survey[2] for hashed in (invitation.token_hash, invitation.reminder_token_hash))
    if not (first or reminder):
        return False
    if kind == ARRIVED and first and invitation.state in (Invitation.State.UNKNOWN, Invitation.State.SENDING):
        invitation.state, invitation.sent_at = Invitation.State.SENT, at
        invitation.save(update_fields=["state", "sent_at"])
        _tell("survey.sent", invitation, at)
    elif kind == CAME_BACK and invitation.state in _OUT:
        invitation.state, invitation.reason = Invitation.State.SUPPRESSED, Invitation.Reason.BOUNCED
        invitation.rest, invitation.reminder_due_at = None, None
        invitation.save(update_fields=["state", "reason", "rest", "reminder_due_at"])
        _tell("survey.bounced", invitation, at)
    elif kind == COMPLAINED:
        Invitation.objects.filter(pk=invitation.pk).update(reminder_due_at=None)
    return True


def _tell(name: str, invitation: Invitation, at: datetime) -> None:
    contact = invitation.contact
    record(
        name, invitation.about, account_id=invitation.account_id, at=at, contact=contact.name if contact else "",
        contact_id=invitation.contact_id,
    )  # fmt: skip


def _of_mail(key: str, kind: str, at: datetime) -> bool:
    mail = OutgoingMail.objects.filter(key=key)
    if kind == ARRIVED:
        unsettled = mail.filter(state__in=[OutgoingMail.State.UNKNOWN, OutgoingMail.State.SENDING])
        unsettled.update(state=OutgoingMail.State.SENT, sent_at=at)
    return mail.exists()


def _object(address: str, now: datetime) -> None:
    """Who calls a mail of ours spam wants neither questions nor offers."""
    for contact in Contact.objects.filter(email__iexact=address).order_by("pk") if address else ():
        for purpose in (Purpose.SURVEY, Purpose.MARKETING):
            object_to(contact, purpose, source=Consent.Source.MAIL, now=now)
