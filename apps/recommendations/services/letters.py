"""The weekly letters about what is due: sent at most once, and put into the cart by one click.

1. The row of a letter is made before anything is handed over, once a contact and week: of two sweeps at the same time
   one finds it there and writes nothing.
2. What happens from then on, a refusal or a crash, does not bring the letter again: one that never came costs little,
   one that comes twice annoys. Only where nothing can have been handed over is its row taken back.
3. Where the mail server cannot be reached, or is lost on the way, no further letter is begun: they wait for the next
   sweep. A reader whose letter cannot be written, or is refused, holds up no other.
"""

import logging
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from smtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPDataError,
    SMTPException,
    SMTPHeloError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)
from socket import gaierror

from anymail.exceptions import AnymailAPIError, AnymailError
from django.core.mail import get_connection
from django.db import transaction

from apps.accounts.models import Contact
from apps.accounts.selectors import actor_for
from apps.core.mail import send_once
from apps.core.scoping import Actor
from apps.ordering.services import carts
from apps.recommendations.errors import LetterUsed
from apps.recommendations.letters import LetterLine, lines_due, message_of, readers_due, told_of
from apps.recommendations.models import NextOrderLetter, SuggestionKind, SuggestionPlace
from apps.recommendations.services.measuring import Noted, note_suggestions

log = logging.getLogger(__name__)
_BROKEN = (SMTPException, AnymailError, OSError)
_SERVER_LOST = (SMTPServerDisconnected, SMTPResponseException)
_NOTHING_TAKEN = (
    SMTPConnectError, SMTPHeloError, SMTPAuthenticationError, SMTPSenderRefused, ConnectionRefusedError, gaierror,
)  # fmt: skip
_CLOSING, _FOR_GOOD = 421, 500  # SMTP: the server hangs up; from here on no later try will do
_KEPT_OUT = (401, 403, 429)  # HTTP: the provider takes nothing from us, now or at all


class MailServerLost(Exception):
    """The mail server, or the provider, failed while a letter was handed over: others would fare no better."""


def send_letters(*, now: datetime) -> int:
    """Write to everybody whose letter is due; how many went out."""
    sent, is_reachable = 0, None
    for contact, on in readers_due(now):
        is_reachable = _is_reachable() if is_reachable is None else is_reachable
        if not is_reachable:
            break
        try:
            sent += write_letter(contact, on, now=now)
        except MailServerLost:
            break
        except Exception:
            log.exception("the letter about a next order to contact %s could not be written", contact.pk)
    return sent


def write_letter(contact: Contact, on: date, *, now: datetime) -> bool:
    """Write the letter of this week to a contact, who may get it; whether it went out. None with nothing in it, none
    where one was begun.

    Raises `MailServerLost` where no other letter would go out either.
    """
    lines = lines_due(contact, on, now)
    letter = _begin(contact, lines, on, now) if lines else None
    return letter is not None and _send(letter, lines, now)


def _is_reachable() -> bool:
    post = get_connection()
    try:
        post.open()
        post.close()
    except _BROKEN as error:
        log.warning("mail server unreachable, letters about next orders wait: %s", error)
        return False
    return True


def _begin(contact: Contact, lines: list[LetterLine], on: date, now: datetime) -> NextOrderLetter | None:
    """The letter of this week, or None where another has begun it."""
    values = {"account": contact.account, "on": on, "claimed_at": now, "lines": [told_of(line) for line in lines]}
    monday = on - timedelta(days=on.weekday())
    letter, made = NextOrderLetter.objects.get_or_create(contact=contact, week_on=monday, defaults=values)
    return letter if made else None


def _send(letter: NextOrderLetter, lines: list[LetterLine], now: datetime) -> bool:
    try:
        sent = send_once(**message_of(letter, lines), now=now)
    except _BROKEN as error:
        log.warning("letter %s about a next order not sent: %s", letter.pk, error)
        if _took_nothing(error):
            letter.delete()
        if _is_lost(error):
            raise MailServerLost from error
        return False
    if sent:
        NextOrderLetter.objects.filter(pk=letter.pk).update(sent_at=now)
        reader = actor_for(letter.contact.user, account_id=letter.account_id)
        kind, place = SuggestionKind.NEXT_ORDER, SuggestionPlace.MAIL
        note_suggestions(reader, [Noted("shown", kind, place, each.suggested.product.sku) for each in lines], now=now)
    return sent


def _took_nothing(error: Exception) -> bool:
    """Whether certainly nothing was handed over, whoever the reader is."""
    return isinstance(error, _NOTHING_TAKEN) or getattr(error, "status_code", None) in _KEPT_OUT


def _is_lost(error: Exception) -> bool:
    """Whether it is the server that fails, rather than this letter that it refuses."""
    if isinstance(error, SMTPRecipientsRefused):
        return any(code == _CLOSING for code, _words in error.recipients.values())
    if isinstance(error, SMTPDataError):
        return error.smtp_code < _FOR_GOOD
    if isinstance(error, AnymailAPIError):
        status = error.status_code
        return status is None or status >= 500 or status in _KEPT_OUT
    if isinstance(error, (SMTPException, AnymailError)):
        return isinstance(error, _SERVER_LOST)
    return True


@transaction.atomic
def put_into_cart(
    actor: Actor, letter: NextOrderLetter, wishes: Iterable[tuple[int, object]], *, now: datetime
) -> list[carts.Added]:
    """Put lines of a letter, (product id, quantity), into the cart of its reader: once, all of them or none.

    Raises `LetterUsed` for a second time, and what `carts.add_lines` raises.
    """
    if not NextOrderLetter.objects.filter(pk=letter.pk, used_at=None).update(used_at=now):
        raise LetterUsed()
    return carts.add_lines(actor, wishes, now=now)
