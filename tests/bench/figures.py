"""What was measured, and how a series of times becomes one figure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median


@dataclass(frozen=True)
class Figure:
    """One number with its unit; `aim` is what it should reach, in words; a ratio names its divisor in `note`."""

    bench: str
    figure: str
    value: float | int | bool | None
    unit: str = ""
    aim: str = ""
    note: str = ""


@dataclass(frozen=True)
class Plan:
    """How to measure: the size of the data set, over how many rounds, whom to tell about the progress.

    `surveys` are invitations to send, `answers` those that pages tell of; 0 means as many as go with the size.
    `seconds` is how long clients compete. `month` is replayed, of it the first `days` (0: all); `fresh` begins anew.
    `history`, `future` and `keyset` are files of baskets to tell the next order from. `failures` are words for what
    went wrong.
    """

    size: str
    rounds: int
    say: Callable[[str], None]
    surveys: int = 0
    answers: int = 0
    seconds: float = 60
    month: str = "2011-11"
    days: int = 0
    fresh: bool = False
    history: Path | None = None
    future: Path | None = None
    keyset: Path | None = None
    failures: list[str] = field(default_factory=list)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(-int(-share * len(ordered) // 1) - 1, 0)]


def p50(values: Sequence[float]) -> float:
    return percentile(values, 0.50)


def p95(values: Sequence[float]) -> float:
    return percentile(values, 0.95)


def over_rounds(rounds: Iterable[Sequence[float]], of: Callable[[Sequence[float]], float]) -> float:
    """The median over rounds of a figure of each round."""
    return round(median(of(values) for values in rounds), 2)


def as_json(figures: Iterable[Figure]) -> list[dict]:
    return [asdict(figure) for figure in figures]


def table(figures: Iterable[Figure]) -> str:
    """The figures as aligned text."""
    rows = [("bench", "figure", "value", "unit", "aim", "note")]
    rows += [(f.bench, f.figure, _written(f.value), f.unit, f.aim, f.note) for f in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(6)]
    lines = []
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        cells[2] = row[2].rjust(widths[2])
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def _written(value: float | int | bool | None) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:,.2f}" if isinstance(value, float) else f"{value:,}"
