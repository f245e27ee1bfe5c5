"""Verdicts about cases: what is owed by when."""

from apps.cases.rules.call_backs import AWAY, DAYS, LATER, THERE, Presence, Window, presence, windows
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
from apps.cases.rules.improvements import PERIOD, Measure
from apps.cases.rules.macros import MISSING, filled, unknown_names
from apps.cases.rules.macros import NAMES as MACRO_NAMES
from apps.cases.rules.owners import Choice, Seat, chosen
from apps.cases.rules.prices import overcharged
from apps.cases.rules.recovery import FAILED_AGAIN, PROVEN, STAYED_AWAY, WAITS, order_due_on, verdict

__all__ = [
    "AWAY",
    "DAYS",
    "ESCALATE_AT",
    "FAILED_AGAIN",
    "LATER",
    "MACRO_NAMES",
    "MISSING",
    "PERIOD",
    "PROVEN",
    "STAYED_AWAY",
    "THERE",
    "USUAL",
    "WAITS",
    "Choice",
    "Deadlines",
    "Level",
    "Measure",
    "Presence",
    "Seat",
    "Window",
    "WorkingTime",
    "after_day_hours",
    "after_days",
    "after_hours",
    "chosen",
    "deadlines",
    "escalation_due",
    "filled",
    "order_due_on",
    "overcharged",
    "presence",
    "unknown_names",
    "verdict",
    "windows",
    "zone_of",
]
