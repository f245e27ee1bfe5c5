"""A day of visits: whom to see, in which order, when one is where, and how far that is.

1. As the crow flies times `ROADS` is how far a road goes; `SPEED` is how fast one gets on.
2. A proposal takes, again and again, the account that is worth most for the minutes it adds to the day, at the place in
   the round where it adds least (nearest insertion), while each visit ends before the account closes and the round
   ends in time.
3. Then stretches of the round are turned about while that makes it shorter (2-opt) and still fits the hours.
4. Chosen by hand, all are visited, whatever the hours say; those that do not fit are marked.
5. Who arrives before the account opens waits.

Minutes are counted from midnight.
"""

import math
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import time
from itertools import pairwise

ROADS, SPEED, EARTH_RADIUS = 1.3, 60.0, 6371.0  # kilometres an hour and kilometres
MOST_STOPS = 12


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Stop:
    """An account that may be visited: what that is worth (any unit), when it is open, how long one stays."""

    key: Hashable
    spot: Spot
    worth: float = 1.0
    opens: int = 0
    closes: int = 24 * 60
    stays: int = 45


@dataclass(frozen=True, slots=True)
class Visit:
    """A stop on the round. `fits` is False where it would end after the account closes."""

    stop: Stop
    arrives: int
    leaves: int
    kilometres: float
    fits: bool


@dataclass(frozen=True, slots=True)
class Round:
    """From the start and back to it. `fits` is False where one is back later than wished, or a visit does not fit."""

    visits: tuple[Visit, ...] = ()
    kilometres: float = 0.0
    driving: int = 0
    back_at: int = 0
    fits: bool = True


@dataclass(frozen=True, slots=True)
class Day:
    """From where one sets out, when, and when one is to be back."""

    start: Spot
    leaves: int
    back_by: int
    _kept: dict = field(default_factory=dict, compare=False, repr=False)

    def kilometres(self, one: Spot, other: Spot) -> float:
        known = self._kept.get((one, other))
        if known is None:
            known = self._kept[one, other] = road_kilometres(one, other)
        return known


def road_kilometres(one: Spot, other: Spot) -> float:
    """Great-circle distance (haversine) times `ROADS`."""
    north, south = math.radians(one.latitude), math.radians(other.latitude)
    across = math.radians(other.longitude - one.longitude)
    half = math.sin((south - north) / 2) ** 2 + math.cos(north) * math.cos(south) * math.sin(across / 2) ** 2
    return 2 * EARTH_RADIUS * math.asin(min(math.sqrt(half), 1.0)) * ROADS


def clock_of(minute: int) -> time:
    """The time of day; past midnight counts as the last minute of the day."""
    return time(*divmod(min(minute, 24 * 60 - 1), 60))


def driving_minutes(kilometres: float) -> int:
    return math.ceil(kilometres / SPEED * 60)


def timed(day: Day, stops: Sequence[Stop]) -> Round:
    """The round in this order."""
    here, minute, far, driving, visits = day.start, day.leaves, 0.0, 0, []
    for stop in stops:
        way = day.kilometres(here, stop.spot)
        arrives = max(minute + driving_minutes(way), stop.opens)
        visits.append(Visit(stop, arrives, arrives + stop.stays, way, arrives + stop.stays <= stop.closes))
        here, minute, far, driving = stop.spot, arrives + stop.stays, far + way, driving + driving_minutes(way)
    home = day.kilometres(here, day.start) if stops else 0.0
    back_at = minute + driving_minutes(home)
    fits = back_at <= day.back_by and all(visit.fits for visit in visits)
    return Round(tuple(visits), far + home, driving + driving_minutes(home), back_at, fits)


def proposed(day: Day, candidates: Sequence[Stop], most: int = MOST_STOPS) -> Round:
    """The round that is worth most for its minutes, at most `most` stops of the candidates; see steps 2 and 3."""
    chosen: list[Stop] = []
    left = list(candidates)
    while left and len(chosen) < most:
        best = max(_insertions(day, chosen, left), key=lambda one: one[0], default=None)
        if best is None:
            break
        _gain, stop, chosen = best
        left.remove(stop)
    return shortened(day, chosen)


def _insertions(day: Day, chosen: list[Stop], left: Sequence[Stop]) -> Iterator[tuple[float, Stop, list[Stop]]]:
    before = timed(day, chosen)
    for stop in left:
        fitting = [(_length(day, order), order) for order in _orders(chosen, stop) if timed(day, order).fits]
        if fitting:
            length, order = min(fitting, key=lambda one: one[0])
            minutes = stop.stays + driving_minutes(max(length - before.kilometres, 0.0))
            yield stop.worth / max(minutes, 1), stop, order


def _orders(chosen: list[Stop], stop: Stop) -> Iterator[list[Stop]]:
    return ([*chosen[:place], stop, *chosen[place:]] for place in range(len(chosen) + 1))


def visiting_all(day: Day, stops: Sequence[Stop]) -> Round:
    """All stops, each put in where it adds least, then shortened; see step 4."""
    chosen: list[Stop] = []
    for stop in sorted(stops, key=lambda one: day.kilometres(day.start, one.spot)):
        chosen = min(_orders(chosen, stop), key=lambda order: (not timed(day, order).fits, _length(day, order)))
    return shortened(day, chosen)


def shortened(day: Day, stops: Sequence[Stop]) -> Round:
    """2-opt: no turned stretch makes it shorter any more; a round that fits is never given for one that does not."""
    best = list(stops)
    fits, length = timed(day, best).fits, _length(day, best)
    improved = True
    while improved:
        improved = False
        for first in range(len(best) - 1):
            for last in range(first + 2, len(best) + 1):
                turned = [*best[:first], *reversed(best[first:last]), *best[last:]]
                shorter = _length(day, turned)
                if shorter < length - 1e-9 and timed(day, turned).fits >= fits:
                    best, length, improved = turned, shorter, True
                    fits = timed(day, best).fits
    return timed(day, best)


def _length(day: Day, stops: Sequence[Stop]) -> float:
    spots = [day.start, *(stop.spot for stop in stops), day.start]
    return sum(day.kilometres(one, other) for one, other in pairwise(spots))
