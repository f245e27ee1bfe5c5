"""The warehouses of a delivery, where it goes, and every way between."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection

from apps.accounts.models import ShipTo
from apps.availability.rules import Lot
from apps.delivery.models import DeliveryOption
from apps.delivery.rules import Calendar, Journey, arrival, working_days

# Each warehouse with every way from it to a country: small tables, read in one statement and therefore always as they
# are now. The preferred way stands first: a standard option, then by position.
_WAYS = """
SELECT w.id, w.name, w.time_zone, w.working_days, w.is_branch,
    ARRAY(SELECT day_on FROM delivery_holiday WHERE country = w.country AND day_on >= %(since)s),
    ARRAY(SELECT day_on FROM delivery_holiday WHERE country = %(country)s AND day_on >= %(since)s),
    l.option_id, o.cut_off, l.transit_days
FROM availability_warehouse w
LEFT JOIN (
    delivery_lane l JOIN delivery_deliveryoption o ON o.id = l.option_id AND o.is_active AND o.kind <> 'pick_up'
) ON l.warehouse_id = w.id AND l.country = %(country)s
WHERE w.id = ANY(%(warehouses)s)
ORDER BY w.id, o.kind <> 'standard', o.position, o.code
"""

PlaceToGo = ShipTo | tuple[str, str, str]


class Destination(NamedTuple):
    """Where it goes: a country, the ISO weekdays on which it is received there, the local time."""

    country: str
    receiving_days: str
    time_zone: str


class Origin(NamedTuple):
    """A warehouse as goods leave it, with the ways to the destination: option id -> (cut-off, transit days)."""

    name: str
    calendar: Calendar
    now: datetime
    is_branch: bool
    ways: dict[int, tuple[time, int]]


class Atlas(NamedTuple):
    """Everything about the warehouses involved and one destination."""

    origins: dict[int, Origin]
    carrier: Calendar
    receiver: Calendar
    today_there: date

    def journey(self, lot: Lot, option: DeliveryOption | None = None) -> Journey | None:
        """How a lot travels by an option, or by the preferred one; None where there is no such way."""
        origin = self.origins.get(lot.warehouse_id)
        if origin is None:
            return None
        if option is not None and option.kind == DeliveryOption.Kind.PICK_UP:
            there = origin.calendar
            return self._travel(origin, lot, option.cut_off, 0, there, there) if origin.is_branch else None
        way = origin.ways.get(option.pk) if option else next(iter(origin.ways.values()), None)
        return self._travel(origin, lot, *way, self.carrier, self.receiver) if way else None

    def _travel(
        self, origin: Origin, lot: Lot, cut_off: time, transit_days: int, carrier: Calendar, receiver: Calendar
    ) -> Journey:
        return arrival(
            lot.ready_on,
            origin.now,
            today_there=self.today_there,
            cut_off=cut_off,
            warehouse=origin.calendar,
            transit_days=transit_days,
            carrier=carrier,
            receiver=receiver,
        )


def atlas_of(place: PlaceToGo, lots: Iterable[Lot], now: datetime) -> Atlas:
    """The warehouses of `lots` and their ways to `place`, a ShipTo or (country, receiving_days, time_zone).

    One query.
    """
    country, receiving_days, time_zone = _destination(place)
    ids = sorted({lot.warehouse_id for lot in lots if lot.warehouse_id is not None})
    with connection.cursor() as cursor:
        cursor.execute(_WAYS, {"country": country, "since": now.date() - timedelta(days=1), "warehouses": ids})
        rows = cursor.fetchall()
    origins: dict[int, Origin] = {}
    holidays_there: frozenset[date] = frozenset()
    for pk, name, zone, days, is_branch, holidays, there, option_id, cut_off, transit_days in rows:
        if pk not in origins:
            local = now.astimezone(ZoneInfo(zone))
            origins[pk] = Origin(name, Calendar(days, frozenset(holidays)), local, is_branch, {})
            holidays_there = frozenset(there)
        if option_id is not None:
            origins[pk].ways[option_id] = (cut_off, transit_days)
    return Atlas(
        origins,
        carrier=Calendar(working_days(country), holidays_there),
        receiver=Calendar(receiving_days, holidays_there),
        today_there=now.astimezone(ZoneInfo(time_zone)).date(),
    )


def _destination(place: PlaceToGo) -> Destination:
    if isinstance(place, ShipTo):
        return Destination(place.country, place.receiving_days, place.time_zone)
    return Destination(*place)
