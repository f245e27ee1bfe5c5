"""The sweep that sends what is due: from the schedule, from cron, from as many workers as there are.

One connection to the mail server for each batch. A refusal that the server gave in words lets the message be sent
later, or never where it knows no such address; a connection that broke while a message was handed over leaves it
unknown. Either way no message goes out twice.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPException, SMTPHeloError, SMTPRecipientsRefused, SMTPSenderRefused

from anymail.exceptions import AnymailError, AnymailRecipientsRefused
from django.core.mail import get_connection

from apps.feedback import letters
from apps.feedback.services import handover, settle_votes
from apps.feedback.services.handover import InHand

log = logging.getLogger(__name__)

BATCH = 100  # messages for each connection to the mail server
HANDFUL = 5  # messages for each commit, and the most that a crash leaves in doubt
Clock = Callable[[], datetime]
_REFUSED_IN_WORDS = (SMTPSenderRefused, SMTPDataError, SMTPHeloError)
_BROKEN = (SMTPException, AnymailError, OSError)


def send_due(*, clock: Clock, seconds: float = 50) -> int:
    """Send what is due, for about so many seconds; returns how many messages the mail server took.

    `clock` tells the time. First votes that are ripe count, questions whose time is over are closed, and invitations
    whose hours went by are moved to the next window.
    """
    until = clock() + timedelta(seconds=seconds)
    settle_votes(now=clock())
    handover.expire(now=clock())
    handover.postpone_missed(now=clock())
    handover.postpone_reminders(now=clock())
    sent, going = 0, True
    while going and clock() < until:
        batch = handover.claim_due(now=clock(), size=BATCH)
        if not batch:
            break
        taken, going = _send_batch(batch, clock)
        sent += taken
    return sent + (_remind(clock) if going else 0)


def _send_batch(batch: list[dict], clock: Clock) -> tuple[int, bool]:
    """(messages taken, whether to go on). What was not handed over is given back."""
    post = get_connection()
    try:
        post.open()
    except _BROKEN as error:
        log.warning("mail server unreachable, invitations wait: %s", error)
        handover.give_back([row["id"] for row in batch], now=clock())
        return 0, False
    try:
        return _hand_over_all(post, batch, clock)
    finally:
        post.close()


def _hand_over_all(post, batch: list[dict], clock: Clock) -> tuple[int, bool]:
    sent, done, going = 0, [], True
    for start in range(0, len(batch), HANDFUL):
        handful = [InHand(row, handover.new_token()) for row in batch[start : start + HANDFUL]]
        written = [(one, letters.letter(one.row, one.token)) for one in handful]
        mine = handover.move_on(done, handful, now=clock())
        done, going = _hand_over_handful(post, [(one, message) for one, message in written if one.id in mine], clock)
        sent += len(done)
        if not going:
            handover.give_back([row["id"] for row in batch[start + HANDFUL :]], now=clock())
            break
    handover.move_on(done, [], now=clock())
    return sent, going


def _hand_over_handful(post, written: list, clock: Clock) -> tuple[list[InHand], bool]:
    """(what the server took, whether to go on)."""
    taken = []
    for place, (one, message) in enumerate(written):
        try:
            if _hand_over(post, message, one.row, clock):
                taken.append(one)
        except _BROKEN as error:
            log.warning("mail server lost while invitation %s was handed over: %s", one.id, error)
            handover.lose_track(one.id)
            handover.give_back([later.id for later, _message in written[place + 1 :]], now=clock())
            return taken, False
    return taken, True


def _hand_over(post, message, row: dict, clock: Clock) -> bool:
    """True where the server took the message, False where it said no, or the address is none at all."""
    try:
        post.send_messages([message])
    except ValueError:
        handover.refuse_address(row["id"], now=clock())
        return False
    except (SMTPRecipientsRefused, AnymailRecipientsRefused) as refusal:
        if _for_good(refusal):
            handover.refuse_address(row["id"], now=clock())
        else:
            handover.give_back([row["id"]], now=clock())
        return False
    except _REFUSED_IN_WORDS as refusal:
        log.warning("mail server refused invitation %s: %s", row["id"], refusal)
        handover.give_back([row["id"]], now=clock())
        return False
    return True


def _for_good(refusal: Exception) -> bool:
    """A code from 500 on says that no later try will do; a provider's interface only refuses for good."""
    if isinstance(refusal, SMTPRecipientsRefused):
        return all(code >= 500 for code, _words in refusal.recipients.values())
    return True


def _remind(clock: Clock) -> int:
    """Each reminder is marked before it is handed over: it is lost in a crash rather than sent twice."""
    due = handover.reminders_due(now=clock())
    if not due:
        return 0
    sent = 0
    post = get_connection()
    try:
        post.open()
        for row in due:
            token = handover.new_token()
            if handover.start_reminding(row, token=token, now=clock()):
                sent += _hand_over_reminder(post, row, token)
    except _BROKEN as error:
        log.warning("mail server unreachable, reminders wait: %s", error)
    finally:
        post.close()
    return sent


def _hand_over_reminder(post, row: dict, token: str) -> int:
    try:
        return post.send_messages([letters.letter(row, token, kind="survey_reminder")]) or 0
    except (SMTPRecipientsRefused, *_REFUSED_IN_WORDS) as refusal:
        log.warning("reminder for invitation %s refused: %s", row["id"], refusal)
        return 0
