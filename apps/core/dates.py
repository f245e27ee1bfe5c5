"""Days as forms send them."""

from datetime import date


def read_day(text: str) -> date | None:
    """A day written as 2026-03-04; None for anything else."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
