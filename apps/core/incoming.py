"""A mail that came in, as far as it is a message of a person: who, to what, in which words.

1. What a machine wrote is told by its headers (RFC 3834, RFC 2369, RFC 3464): it is kept off, or two machines would
   answer each other for ever. So is a mail of our own that came back.
2. The words are the plain part, else the text of the HTML part; what they quote of our mail is left out.
3. Words beyond the limit and attachments are left out, and the message says so.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import getaddresses, parseaddr

from django.conf import settings
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.text import folded, plain

MOST_BYTES = 10_000_000
MOST_WORDS = 4500  # characters
_AUTO_PRECEDENCE = {"bulk", "list", "junk", "auto_reply"}
_LIST_HEADERS = ("List-Id", "List-Unsubscribe", "List-Post", "X-Autoreply", "X-Autorespond", "Feedback-Type")
_MACHINES = re.compile(r"^(mailer-daemon|postmaster|no-?reply|bounces?)([+@-]|$)", re.IGNORECASE)
_QUOTES_FROM = re.compile(
    r"^\s*(?:(?:On|Am|Le|El)\b.{0,200}(?:wrote|schrieb|écrit|escribió)\b.{0,80}:|-{2,}\s*Original Message.*|_{10,})\s*$"
)


@dataclass(frozen=True, slots=True)
class Incoming:
    """`key` names the mail for good; `recipients` are all addresses it was brought to; `sender` an address."""

    key: str
    sender: str
    sender_name: str
    recipients: tuple[str, ...]
    words: str
    by_machine: str  # why it is taken for a machine's; empty for a person's


def incoming(message: EmailMessage, *, envelope_to: Iterable[str] = (), envelope_from: str | None = None) -> Incoming:
    """What a parsed mail says; `envelope_from` is "" for a bounce, None where it is not known."""
    name, sender = parseaddr(str(message.get("From", "")))
    headers = [
        str(value) for header in ("To", "Cc", "Delivered-To", "X-Original-To") for value in message.get_all(header, [])
    ]
    recipients = [address for _name, address in getaddresses(headers)] + [to for to in envelope_to if to]
    return Incoming(
        key=_key(message),
        sender=sender,
        sender_name=folded(name)[:120],
        recipients=tuple(dict.fromkeys(recipients)),
        words=_words(message),
        by_machine=_by_machine(message, sender, envelope_from),
    )


def _key(message: EmailMessage) -> str:
    """The same for every copy of a mail, whatever servers it went through."""
    name = str(message.get("Message-ID", "")).strip() or f"{message.get('From')}{message.get('Date')}{_words(message)}"
    return hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()


def _by_machine(message: EmailMessage, sender: str, envelope_from: str | None) -> str:
    automatic = str(message.get("Auto-Submitted", "no")).partition(";")[0].strip().lower()
    verdicts = (
        (automatic != "no", "auto_submitted"),
        (any(header in message for header in _LIST_HEADERS), "list"),
        (str(message.get("Precedence", "")).strip().lower() in _AUTO_PRECEDENCE, "precedence"),
        (message.get_content_type() == "multipart/report", "report"),
        (envelope_from == "" or str(message.get("Return-Path", "")).strip() == "<>", "bounce"),
        (_MACHINES.match(sender) is not None or not sender, "sender"),
        (_is_our_own(str(message.get("Message-ID", ""))), "our_own"),
    )
    return next((why for applies, why in verdicts if applies), "")


def _is_our_own(message_id: str) -> bool:
    name, _at, domain = message_id.strip().strip("<>").rpartition("@")
    ours = {
        parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2],
        settings.PORTAL_URL.partition("://")[2].partition(":")[0],
    }
    return domain in ours and re.fullmatch(r"[0-9a-f]{32}|survey-\d+-[0-9a-f]{16}", name) is not None


def _words(message: EmailMessage) -> str:
    words = without_quotes(_text_of(message))
    notes = []
    if len(words) > MOST_WORDS:
        words = words[:MOST_WORDS].rstrip()
        notes.append(_("The mail was longer: only the beginning was taken."))
    files = sum(part.get_content_disposition() == "attachment" for part in message.walk())
    if files:
        notes.append(
            ngettext(
                "%(count)s attachment was not taken: send it in the portal.",
                "%(count)s attachments were not taken: send them in the portal.",
                files,
            )
            % {"count": files}
        )
    return "\n\n".join([part for part in (words, *(f"[{note}]" for note in notes)) if part])


def _text_of(message: EmailMessage) -> str:
    for kind in ("plain", "html"):
        body = message.get_body((kind,))
        if body is not None:
            try:
                text = body.get_content()
            except (LookupError, ValueError, KeyError):  # a charset that nobody knows
                text = body.get_payload(decode=True).decode("utf-8", "replace")
            return plain(strip_tags(_LINES.sub("\n", text)) if kind == "html" else text)
    return ""


_LINES = re.compile(r"<br\s*/?>|</p>|</div>|<style.*?</style>|<head.*?</head>", re.IGNORECASE | re.DOTALL)


def without_quotes(text: str) -> str:
    """What somebody wrote above and between what they quote of an earlier mail."""
    kept = []
    for line in text.replace("\r\n", "\n").split("\n"):
        if _QUOTES_FROM.match(line):
            break
        if not line.lstrip().startswith(">"):
            kept.append(line.rstrip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()
