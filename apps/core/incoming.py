"""A mail that came in, as far as it is a message of a person: who, to what, in which words, with which files.

1. What a machine wrote is told by its headers (RFC 3834, RFC 2369, RFC 3464): it is kept off, or two machines would
   answer each other for ever. So is a mail of our own that came back, and one from an address of ours.
2. The words are those of `mail_text`: what they quote of our mail and a signature are kept apart.
3. Words beyond the limit are left out, and the message says so. A file that is too large is known by its name alone:
   it is not even decoded, so that a mail takes no more memory than itself.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import getaddresses, parseaddr

from django.conf import settings
from django.utils.translation import gettext as _

from apps.core.attachments import shown_name
from apps.core.mail_text import text_of, unquoted
from apps.core.slimming import OMITTED
from apps.core.text import folded, plain

MOST_BYTES = 45_000_000  # files of 30 MB as they travel, and the words
MOST_WORDS = 4500  # characters
MOST_FILES = 10
LONGEST_SUBJECT = 160
_LOGO_BYTES = 20_000  # a smaller picture that the text shows is a signature's, not something sent
_AUTO_PRECEDENCE = {"bulk", "list", "junk", "auto_reply"}
_LIST_HEADERS = ("List-Id", "List-Unsubscribe", "List-Post", "X-Autoreply", "X-Autorespond", "Feedback-Type")
_MACHINES = re.compile(r"^(mailer-daemon|postmaster|no-?reply|bounces?)([+@-]|$)", re.IGNORECASE)
_ANSWERED = re.compile(r"^((re|aw|fwd?|wg|sv|antw|tr)\s*(\[\d+\])?\s*:\s*)+", re.IGNORECASE)
_ID = re.compile(r"<[^<>\s]{3,240}>")


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as it came; `content` is None where it is too large to be kept."""

    name: str
    content: bytes | None


@dataclass(frozen=True, slots=True)
class Incoming:
    """`key` names the mail for good; `recipients` are all addresses it was brought to; `sender` an address.

    `thread` are the keys of the mails that it answers, `message_id` its own name as its answers give it.
    """

    key: str
    sender: str
    sender_name: str
    recipients: tuple[str, ...]
    words: str
    by_machine: str  # why it is taken for a machine's; empty for a person's
    subject: str = ""
    quoted: str = ""
    message_id: str = ""
    thread: tuple[str, ...] = ()
    files: tuple[SentFile, ...] = ()


def incoming(message: EmailMessage, *, envelope_to: Iterable[str] = (), envelope_from: str | None = None) -> Incoming:
    """What a parsed mail says; `envelope_from` is "" for a bounce, None where it is not known."""
    name, sender = parseaddr(_header(message, "From"))
    headers = [
        str(value) for header in ("To", "Cc", "Delivered-To", "X-Original-To") for value in message.get_all(header, [])
    ]
    recipients = [address for _name, address in getaddresses(headers)] + [to for to in envelope_to if to]
    words, quoted = unquoted(text_of(message))
    return Incoming(
        key=_key(message, words),
        sender=plain(sender)[:254],
        sender_name=folded(name)[:120],
        recipients=tuple(dict.fromkeys(recipients)),
        words=_cut(words),
        by_machine=_by_machine(message, sender, envelope_from),
        subject=_ANSWERED.sub("", folded(_header(message, "Subject")))[:LONGEST_SUBJECT],
        quoted=quoted[:MOST_WORDS],
        message_id=next(iter(_ID.findall(_header(message, "Message-ID"))), ""),
        thread=tuple(_hash(each) for each in _answered(message)),
        files=tuple(_files(message)),
    )


def _header(message: EmailMessage, name: str) -> str:
    """A header as text; empty where it cannot be read."""
    try:
        return str(message.get(name, ""))
    except (ValueError, IndexError, AttributeError, LookupError):  # what the parser of the standard library trips over
        return ""


def _key(message: EmailMessage, words: str) -> str:
    """The same for every copy of a mail, whatever servers it went through."""
    return _hash(_header(message, "Message-ID").strip() or f"{message.get('From')}{message.get('Date')}{words}")


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()


def _answered(message: EmailMessage) -> list[str]:
    """The names of the mails before it, the latest first; at most twenty."""
    named = _ID.findall(f"{_header(message, 'References')} {_header(message, 'In-Reply-To')}")
    return list(dict.fromkeys(reversed(named)))[:20]


def _by_machine(message: EmailMessage, sender: str, envelope_from: str | None) -> str:
    automatic = _header(message, "Auto-Submitted").partition(";")[0].strip().lower() or "no"
    verdicts = (
        (automatic != "no", "auto_submitted"),
        (any(header in message for header in _LIST_HEADERS), "list"),
        (_header(message, "Precedence").strip().lower() in _AUTO_PRECEDENCE, "precedence"),
        (message.get_content_type() == "multipart/report", "report"),
        (envelope_from == "" or _header(message, "Return-Path").strip() == "<>", "bounce"),
        (_MACHINES.match(sender) is not None or not sender, "sender"),
        (_is_our_own(_header(message, "Message-ID")) or sender.lower() in _our_addresses(), "our_own"),
    )
    return next((why for applies, why in verdicts if applies), "")


def _our_addresses() -> set[str]:
    named = (settings.DEFAULT_FROM_EMAIL, settings.REPLY_TO, settings.SERVICE_ADDRESS)
    return {parseaddr(each)[1].lower() for each in named if each}


def _is_our_own(message_id: str) -> bool:
    name, _at, domain = message_id.strip().strip("<>").rpartition("@")
    ours = {
        parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2],
        settings.PORTAL_URL.partition("://")[2].partition(":")[0],
    }
    return domain in ours and re.fullmatch(r"[0-9a-f]{32}|survey-\d+-[0-9a-f]{16}", name) is not None


def _cut(words: str) -> str:
    if len(words) <= MOST_WORDS:
        return words
    return f"{words[:MOST_WORDS].rstrip()}\n\n[{_('The mail was longer: only the beginning was taken.')}]"


def _files(message: EmailMessage) -> Iterable[SentFile]:
    """What was sent along, in order; without content from where it is more than a mail may bring."""
    left = settings.MAIL_MOST_BYTES
    parts = [part for part in message.walk() if not part.is_multipart() and _is_sent(part)]
    for at, part in enumerate(parts):
        size = _size(part)
        fits = size <= min(left, settings.CASE_FILE_MOST_BYTES) and at < MOST_FILES
        left -= size if fits else 0
        content = (part.get_payload(decode=True) or b"") if fits else None
        yield SentFile(_name(part), None if content == OMITTED else content)


def _is_sent(part: EmailMessage) -> bool:
    """Whether it is a file of its own: not the text, nor a small picture that the text shows."""
    if part.get_content_disposition() == "attachment":
        return True
    if part.get_content_maintype() == "text" and not part.get_filename():
        return False
    is_shown = _header(part, "Content-ID").strip("<> ") != ""
    return not is_shown or _size(part) > _LOGO_BYTES


def _size(part: EmailMessage) -> int:
    """In bytes, about; as it travels a file in base64 is a third longer."""
    kept = part.get_payload()
    length = len(kept) if isinstance(kept, str | bytes) else 0
    return length * 3 // 4 if _header(part, "Content-Transfer-Encoding").strip().lower() == "base64" else length


def _name(part: EmailMessage) -> str:
    try:
        return shown_name(part.get_filename() or "") or part.get_content_type()
    except (ValueError, LookupError, AttributeError):
        return part.get_content_type()
