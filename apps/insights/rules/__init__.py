"""What is urgent, what failed deliveries cost, what accounts that never answer would say: pure, with their sources."""

from apps.insights.rules.attention import days_between, is_owed, urgency, weekdays_between, weight
from apps.insights.rules.digests import KINDS, Due, due
from apps.insights.rules.effects import CAUSES, HORIZON, Delivered, Effect, cause_of, effects_of
from apps.insights.rules.growth import Growth, growth
from apps.insights.rules.lapsing import AHEAD_DAYS, at_stake, chance_of_lapsing
from apps.insights.rules.needs import BASES, Said, Size, key_of, key_of_product, size_of, words_of
from apps.insights.rules.silence import EXPERIENCES, PRIOR, Expected, expectations, experience

__all__ = [
    "AHEAD_DAYS",
    "BASES",
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
    "Said",
    "Size",
    "at_stake",
    "cause_of",
    "chance_of_lapsing",
    "days_between",
    "due",
    "effects_of",
    "expectations",
    "experience",
    "growth",
    "is_owed",
    "key_of",
    "key_of_product",
    "size_of",
    "urgency",
    "weekdays_between",
    "weight",
    "words_of",
]
