"""What is urgent, what failed deliveries cost, what accounts that never answer would say: pure, with their sources."""

from apps.insights.rules.attention import days_between, urgency, weight
from apps.insights.rules.digests import KINDS, Due, due
from apps.insights.rules.effects import CAUSES, HORIZON, Delivered, Effect, cause_of, effects_of
from apps.insights.rules.growth import Growth, growth
from apps.insights.rules.silence import EXPERIENCES, PRIOR, Expected, expectations, experience

__all__ = [
    "CAUSES",
    "EXPERIENCES",
    "HORIZON",
    "KINDS",
    "PRIOR",
    "Delivered",
    "Due",
    "Effect",
    "Expected",
    "Growth",
    "cause_of",
    "days_between",
    "due",
    "effects_of",
    "expectations",
    "experience",
    "growth",
    "urgency",
    "weight",
]
