"""Verdicts about cases: what is owed by when."""

from apps.cases.rules.deadlines import (
    ACKNOWLEDGE_HOURS,
    ANSWER_DAYS,
    ESCALATE_AT,
    RESOLVE_DAYS,
    Deadlines,
    WorkingTime,
    after_days,
    after_hours,
    deadlines,
    escalation_due,
    zone_of,
)

__all__ = [
    "ACKNOWLEDGE_HOURS",
    "ANSWER_DAYS",
    "ESCALATE_AT",
    "RESOLVE_DAYS",
    "Deadlines",
    "WorkingTime",
    "after_days",
    "after_hours",
    "deadlines",
    "escalation_due",
    "zone_of",
]
