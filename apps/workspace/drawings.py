"""What the answers look like: the months as stacked bars, the scores from 0 to 10. Whole coordinates, as in core."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.core.charts import Bar, bars
from apps.feedback.rules import nps_band

WIDTH, HEIGHT = 720, 160


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
