"""`manage.py take_mail < mail`: what a mail server's pipe hands over; the mail is on standard input as it came.

Answers to our mails come so, and what customers write to the service address.

Exit codes are those of sysexits.h: 0 taken or kept off in silence, 65 not for us or too large (the server tells the
sender, with the words on standard error), 75 to try again later.
"""

import hashlib
import sys
from email import message_from_bytes, policy

from django.core.management.base import BaseCommand
from django.db import DatabaseError
from django.utils import timezone

from apps.core.incoming import MOST_BYTES, incoming
from apps.core.models import IncomingMail
from apps.feedback.services import refuse_large, take_in

NOT_FOR_US, LATER = 65, 75


class Command(BaseCommand):
    help = "Take in a mail from standard input: an answer to one of ours, or a case for the service desk."

    def add_arguments(self, parser):
        parser.add_argument("--to", action="append", default=[], help="envelope recipient, where the server tells it")
        parser.add_argument("--sender", default=None, help='envelope sender; "" for a bounce')

    def handle(self, *, to, sender, **options):
        content = sys.stdin.buffer.read(MOST_BYTES + 1)
        try:
            code, words = self._take(content, to, sender)
        except DatabaseError:
            code, words = LATER, "Not now: try again later."
        if words:
            self.stderr.write(words)
        if code:
            sys.exit(code)

    def _take(self, content: bytes, to: list[str], sender: str | None) -> tuple[int, str]:
        if len(content) > MOST_BYTES:
            refuse_large(hashlib.sha256(content).hexdigest(), now=timezone.now())
            return NOT_FOR_US, f"This mail is larger than {MOST_BYTES // 10**6} MB: please send your files one by one."
        message = message_from_bytes(content, policy=policy.default)
        kept = take_in(incoming(message, envelope_to=to, envelope_from=sender), now=timezone.now())
        if kept.outcome == IncomingMail.Outcome.UNKNOWN:
            return NOT_FOR_US, "This address takes no mail: please answer a mail of ours, or write to us in the portal."
        if kept.outcome == IncomingMail.Outcome.EMPTY:
            return NOT_FOR_US, "There was not a word in this mail: please write above what you quote."
        return 0, ""
