"""A map drawn by ourselves: points where accounts are, with a graticule, a scale and the names of towns.

1. Degrees are laid flat, a degree east as wide as it is in the middle of what is shown. Nothing is fetched.
2. What stands on the same spot is set out around it, so that each point can be seen and pressed.
3. A town is named where its name meets no other; those with more accounts come first.

All coordinates are whole numbers, as in `core.charts`.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

WIDTH, LEAST_HEIGHT, MOST_HEIGHT, MARGIN = 800, 360, 540, 48
EARTH_RADIUS = 6371.0  # kilometres
_STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 45)
_LENGTHS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
_LETTER, _LINE = 8, 18  # of a town's name
_RING = 13


@dataclass(frozen=True, slots=True)
class Spot:
    """Something to show; `key` tells it from others, `town` may be empty."""

    key: Hashable
    latitude: float
    longitude: float
    town: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A line of the graticule with its label in degrees: a meridian stands at `at` from the left, a parallel from the
    top."""

    at: int
    degrees: str


@dataclass(frozen=True, slots=True)
class Map:
    """`points` is key -> (x, y); `towns` are (name, x, y); the scale is so many units long for so many kilometres."""

    width: int
    height: int
    points: dict
    meridians: tuple[Rule, ...]
    parallels: tuple[Rule, ...]
    towns: tuple[tuple[str, int, int], ...]
    scale_units: int
    scale_km: int


def map_of(spots: Sequence[Spot]) -> Map | None:
    """The map of all spots; None where there is none."""
    if not spots:
        return None
    south, north = _span([spot.latitude for spot in spots])
    west, east = _span([spot.longitude for spot in spots])
    narrow = max(math.cos(math.radians((south + north) / 2)), 0.2)
    inside = WIDTH - 2 * MARGIN
    height = (north - south) / ((east - west) * narrow) * inside + 2 * MARGIN
    height = round(min(max(height, LEAST_HEIGHT), MOST_HEIGHT))
    unit = min(inside / ((east - west) * narrow), (height - 2 * MARGIN) / (north - south))  # of drawing, a degree
    middle_x, middle_y = (west + east) / 2, (south + north) / 2

    def x(longitude: float) -> int:
        return round(WIDTH / 2 + (longitude - middle_x) * narrow * unit)

    def y(latitude: float) -> int:
        return round(height / 2 - (latitude - middle_y) * unit)

    half_x, half_y = WIDTH / 2 / narrow / unit, height / 2 / unit
    km = unit / (math.pi * EARTH_RADIUS / 180)  # units of drawing, a kilometre
    length = max((each for each in _LENGTHS if each * km <= WIDTH / 4), default=1)
    points = _set_out([(spot.key, x(spot.longitude), y(spot.latitude)) for spot in spots])
    return Map(
        WIDTH,
        height,
        points,
        tuple(Rule(x(at), _degrees(at, "E", "W")) for at in _lines(middle_x - half_x, middle_x + half_x)),
        tuple(Rule(y(at), _degrees(at, "N", "S")) for at in _lines(middle_y - half_y, middle_y + half_y)),
        _towns(spots, x, y),
        round(length * km),
        length,
    )


def _span(values: Sequence[float], least: float = 0.4) -> tuple[float, float]:
    low, high = min(values), max(values)
    more = max(least - (high - low), 0) / 2
    return low - more, high + more


def _lines(low: float, high: float) -> list[float]:
    step = next((step for step in _STEPS if (high - low) / step <= 7), _STEPS[-1])
    first = math.ceil(low / step)
    return [round(at * step, 1) for at in range(first, math.floor(high / step) + 1)]


def _degrees(at: float, plus: str, minus: str) -> str:
    figure = f"{abs(at):.1f}".removesuffix(".0")
    return f"{figure}°{'' if at == 0 else plus if at > 0 else minus}"


def _set_out(points: Sequence[tuple[Hashable, int, int]]) -> dict:
    """The first of a spot on it, the others around it in rings."""
    found, on_spot = {}, Counter()
    for key, x, y in points:
        turn = on_spot[x // _RING, y // _RING]
        on_spot[x // _RING, y // _RING] += 1
        ring = math.ceil((math.sqrt(9 + 12 * turn) - 3) / 6)  # ring n holds 6 n points
        place = turn - 3 * ring * (ring - 1) - 1
        angle = 2 * math.pi * place / (6 * ring) if ring else 0
        found[key] = round(x + ring * _RING * math.cos(angle)), round(y + ring * _RING * math.sin(angle))
    return found


def _towns(spots: Sequence[Spot], x, y) -> tuple[tuple[str, int, int], ...]:
    of_town = defaultdict(list)
    for spot in spots:
        if spot.town:
            of_town[spot.town].append(spot)
    named: list[tuple[str, int, int]] = []
    for town, there in sorted(of_town.items(), key=lambda one: (-len(one[1]), one[0])):
        at_x = round(sum(x(spot.longitude) for spot in there) / len(there))
        at_y = round(sum(y(spot.latitude) for spot in there) / len(there)) + 24
        apart = (
            abs(at_x - other_x) > (len(town) + len(other)) * _LETTER / 2 or abs(at_y - other_y) > _LINE
            for other, other_x, other_y in named
        )
        if all(apart) and MARGIN / 2 < at_x < WIDTH - MARGIN / 2:
            named.append((town, at_x, at_y))
    return tuple(named)
