"""Whom to visit on a day, what each visit would be about, and the days that were planned."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from apps.accounts.models import Rep, ShipTo
from apps.core.money import ZERO
from apps.core.scoping import Actor
from apps.insights.errors import VisitDayNotFound
from apps.insights.models import VisitDay
from apps.insights.rules.routes import Spot, Stop
from apps.insights.selectors.reason import Reason
from apps.insights.selectors.territory import Kept, places_of, territory_of
from apps.insights.selectors.today import Attention, today_for
from apps.invoicing.models import Issuer

STAYS = 45  # minutes
_ALL = 10_000
_OVERDUE, _SOON, _OWED = 0.6, 0.3, 0.3


@dataclass(frozen=True, slots=True)
class Candidate:
    """An account that could be visited: its row in the portfolio, why it needs somebody today, what that is worth from
    0 to about 3, and its stop; None where nobody knows where it is or it is closed on the day."""

    row: Kept
    attention: Attention | None
    worth: float
    stop: Stop | None
    is_closed: bool

    @property
    def reasons(self) -> tuple[Reason, ...]:
        return self.attention.reasons if self.attention else ()

    @property
    def at_stake(self) -> Decimal:
        return (self.attention.at_stake if self.attention else None) or ZERO


def candidates_for(actor: Actor, rep: Rep | None, day: date, *, now: datetime) -> list[Candidate]:
    """The accounts of a rep the actor may see, what is worth most first. Thirty queries for any number."""
    rows = territory_of(actor, rep, now=now)
    needy = {one.account.pk: one for one in today_for(actor, now=now, limit=_ALL)}
    ship_tos = places_of([row.account.pk for row in rows])
    most = max((needy[row.account.pk].at_stake or ZERO for row in rows if row.account.pk in needy), default=ZERO)
    found = []
    for row in rows:
        attention, ship_to = needy.get(row.account.pk), ship_tos.get(row.account.pk)
        worth, closed = _worth(row, attention, most), bool(ship_to) and not _receives(ship_to, day)
        found.append(Candidate(row, attention, worth, _stop(row, ship_to, worth), closed))
    return sorted(found, key=lambda one: (-one.worth, one.row.account.name))


def _worth(row: Kept, attention: Attention | None, most: Decimal) -> float:
    """How urgent it is, whether it is due by the cover plan, and its share of the most that is at stake with one."""
    worth = {"overdue": _OVERDUE, "soon": _SOON}.get(row.due.state, 0.0)
    if attention:
        worth += attention.urgency / 100 + _OWED * attention.is_owed
        worth += float((attention.at_stake or ZERO) / most) if most else 0.0
    return worth


def _receives(ship_to: ShipTo, day: date) -> bool:
    return str(day.isoweekday()) in ship_to.receiving_days and day not in ship_to.closed


def _stop(row: Kept, ship_to: ShipTo | None, worth: float) -> Stop | None:
    if ship_to is None or row.place is None:
        return None
    spot = Spot(row.place.latitude, row.place.longitude)
    return Stop(row.account.pk, spot, worth, minutes(ship_to.receiving_from), minutes(ship_to.receiving_to), STAYS)


def minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def visit_day_of(rep: Rep, day: date) -> VisitDay:
    """The day as it was planned, its stops with it; `VisitDayNotFound` where none was. Two queries."""
    found = VisitDay.objects.filter(rep=rep, day=day).prefetch_related("stops__account").first()
    if found is None:
        raise VisitDayNotFound
    return found


def visit_days_of(rep: Rep, since: date, limit: int = 10) -> list[VisitDay]:
    """The planned days from one on, the nearest first. Two queries."""
    days = VisitDay.objects.filter(rep=rep, day__gte=since).prefetch_related("stops__account")
    return list(days.order_by("day")[:limit])


def usual_start(rep: Rep) -> tuple[str, str]:
    """(postal code or coordinates, country) a rep sets out from: as the last time, else from the house. Two queries."""
    last = VisitDay.objects.filter(rep=rep).order_by("-saved_at").first()
    if last is not None:
        return last.start_name, ""
    house = Issuer.objects.order_by("pk").first()
    return (house.postal_code, house.country) if house else ("", "")
