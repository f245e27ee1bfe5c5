"""Days as forms send them, and zones as they are kept."""

import re
from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def read_day(text: str) -> date | None:
    """A day written as 2026-03-04; None for anything else."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def are_weekdays(text: str) -> bool:
    """Whether it is at least one ISO weekday, each once and in order: "12345"."""
    return bool(text) and re.fullmatch("1?2?3?4?5?6?7?", text) is not None


@lru_cache(maxsize=512)
def zone_of(name: str) -> ZoneInfo:
    """The IANA zone of that name; UTC where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
