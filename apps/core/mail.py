"""Mail that is sent once, as far as anybody can know.

1. The key is claimed: a row `sending`, committed before anything is handed over. Who finds a claim already made sends
   nothing.
2. The message is handed over; the row becomes `sent`, or `failed` where the server refused or the connection broke, and
   may be claimed again.
3. A crash between the two cannot be told from success: after ten minutes the sweep calls it `unknown` and it stays so.
4. A connection that broke may have broken after the server took the message: it then arrives twice, with the same
   Message-ID, by which servers and mailboxes know a copy. That is right for what goes out here (confirmations, notices,
   replies): a copy costs a glance, one that never came costs a call or a second order. Surveys decide the other way and
   never ask twice (`feedback.sending`).
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from email.utils import parseaddr
from hashlib import sha256

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone, translation

from apps.core.models import OutgoingMail

STALE = timedelta(minutes=10)
_RTL = {"ar", "fa", "he", "ur"}


Framing = Callable[[int, str], object | None]
_framings: list[Framing] = []


def framed_by(framing: Framing) -> None:
    """Let what `framing(account id, address)` finds be `brand` in the shell of every mail about an account."""
    _framings.append(framing)


def compose(
    *,
    to: str,
    template: str,
    context: Mapping,
    language: str,
    headers: Mapping[str, str] | None = None,
    account_id: int | None = None,
) -> EmailMultiAlternatives:
    """A message in text and HTML from templates/email/<template>{_subject.txt,.txt,.html}, in the reader's language."""
    found = (framing(account_id, to) for framing in _framings) if account_id is not None else ()
    with translation.override(language):
        values = {
            **context,
            "brand": next(filter(None, found), None),
            "portal_url": settings.PORTAL_URL,
            "language": language,
            "direction": "rtl" if language.split("-")[0] in _RTL else "ltr",
        }
        message = EmailMultiAlternatives(
            subject=_subject(template, values),
            body=render_to_string(f"email/{template}.txt", values).strip() + "\n",
            to=[to],
            headers=dict(headers or {}),
        )
        message.attach_alternative(css_inline.inline(render_to_string(f"email/{template}.html", values)), "text/html")
    return message


def subject_of(template: str, context: Mapping, language: str) -> str:
    """The subject that the message would have, in the reader's language."""
    with translation.override(language):
        return _subject(template, context)


def _subject(template: str, values: Mapping) -> str:
    return " ".join(render_to_string(f"email/{template}_subject.txt", dict(values)).split())


def send_once(
    key: str,
    *,
    to: str,
    template: str,
    context: Mapping,
    language: str,
    now: datetime,
    account_id: int | None = None,
    headers: Mapping[str, str] | None = None,
) -> bool:
    """Send the message known by `key` unless it was sent before; True where it was handed over just now.

    Raises what the mail server raised, after marking the message `failed`, so that the caller's task is tried again.
    """
    message = compose(
        to=to, template=template, context=context, language=language, headers=headers, account_id=account_id
    )
    if not _claim(key, to=to, subject=message.subject, account_id=account_id, now=now):
        return False
    message.extra_headers.setdefault("Message-ID", message_id(key))
    message.metadata = {"key": key}  # a provider's report about it names it
    mail = OutgoingMail.objects.filter(key=key)
    try:
        message.send()
    except Exception as error:
        mail.update(state=OutgoingMail.State.FAILED, error=str(error)[:500])
        raise
    mail.update(state=OutgoingMail.State.SENT, sent_at=timezone.now(), error="")
    return True


def message_id(key: str) -> str:
    """The same for every copy of a message, and another for that of another portal."""
    name = sha256(f"{settings.PORTAL_URL} {key}".encode()).hexdigest()[:32]
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{name}@{domain}>"


def _claim(key: str, *, to: str, subject: str, account_id: int | None, now: datetime) -> bool:
    _, created = OutgoingMail.objects.get_or_create(
        key=key,
        defaults={
            "to": to,
            "subject": subject[:255],
            "account_ref": account_id,
            "state": OutgoingMail.State.SENDING,
            "claimed_at": now,
        },
    )
    if created:
        return True
    failed = OutgoingMail.objects.filter(key=key, state=OutgoingMail.State.FAILED)
    return failed.update(state=OutgoingMail.State.SENDING, claimed_at=now) == 1


def settle_stale(*, now: datetime) -> int:
    """Call messages `unknown` whose sender died while handing them over; returns how many."""
    stale = OutgoingMail.objects.filter(Q(state=OutgoingMail.State.SENDING), claimed_at__lt=now - STALE)
    return stale.update(state=OutgoingMail.State.UNKNOWN)
