"""Pages that cost the same however deep one reads: the next page starts after the last row, not at an offset.

A place in the order of rows is written as `<moment>~<id>`. A place that makes no sense (typed, cut off) is ignored, and
the reader is back on the first page.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

from django.db.models import DateTimeField, Q, QuerySet

Row = TypeVar("Row")
MAX_SIZE = 100


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows of one page, and the places to go on from; None at an end."""

    rows: tuple[Row, ...]
    next_after: str | None = None
    previous_before: str | None = None

    def __iter__(self):
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def latest_first(
    rows: QuerySet, field: str, *, after: str | None = None, before: str | None = None, size: int = 25
) -> Page:
    """A page of `rows`, the latest by `field` (a date or an instant) first, at most `MAX_SIZE`. One query."""
    size = max(1, min(size, MAX_SIZE))
    is_instant = isinstance(rows.model._meta.get_field(field), DateTimeField)
    forth = _place(after, is_instant)
    place = forth or _place(before, is_instant)
    backwards = bool(place) and not forth
    if place:
        rows = rows.filter(_beyond(field, place, "gt" if backwards else "lt"))
    order = (field, "id") if backwards else (f"-{field}", "-id")
    found = list(rows.order_by(*order)[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    return Page(
        rows=tuple(found),
        next_after=_written(found[-1], field) if found and (more or backwards) else None,
        previous_before=_written(found[0], field) if found and place and (more or not backwards) else None,
    )


def _beyond(field: str, place: tuple[date, int], side: str) -> Q:
    moment, row_id = place
    return Q(**{f"{field}__{side}": moment}) | Q(**{field: moment, f"id__{side}": row_id})


def _written(row, field: str) -> str:
    return f"{getattr(row, field).isoformat()}~{row.pk}"


def _place(text: str | None, is_instant: bool) -> tuple[date, int] | None:
    moment, _, row_id = (text or "").replace(" ", "+").partition("~")
    if not row_id.isascii() or not row_id.isdigit() or len(row_id) > 18:
        return None
    try:
        at = datetime.fromisoformat(moment) if is_instant else date.fromisoformat(moment)
    except ValueError:
        return None
    return None if is_instant and at.tzinfo is None else (at, int(row_id))
