"""What the answers look like: the months as stacked bars, the scores from 0 to 10. Whole coordinates, as in core."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.core.charts import Bar, bars
from apps.feedback.rules import nps_band

WIDTH, HEIGHT = 720, 160
TREND_WIDTH, TREND_HEIGHT = 160, 40


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a column: whose answers, and where it stands."""

    band: str
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Column:
    """A month: its first day, the NPS of its answers, its pieces from the ground up."""

    month: object
    nps: object
    pieces: tuple[Piece, ...]


def columns_of(months: Sequence) -> list[Column]:
    """A column for each month (`feedback.selectors.Month`), as high as it has answers, the unhappy ones below."""
    top = max((month.nps.n for month in months), default=0) or 1
    slot = WIDTH / max(len(months), 1)
    return [_column(month, round(at * slot + slot * 0.15), round(slot * 0.7), top) for at, month in enumerate(months)]


def _column(month, x: int, width: int, top: int) -> Column:
    pieces, ground = [], HEIGHT
    for band, count in (
        ("detractor", month.nps.detractors),
        ("passive", month.nps.passives),
        ("promoter", month.nps.promoters),
    ):
        height = round(count / top * HEIGHT)
        ground -= height
        pieces.append(Piece(band, x, ground, width, height))
    return Column(month.starts_on, month.nps, tuple(pieces))


def scores_of(counts: Sequence[int]) -> list[tuple[int, int, str, Bar]]:
    """Of the eleven counts: score, count, band, bar."""
    drawn = bars([str(score) for score in range(11)], counts, [str(count) for count in counts], width=WIDTH).bars
    return [(score, count, nps_band(score), bar) for score, (count, bar) in enumerate(zip(counts, drawn, strict=True))]


@dataclass(frozen=True, slots=True)
class Trend:
    """A line through shares: its pieces (a month without a share parts them), single months as dots, and how high the
    target stands."""

    lines: tuple[str, ...]
    dots: tuple[tuple[int, int], ...]
    target: int


def trend_of(shares: Sequence[float | None], target: float) -> Trend:
    """Shares from left to right, the least of them and the target at the foot, the greatest at the head."""
    told = [target, *(share for share in shares if share is not None)]
    low, high = min(told), max(told)
    span, step = (high - low) or 1.0, (TREND_WIDTH - 8) / max(len(shares) - 1, 1)
    pieces: list[list[tuple[int, int]]] = [[]]
    for index, share in enumerate(shares):
        if share is None:
            pieces.append([])
        else:
            pieces[-1].append((round(4 + index * step), _height(share, low, span)))
    lines = tuple(" ".join(f"{x},{y}" for x, y in piece) for piece in pieces if len(piece) > 1)
    ends = [piece[0] for piece in pieces if len(piece) == 1] + [piece[-1] for piece in pieces if len(piece) > 1]
    return Trend(lines, tuple(ends), _height(target, low, span))


def _height(share: float, low: float, span: float) -> int:
    return round(TREND_HEIGHT - 4 - (share - low) / span * (TREND_HEIGHT - 8))
