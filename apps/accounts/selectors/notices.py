"""News for a contact: how much is unread, a page of it, what waits for the digest, where it may be told."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from apps.accounts.errors import NoticeNotFound
from apps.accounts.models import Contact, Notice, NoticeChoice
from apps.accounts.notices import KINDS, Kind, channel_for, last_morning
from apps.accounts.rules import may
from apps.core.keyset import Page, latest_first
from apps.core.scoping import Actor

MOST_COUNTED = 100
_AT_ONCE = 500  # contacts read together for the digest


def unread_count(actor: Actor) -> int:
    """How many notices the contact has not read, counted up to `MOST_COUNTED`. One query; none for who reads none."""
    mine = _of(actor)
    return 0 if mine is None else mine.filter(read_at=None).order_by()[:MOST_COUNTED].count()


def unread_notices(actor: Actor) -> QuerySet | None:
    """The same count for a subquery, uncapped: one row with `n`, or none; None for who reads none."""
    mine = _of(actor)
    if mine is None:
        return None
    return mine.filter(read_at=None).order_by().values("contact").annotate(n=Count("pk")).values("n")


def notices_page(
    actor: Actor,
    *,
    group: str = "",
    unread: bool = False,
    after: str | None = None,
    before: str | None = None,
    size: int = 25,
) -> Page[Notice]:
    """A page of the contact's news, the latest first: of a group of kinds, or what is not read. One query."""
    mine = _of(actor)
    rows = Notice.objects.none() if mine is None else mine
    if group:
        rows = rows.filter(kind__in=[kind.name for kind in KINDS.values() if kind.group == group])
    if unread:
        rows = rows.filter(read_at=None)
    return latest_first(rows, "told_at", after=after, before=before, size=size)


def notice_for(actor: Actor, notice_id: int) -> Notice:
    """One of the contact's own; `NoticeNotFound` for absent and somebody else's alike. One query."""
    mine = _of(actor)
    found = None if mine is None else mine.filter(pk=notice_id).first()
    if found is None:
        raise NoticeNotFound()
    return found


def _of(actor: Actor) -> QuerySet | None:
    if actor.contact_id is None or actor.acting_for:
        return None
    return Notice.objects.filter(contact=actor.contact_id)


def kinds_for(contact: Contact) -> list[Kind]:
    """The kinds of news that somebody in this role gets, in the order of the table."""
    return [kind for kind in KINDS.values() if may(contact.role, kind.permission)]


def channels_of(contact: Contact) -> dict[str, str]:
    """Where the contact is told what: kind -> channel, for all that their role gets. One query."""
    chosen = dict(NoticeChoice.objects.filter(contact=contact).values_list("kind", "channel"))
    return {kind.name: channel_for(kind, contact.persona, chosen.get(kind.name, "")) for kind in kinds_for(contact)}


def waiting_digests(now: datetime) -> Iterator[list[Notice]]:
    """What waits for a digest whose morning has come where its reader is: some hundred contacts at a time, by contact
    and day. Two queries, and one more for every list."""
    waiting = Notice.objects.filter(mailed_at=None, digest_on__isnull=False)
    due = Q(pk__in=())
    for zone in waiting.order_by().values_list("contact__time_zone", flat=True).distinct():
        due |= Q(contact__time_zone=zone, digest_on__lte=last_morning(now, zone))
    rows, last = waiting.filter(due), 0
    while found := _of_next_contacts(rows, last):
        yield found
        last = found[-1].contact_id


def _of_next_contacts(rows: QuerySet, after: int) -> list[Notice]:
    contacts = rows.filter(contact__gt=after).order_by("contact").values("contact").distinct()[:_AT_ONCE]
    of_them = rows.filter(contact__in=contacts).select_related("contact")
    return list(of_them.order_by("contact", "digest_on", "told_at", "pk"))
