"""The development mailbox: every message is a file in `settings.MAILBOX_DIR`, read by a page of the portal."""

import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

_ID = re.compile(r"[0-9]{8}T[0-9]{12}-[0-9a-f]{8}")


class MailboxBackend(BaseEmailBackend):
    """Keeps each message as one file; a half-written one is never seen."""

    def send_messages(self, email_messages) -> int:
        folder = Path(settings.MAILBOX_DIR)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{timezone.now():%Y%m%dT%H%M%S%f}-{uuid.uuid4().hex[:8]}"
            part = folder / f"{name}.part"
            part.write_bytes(message.message().as_bytes())
            part.rename(folder / f"{name}.eml")
        return len(email_messages)


@dataclass(frozen=True)
class Message:
    id: str
    to: str
    sender: str
    subject: str
    sent_at: datetime
    text: str
    html: str
    headers: tuple[tuple[str, str], ...]


def messages(limit: int = 100) -> list[Message]:
    """The latest messages, newest first."""
    if not settings.MAILBOX_DIR:
        return []
    files = sorted(Path(settings.MAILBOX_DIR).glob("*.eml"), reverse=True)[:limit]
    return [_read(file) for file in files]


def message(message_id: str) -> Message | None:
    """One message, or None where there is none of that id."""
    if not settings.MAILBOX_DIR or not _ID.fullmatch(message_id):
        return None
    file = Path(settings.MAILBOX_DIR) / f"{message_id}.eml"
    return _read(file) if file.is_file() else None


def _instant(date_header: str) -> datetime:
    """The moment of a Date header; "-0000" says UTC without naming a place, and is read without a zone."""
    moment = parsedate_to_datetime(date_header)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _read(file: Path) -> Message:
    mail: EmailMessage = message_from_bytes(file.read_bytes(), policy=policy.default)
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    return Message(
        id=file.stem,
        to=str(mail["To"]),
        sender=str(mail["From"]),
        subject=str(mail["Subject"]),
        sent_at=_instant(str(mail["Date"])),
        text=text.get_content() if text else "",
        html=html.get_content() if html else "",
        headers=tuple((name, str(value)) for name, value in mail.items()),
    )
