"""When the rep of an account can be reached, who stands in for them, and the call that was asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain, groupby

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from apps.accounts.models import Account, Contact, Rep
from apps.cases import rules
from apps.cases.errors import CallBackNotFound
from apps.cases.models import FollowUp
from apps.core.models import Event
from apps.core.scoping import Actor
from apps.delivery.models import Holiday

_HOLIDAYS_AHEAD = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class CallBack:
    """A call that was asked for and has not been made."""

    id: int
    from_at: datetime
    until_at: datetime
    owner_name: str
    is_missed: bool


@dataclass(frozen=True, slots=True)
class Reach:
    """The rep of an account and when they can be reached; `deputy` while they are away and the deputy is not."""

    rep: Rep
    presence: rules.Presence
    deputy: Rep | None
    deputy_presence: rules.Presence | None
    closed: frozenset[date]
    call_back: CallBack | None = None


@dataclass(frozen=True, slots=True)
class Offered:
    """Hours in which somebody calls."""

    window: rules.Window
    rep: Rep


def reach_of(account: Account, contact_id: int | None, *, now: datetime) -> Reach | None:
    """How the rep of an account can be reached, and the call-back a contact waits for; None without a rep.

    One query.
    """
    if account.rep_id is None:
        return None
    today = timezone.localdate(now)
    days = Holiday.objects.filter(
        country=settings.HOME_COUNTRY, zone=None, day_on__range=(today - timedelta(days=1), today + _HOLIDAYS_AHEAD)
    )
    rep = (
        Rep.objects.select_related("user", "deputy__user")
        .annotate(closed=ArraySubquery(days.order_by().values("day_on")), asked=Subquery(_asked(contact_id)))
        .get(pk=account.rep_id)
    )
    closed = frozenset(rep.closed)
    deputy = rep.deputy if not rep.is_there(today) and rep.deputy and rep.deputy.is_there(today) else None
    return Reach(
        rep=rep,
        presence=_presence(rep, closed, now),
        deputy=deputy,
        deputy_presence=_presence(deputy, closed, now) if deputy else None,
        closed=closed,
        call_back=_read(rep.asked),
    )


def _asked(contact_id: int | None):
    waiting = FollowUp.objects.filter(kind=FollowUp.Kind.CALL_BACK, state=FollowUp.State.OPEN, contact=contact_id)
    said = JSONObject(
        id="pk", from_at="from_at", until_at="until_at", missed="missed_at", owner="owner__user__name"
    )  # fmt: skip
    return waiting.order_by("pk").values(said=said)[:1]


def _read(asked: dict | None) -> CallBack | None:
    if asked is None:
        return None
    from_at, until_at = (datetime.fromisoformat(asked[name]) for name in ("from_at", "until_at"))
    return CallBack(asked["id"], from_at, until_at, asked["owner"] or "", asked["missed"] is not None)


def working_time(rep: Rep, closed: frozenset[date] = frozenset()) -> rules.WorkingTime:
    """The hours a rep works."""
    return rules.WorkingTime(rep.time_zone, rep.works_on, rep.works_from, rep.works_to, closed)


def _presence(rep: Rep, closed: frozenset[date], now: datetime) -> rules.Presence:
    return rules.presence(now, working_time(rep, closed), away_from=rep.away_from, away_until=rep.away_until)


def windows_of(reach: Reach, *, now: datetime) -> list[Offered]:
    """The hours that may be chosen, the first ahead: of the rep, of the deputy on days the rep is away."""
    rep, deputy = reach.rep, reach.rep.deputy
    found = _windows(rep, reach.closed, now, lambda day: not rep.is_there(day))
    if deputy is not None:
        found += _windows(deputy, reach.closed, now, lambda day: rep.is_there(day) or not deputy.is_there(day))
    zone = rules.zone_of(rep.time_zone)
    found.sort(key=lambda each: each.window.from_at)
    days = [
        list(of_day) for _day, of_day in groupby(found, key=lambda each: each.window.from_at.astimezone(zone).date())
    ]
    return list(chain.from_iterable(days[: rules.DAYS]))


def _windows(rep: Rep, closed: frozenset[date], now: datetime, is_away: Callable[[date], bool]) -> list[Offered]:
    return [Offered(window, rep) for window in rules.windows(now, working_time(rep, closed), is_away)]


def call_back_for(actor: Actor, call_back_id: int) -> FollowUp:
    """The open call-back of that id that the asker asked for; `CallBackNotFound` for absent and not theirs alike."""
    mine = FollowUp.objects.filter(kind=FollowUp.Kind.CALL_BACK, state=FollowUp.State.OPEN, contact=actor.contact_id)
    found = mine.filter(pk=call_back_id).first() if actor.contact_id else None
    if found is None:
        raise CallBackNotFound
    return found


def call_back_notices(event: Event) -> list[dict]:
    """call_back.requested: to the contact, that it is noted, and to who calls; call_back.missed: to who calls now."""
    pk = event.subject.partition(":")[2]
    asked = FollowUp.objects.select_related("account", "contact", "owner__user").filter(pk=pk, state="open").first()
    if asked is None:
        return []
    notices = []
    if event.name == "call_back.requested" and asked.contact and asked.contact.email:
        notices.append(_to_contact(asked, f"call-back:{event.pk}"))
    if asked.owner:
        notices.append(_to_owner(asked, f"call-back-owner:{event.pk}", missed=event.name == "call_back.missed"))
    return notices


def _to_contact(asked: FollowUp, key: str) -> dict:
    contact: Contact = asked.contact
    return {
        "key": key,
        "to": contact.email,
        "template": "call_back_noted",
        "context": _told(asked, contact.time_zone),
        "language": contact.language,
        "account_id": asked.account_id,
        "contact_id": contact.pk,
    }


def _to_owner(asked: FollowUp, key: str, *, missed: bool) -> dict:
    return {
        "key": key,
        "to": asked.owner.user.email,
        "template": "call_back_to_make",
        "context": {**_told(asked, asked.owner.time_zone), "missed": missed},
        "language": asked.owner.user.language,
        "account_id": asked.account_id,
    }


def _told(asked: FollowUp, zone: str) -> dict:
    here = rules.zone_of(zone)
    from_at, until_at = asked.from_at.astimezone(here), asked.until_at.astimezone(here)
    return {"asked": asked, "day": from_at.date(), "from_at": from_at, "until_at": until_at}
