"""The day the demo is made for, and days and hours around it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Clock:
    """`now` is when the seed runs; everything else is counted from its day."""

    now: datetime

    @property
    def today(self) -> date:
        return self.now.date()

    def day(self, offset: int) -> date:
        return self.today + timedelta(days=offset)

    def ago(self, days: float = 0, hours: float = 0) -> datetime:
        return self.now - timedelta(days=days, hours=hours)

    def at(self, on: date, hour: int, minute: int = 0, zone: str = "UTC") -> datetime:
        """An hour of the clock in `zone`, in UTC."""
        return datetime.combine(on, time(hour, minute), ZoneInfo(zone)).astimezone(UTC)
