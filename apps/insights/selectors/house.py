"""How the house does, as those who run it read it.

1. Who sees everything reads the same figures as anybody else who does; theirs may be kept.
2. They are kept only where reckoning them takes longer than a reader should wait (`services.keep_house_figures`), for
   ten minutes; they say as of when they are. In a smaller house the page is always of this moment.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache

from apps.core.scoping import Actor
from apps.insights.rules import period
from apps.insights.selectors.scores import Manager, manager_page
from apps.insights.selectors.service_level import AtRisk, Response, at_risk, responses_of

KEPT_AS = "insights.house"
KEPT_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class House:
    """The manager's figures, how fast cases are answered and which accounts may be lost, all as of one moment."""

    page: Manager
    responses: list[Response]
    at_risk: list[AtRisk]
    as_of: datetime


def house_figures(actor: Actor, *, now: datetime) -> House:
    """What the actor may see of the last 90 days, at most ten minutes old. One query where kept, else nineteen."""
    kept = cache.get(KEPT_AS) if actor.sees_everything else None
    return kept if kept and now - kept.as_of < KEPT_FOR else reckoned(actor, now=now)


def reckoned(actor: Actor, *, now: datetime) -> House:
    """The same as of `now`."""
    since = period("now", now).since
    return House(
        page=manager_page(actor, now=now),
        responses=responses_of(actor, since=since, now=now),
        at_risk=at_risk(actor, now=now),
        as_of=now,
    )
