"""Where the lines and bars of a drawing stand. Pure; the fragments of templates/components draw what this returns.

All coordinates are whole numbers, so that no language writes them with a comma.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

Figure = Decimal | int | float


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    text: str
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class BarChart:
    width: int
    height: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Sparkline:
    width: int
    height: int
    points: str
    last_x: int
    last_y: int


def bars(
    labels: Sequence[str], values: Sequence[Figure], texts: Sequence[str], *, width: int = 600, height: int = 120
) -> BarChart:
    """Upright bars from zero, the greatest value filling the height; negative values stand as nothing.

    `texts` are the values in words of the reader, for the table beside the drawing.
    """
    top = max((value for value in values if value > 0), default=1)
    slot = width / max(len(values), 1)
    drawn = []
    for index, (label, value, text) in enumerate(zip(labels, values, texts, strict=True)):
        tall = round(float(max(value, 0) / top) * height)
        drawn.append(Bar(label, text, round(index * slot + slot * 0.12), height - tall, round(slot * 0.76), tall))
    return BarChart(width, height, tuple(drawn))


def sparkline(values: Sequence[Figure], *, width: int = 96, height: int = 24) -> Sparkline:
    """A line through `values` from left to right, least at the foot, greatest at the head, 3 units of margin."""
    low, high = min(values, default=0), max(values, default=0)
    span, step = float(high - low) or 1.0, (width - 6) / max(len(values) - 1, 1)
    points = [
        (round(3 + index * step), round(height - 3 - float(value - low) / span * (height - 6)))
        for index, value in enumerate(values)
    ] or [(3, height - 3)]
    return Sparkline(width, height, " ".join(f"{x},{y}" for x, y in points), *points[-1])
