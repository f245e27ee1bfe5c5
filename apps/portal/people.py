"""The account's rep in the words of the page: see components/_rep_card.html."""

from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.cases.selectors.call_backs import reach_of
from apps.core.dates import zone_of
from apps.core.formatting import time_of, weekday_date
from apps.portal.visit import Visit


def rep_of(visit: Visit) -> dict | None:
    """The rep of the account, when they are there in the reader's time, who stands in, and the call that was asked for.

    None for an account that has none. One query.
    """
    reach = reach_of(visit.account, visit.actor.contact_id, now=visit.now)
    if reach is None:
        return None
    deputy = None
    if reach.deputy is not None:
        deputy = rep_words(reach.deputy) | {"there": _there(reach.deputy_presence, visit)}
    words = rep_words(reach.rep) | {"there": _there(reach.presence, visit), "state": reach.presence.state}
    return words | {"deputy": deputy, "call": _call(reach.call_back, visit)}


def rep_words(rep) -> dict | None:
    """Name, face and ways to reach a rep; None where there is none."""
    if rep is None:
        return None
    return {
        "name": rep.user.name,
        "initials": "".join(part[0] for part in _ends(rep.user.name)).upper(),
        "title": rep.title,
        "picture": rep.photo.url if rep.photo else "",
        "email": rep.user.email,
        "phone": rep.phone,
        "hours": rep.hours,
    }


def _ends(name: str) -> list[str]:
    """The first and the last part of a name."""
    parts = name.split()
    return [parts[0], *parts[1:][-1:]] if parts else []


def _there(presence, visit: Visit) -> str:
    """ "until 17:00 today", "from 8:00 on Mon, 9 Mar", "away until Mon, 9 Mar"."""
    if presence.state == "away":
        if presence.back_on is None:
            return _("away")
        return _("away, back on %(day)s") % {"day": weekday_date(presence.back_on, get_language())}
    at = here(presence.at, visit)
    values = {"time": time_of(at, get_language()), "day": weekday_date(at.date(), get_language())}
    if at.date() != here(visit.now, visit).date():
        return _("from %(time)s on %(day)s") % values
    return _("until %(time)s today") % values if presence.state == "there" else _("from %(time)s today") % values


def _call(call_back, visit: Visit) -> dict | None:
    if call_back is None:
        return None
    return {"id": call_back.id, "name": call_back.owner_name, "is_missed": call_back.is_missed,
            **hours_of(call_back, visit)}  # fmt: skip


def hours_of(window, visit: Visit) -> dict:
    """The day and the hours of a window in the reader's time zone."""
    begins, ends = here(window.from_at, visit), here(window.until_at, visit)
    return {"day": begins.date(), "from_at": begins, "until_at": ends}


def here(at: datetime, visit: Visit) -> datetime:
    """An instant in the reader's time zone."""
    return at.astimezone(zone_of(visit.contact.time_zone if visit.contact else visit.account.time_zone))
