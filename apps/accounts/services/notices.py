"""The one way by which people are told what happened: noted in their portal, and mailed as they chose.

1. The notice is committed first, under the key of the mail, with the channel that held when it happened. Who comes
   again for the same finds it, and goes on as it says there.
2. Told at once, the mail goes out by `core.mail.send_once`. Kept for the digest, it waits for the contact's morning.
3. A digest is known by contact and local day: it is sent once whatever breaks, and not at all where all was read. What
   was told too late for it waits for the next.
4. A digest that cannot be sent for a day is given up: its news stays in the portal, and is in no digest any more.
"""

import logging
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from itertools import groupby

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.errors import ChoiceRefused, ContactNotFound
from apps.accounts.models import Contact, Notice, NoticeChoice
from apps.accounts.notices import (
    DIGEST,
    GROUPS,
    KINDS,
    MAIL,
    OFF,
    TOLD_BY,
    channel_for,
    digest_day,
    last_morning,
)
from apps.accounts.rules import may
from apps.accounts.selectors.consents import undeliverable
from apps.accounts.selectors.notices import kinds_for, waiting_digests
from apps.accounts.services.permissions import demand
from apps.core.mail import send_once, subject_of
from apps.core.models import OutgoingMail
from apps.core.scoping import Actor

log = logging.getLogger(__name__)
_HANDED_OVER = (OutgoingMail.State.SENT, OutgoingMail.State.UNKNOWN)


def tell(notices: Iterable, *, now: datetime) -> int:
    """Tell each of the notices, as their readers chose; how many mails went out just now. Safe to repeat.

    A notice is the arguments of `core.mail.send_once`, as a mapping or a named tuple. With a `contact_id` it is news
    for that contact; without, or where its template is no kind of news, it is a letter and mailed. Raises what the mail
    server raised.
    """
    return sum(_tell(notice, now) for notice in notices)


def _tell(notice, now: datetime) -> bool:
    letter = dict(notice) if isinstance(notice, Mapping) else notice._asdict()
    channel = note(letter, now=now)
    letter.pop("contact_id", None)
    if not channel:
        return send_once(**letter, now=now)
    if channel != MAIL:
        return False
    context = {**letter["context"], "news_kind": TOLD_BY[letter["template"]].kind}
    return send_once(**letter | {"context": context}, now=now)


def note(letter: Mapping, *, now: datetime) -> str:
    """Note a piece of news in its reader's portal, and where it is to be told; "" for a letter that is no news."""
    contact_id = letter.get("contact_id")
    return _channel(contact_id, letter, now) if contact_id and letter["template"] in TOLD_BY else ""


def _channel(contact_id: int, letter: Mapping, now: datetime) -> str:
    """Where it is told: as was noted when it was told first, else as the contact wants it now; nowhere where it is not
    for their role."""
    noted = Notice.objects.filter(key=letter["key"]).values_list("channel", flat=True).first()
    if noted is not None:
        return noted
    contact = Contact.objects.get(pk=contact_id)
    told = TOLD_BY[letter["template"]]
    kind = KINDS[told.kind]
    if not may(contact.role, kind.permission):
        return OFF
    chosen = NoticeChoice.objects.filter(contact=contact, kind=kind.name).values_list("channel", flat=True).first()
    channel = channel_for(kind, contact.persona, chosen or "")
    if channel == OFF:
        return OFF
    kept, _made = Notice.objects.get_or_create(
        key=letter["key"],
        defaults={
            "contact": contact,
            "account_id": letter.get("account_id") or contact.account_id,
            "kind": kind.name,
            "title": subject_of(letter["template"], letter["context"], letter["language"])[:255],
            "about": told.about(letter["context"]),
            "channel": channel,
            "told_at": now,
            "digest_on": digest_day(now, contact.time_zone) if channel == DIGEST else None,
        },
    )
    return kept.channel


def send_digests(*, now: datetime) -> int:
    """Mail the digests whose morning has come; how many went out. One that cannot be sent holds up no other."""
    sent = 0
    for notices in waiting_digests(now):
        refused = undeliverable({notice.contact.email for notice in notices} - {""})
        for (_contact, day), rows in groupby(notices, key=lambda row: (row.contact_id, row.digest_on)):
            waiting = list(rows)
            contact = waiting[0].contact
            if contact.is_active and contact.email and contact.email not in refused:
                sent += _tried_digest(contact, day, waiting, now)
            else:
                _give_up(waiting)
    return sent


def _tried_digest(contact: Contact, day: date, waiting: list[Notice], now: datetime) -> bool:
    try:
        return _send_digest(contact, day, waiting, now)
    except Exception as error:  # whatever is wrong with one digest, the others leave
        log.warning("digest of contact %s for %s not sent: %s", contact.pk, day, error)
        if day < last_morning(now, contact.time_zone):
            _give_up(waiting)
        return False


def _give_up(waiting: list[Notice]) -> None:
    """Leave it in the portal, and in no digest any more."""
    _rows(waiting).update(digest_on=None)


def _send_digest(contact: Contact, day: date, waiting: list[Notice], now: datetime) -> bool:
    unread = [notice for notice in waiting if notice.read_at is None]
    key = f"notice_digest {contact.pk} {day}"
    if unread and not send_once(
        key,
        to=contact.email,
        template="notice_digest",
        context={
            "reader": contact.name,
            "day": day,
            "groups": in_groups(unread),
            "notices": unread,
            "news_kind": "all",
        },
        language=contact.language,
        account_id=contact.account_id,
        now=now,
    ):
        _settle(key, contact, day, waiting, now)
        return False
    _rows(waiting).update(mailed_at=now)
    return bool(unread)


def _settle(key: str, contact: Contact, day: date, waiting: list[Notice], now: datetime) -> None:
    """The digest of the day went out before: mark what it told, and put off to the next day what came too late for it.

    Where some of the day is marked, all that the mail told is; where nothing is, its sender died before marking it.
    """
    mail = OutgoingMail.objects.filter(key=key, state__in=_HANDED_OVER).first()
    if mail is None:
        return  # somebody sends it at this moment
    is_marked = Notice.objects.filter(contact=contact, digest_on=day, mailed_at__isnull=False).exists()
    if not is_marked:
        _rows(waiting).filter(told_at__lte=mail.claimed_at).update(mailed_at=now)
    _rows(waiting).filter(mailed_at=None).update(digest_on=day + timedelta(days=1))


def _rows(notices: Iterable[Notice]):
    return Notice.objects.filter(pk__in=[notice.pk for notice in notices])


def in_groups(notices: Iterable[Notice]) -> list[tuple[str, list[Notice]]]:
    """Notices under the name of their group, in the order of the table."""
    found: dict[str, list[Notice]] = {}
    for notice in notices:
        found.setdefault(KINDS[notice.kind].group, []).append(notice)
    return [(GROUPS[group], found[group]) for group in GROUPS if group in found]


@transaction.atomic
def read_notices(actor: Actor, ids: Iterable[int] | None = None, *, now: datetime) -> int:
    """Mark notices of the contact as read, or all; how many were not. Nobody reads in somebody's place."""
    contact_id = _reader(actor)
    mine = Notice.objects.filter(contact=contact_id, read_at=None)
    return (mine if ids is None else mine.filter(pk__in=list(ids))).update(read_at=now)


@transaction.atomic
def choose_channels(actor: Actor, contact: Contact, channels: Mapping[str, str], *, now: datetime) -> int:
    """Keep where the contact wants to be told what: kind -> channel; how many are not as usual now.

    Kinds that are not named are as usual again. Raises `ChoiceRefused` for a channel that a kind does not have.
    """
    if _reader(actor) != contact.pk:
        raise ContactNotFound
    offered = {kind.name: kind for kind in kinds_for(contact)}
    for name, channel in channels.items():
        if name not in offered or channel not in offered[name].channels:
            raise ChoiceRefused(_("Choose for each kind of news one of the ways offered."), kind=name)
    unusual = {name: to for name, to in channels.items() if to != offered[name].usual_for(contact.persona)}
    NoticeChoice.objects.filter(contact=contact).exclude(kind__in=unusual).delete()
    NoticeChoice.objects.bulk_create(
        [NoticeChoice(contact=contact, kind=name, channel=to, chosen_at=now) for name, to in unusual.items()],
        update_conflicts=True,
        unique_fields=["contact", "kind"],
        update_fields=["channel", "chosen_at"],
    )
    return len(unusual)


def _reader(actor: Actor) -> int:
    demand(actor, "own_data.manage")
    if actor.contact_id is None:
        raise ContactNotFound
    return actor.contact_id
