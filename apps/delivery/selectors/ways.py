"""The warehouses of a delivery, where it goes, and every way between."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection

from apps.accounts.models import ShipTo
from apps.availability.rules import Lot
from apps.delivery.models import DeliveryOption, postal_key
from apps.delivery.rules import Calendar, Journey, arrival, working_days

# Each warehouse with every way from it to each place: small tables, read in one statement and therefore always as they
# are now. The preferred way stands first: a standard option, then by position. A lane to the zone whose postal codes
# fit best comes before that to the whole country. Branches come along: goods can be picked up there.
_WAYS = """
WITH place AS (
    SELECT * FROM unnest(%(countries)s::text[], %(postals)s::text[]) WITH ORDINALITY AS one(country, postal, at)
), here AS (
    SELECT place.at, z.id, max(length(p)) AS depth
    FROM place JOIN delivery_zone z ON z.country = place.country CROSS JOIN unnest(z.prefixes) p
    WHERE starts_with(place.postal, p) GROUP BY place.at, z.id
)
SELECT w.id, w.name, w.city, w.time_zone, w.working_days, w.is_branch, w.opens_at, w.closes_at,
    ARRAY(SELECT day_on FROM delivery_holiday WHERE country = w.country AND zone_id IS NULL AND day_on >= %(since)s)
    || ARRAY(SELECT day::date FROM delivery_closure c, generate_series(c.from_on, c.until_on, '1 day') day
        WHERE c.warehouse_id = w.id AND c.until_on >= %(since)s),
    ARRAY(SELECT day_on FROM delivery_holiday WHERE country = place.country AND day_on >= %(since)s
        AND (zone_id IS NULL OR zone_id IN (SELECT id FROM here WHERE here.at = place.at))),
    (SELECT json_object_agg(id, depth) FROM here WHERE here.at = place.at),
    l.option_id, l.branch_id, o.kind, o.cut_off, l.transit_days, l.is_served, o.working_days,
    o.currency, o.free_from,
    ARRAY(SELECT day::date FROM delivery_closure c, generate_series(c.from_on, c.until_on, '1 day') day
        WHERE c.option_id = o.id AND c.until_on >= %(since)s),
    place.at
FROM place CROSS JOIN availability_warehouse w
LEFT JOIN (
    delivery_lane l JOIN delivery_deliveryoption o ON o.id = l.option_id AND o.is_active
) ON l.warehouse_id = w.id AND CASE WHEN o.kind = 'pick_up' THEN l.branch_id IS NOT NULL ELSE
    l.country = place.country
    AND (l.zone_id IS NULL OR l.zone_id IN (SELECT id FROM here WHERE here.at = place.at)) END
LEFT JOIN here ON here.id = l.zone_id AND here.at = place.at
WHERE w.id = ANY(%(warehouses)s) OR w.is_branch
ORDER BY place.at, w.priority, w.code, o.kind <> 'standard', o.position, o.code, here.depth DESC NULLS LAST
"""

PlaceToGo = ShipTo | tuple[str, str, str]


class Way(NamedTuple):
    """How an option runs from a warehouse to a destination, and from which value on it is free."""

    cut_off: time
    transit_days: int
    carrier: Calendar
    kind: str
    currency: str = ""
    free_from: Decimal | None = None


class Origin(NamedTuple):
    """A warehouse as goods leave it, with the ways to the destination by option, and to our branches by option and
    branch."""

    name: str
    city: str
    calendar: Calendar
    now: datetime
    is_branch: bool
    hours: tuple[time | None, time | None]
    ways: dict[int, Way]
    transfers: dict[tuple[int, int], Way]


class Atlas(NamedTuple):
    """Everything about the warehouses involved and one destination. `depths` are the zones it lies in: how much of
    its postal code each fits."""

    origins: dict[int, Origin]
    receiver: Calendar
    now_there: datetime
    hours: tuple[time, time] | None
    depths: dict[int, int]

    @property
    def today_there(self) -> date:
        return self.now_there.date()

    @property
    def branches(self) -> dict[int, Origin]:
        return {pk: origin for pk, origin in self.origins.items() if origin.is_branch}

    def free_from(self, currency: str) -> Decimal | None:
        """The net value from which the preferred way of the first warehouse is free; None where it never is."""
        way = next((way for origin in self.origins.values() if (way := _preferred(origin.ways.values()))), None)
        return way.free_from if way and way.currency == currency else None

    def carrier(self, option: DeliveryOption) -> Calendar | None:
        """The days on which an option runs to the destination; None where it does not go there."""
        ways = (way for origin in self.origins.values() if (way := origin.ways.get(option.pk)))
        return next((way.carrier for way in ways), None)

    def direct_way(self, lots: Iterable[Lot]) -> int | None:
        """The option by which what suppliers send straight to the receiver among the lots goes; None where nothing
        does."""
        homes = {lot.warehouse_id for lot in lots if lot.is_direct}
        ways = (_direct(self.origins[home].ways) for home in sorted(homes) if home in self.origins)
        return next((option_id for option_id, _way in filter(None, ways)), None)

    def journey(
        self, lot: Lot, option: DeliveryOption | None = None, branch_id: int | None = None, *, direct: bool = True
    ) -> Journey | None:
        """How a lot travels by an option, or by the preferred one; None where there is no such way.

        A pick-up goes to a branch, else it is where the lot lies. What its supplier sends straight to the receiver goes
        so by whatever option the rest comes, where there is such a way, unless all comes through us (not `direct`). It
        sees no warehouse: it leaves on the first day the carrier runs.
        """
        origin = self.origins.get(lot.warehouse_id)
        if origin is None:
            return None
        if option is not None and option.kind == DeliveryOption.Kind.PICK_UP:
            return self._to_branch(origin, lot, option, branch_id or lot.warehouse_id)
        way = origin.ways.get(option.pk) if option else _preferred(origin.ways.values())
        if direct and lot.is_direct and (way is None or way.kind != DeliveryOption.Kind.DROP_SHIP):
            way = (_direct(origin.ways) or (None, way))[1]
        if way is None:
            return None
        goes_directly = way.kind == DeliveryOption.Kind.DROP_SHIP
        if goes_directly and not lot.is_direct:
            return None
        leaves = way.carrier if goes_directly else origin.calendar
        return self._travel(origin, lot, way, leaves, self.receiver, self.today_there)

    def _to_branch(self, origin: Origin, lot: Lot, option: DeliveryOption, branch_id: int) -> Journey | None:
        branch = self.origins.get(branch_id)
        if branch is None or not branch.is_branch:
            return None
        if branch_id == lot.warehouse_id:
            way = Way(option.cut_off, 0, branch.calendar, option.kind)
        elif (transfer := origin.transfers.get((option.pk, branch_id))) is None:
            return None
        else:
            way = transfer._replace(carrier=branch.calendar)
        return self._travel(origin, lot, way, origin.calendar, branch.calendar, branch.now.date())

    def _travel(
        self, origin: Origin, lot: Lot, way: Way, leaves: Calendar, receiver: Calendar, today_there: date
    ) -> Journey | None:
        return arrival(
            lot.ready_on,
            origin.now,
            today_there=today_there,
            cut_off=way.cut_off,
            warehouse=leaves,
            transit_days=way.transit_days,
            carrier=way.carrier,
            receiver=receiver,
        )


def _preferred(ways: Iterable[Way]) -> Way | None:
    """The first that takes whatever a warehouse has."""
    return next((way for way in ways if way.kind != DeliveryOption.Kind.DROP_SHIP), None)


def _direct(ways: dict[int, Way]) -> tuple[int, Way] | None:
    """The first by which suppliers send straight to the receiver."""
    return next((each for each in ways.items() if each[1].kind == DeliveryOption.Kind.DROP_SHIP), None)


def atlas_of(place: PlaceToGo, lots: Iterable[Lot], now: datetime) -> Atlas:
    """The warehouses of `lots` and their ways to `place`, a ShipTo or (country, receiving_days, time_zone).

    One query.
    """
    return atlases_of([place], lots, now)[0]


def atlases_of(places: Sequence[PlaceToGo], lots: Iterable[Lot], now: datetime) -> list[Atlas]:
    """The same for each of several places, in one query."""
    said = [_said(place) for place in places]
    about = {
        "countries": [country for country, *_ in said],
        "postals": [postal for *_, postal in said],
        "since": now.date() - timedelta(days=1),
        "warehouses": sorted({lot.warehouse_id for lot in lots if lot.warehouse_id is not None}),
    }
    rows: dict[int, list[tuple]] = {at: [] for at in range(1, len(said) + 1)}
    with connection.cursor() as cursor:
        cursor.execute(_WAYS, about)
        for row in cursor.fetchall():
            rows[row[-1]].append(row)
    return [_atlas(place, *of[:3], rows[at], now) for at, (place, of) in enumerate(zip(places, said, strict=True), 1)]


def _said(place: PlaceToGo) -> tuple[str, str, str, str]:
    """Country, receiving days, time zone, and the postal code as zones know it."""
    if isinstance(place, ShipTo):
        return place.country, place.receiving_days, place.time_zone, postal_key(place.postal_code)
    return *place, ""


def _atlas(place: PlaceToGo, country: str, days: str, zone: str, rows: Sequence[tuple], now: datetime) -> Atlas:
    is_known = isinstance(place, ShipTo)
    origins: dict[int, Origin] = {}
    depths: dict[int, int] = {}
    there: frozenset[date] = frozenset()
    closed: set[tuple[int, int]] = set()
    carriers: dict[int, Calendar] = {}
    for row in rows:
        pk, option_id, branch_id = row[0], row[11], row[12]
        if pk not in origins:
            there, depths = frozenset(row[9]), {int(each): depth for each, depth in (row[10] or {}).items()}
            local = now.astimezone(ZoneInfo(row[3]))
            calendar = Calendar(row[4], frozenset(row[8]))
            origins[pk] = Origin(row[1], row[2], calendar, local, row[5], (row[6], row[7]), {}, {})
        if option_id is None:
            continue
        if option_id not in carriers:
            carriers[option_id] = Calendar(row[17] or working_days(country), there.union(row[20]))
        way = Way(row[14], row[15], carriers[option_id], row[13], row[18], row[19])
        if branch_id is not None:
            origins[pk].transfers[option_id, branch_id] = way
        elif not row[16]:
            closed.add((pk, option_id))
        elif (pk, option_id) not in closed:
            origins[pk].ways.setdefault(option_id, way)
    return Atlas(
        origins,
        receiver=Calendar(days, there.union(place.closed) if is_known else there),
        now_there=now.astimezone(ZoneInfo(zone)),
        hours=(place.receiving_from, place.receiving_to) if is_known else None,
        depths=depths,
    )
