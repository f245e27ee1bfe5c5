"""Verdicts about cases: what is owed by when."""

from apps.cases.rules.deadlines import (
    ESCALATE_AT,
    USUAL,
    Deadlines,
    Level,
    WorkingTime,
    after_day_hours,
    after_days,
    after_hours,
    deadlines,
    escalation_due,
    zone_of,
)

__all__ = [
    "ESCALATE_AT",
    "USUAL",
    "Deadlines",
    "Level",
    "WorkingTime",
    "after_day_hours",
    "after_days",
    "after_hours",
    "deadlines",
    "escalation_due",
    "zone_of",
]
