"""What is urgent, what failed deliveries cost, what accounts that never answer would say: pure, with their sources."""

from apps.insights.rules.attention import days_between, is_owed, urgency, weekdays_between, weight
from apps.insights.rules.digests import KINDS, Due, due
from apps.insights.rules.effects import CAUSES, HORIZON, Delivered, Effect, cause_of, effects_of
from apps.insights.rules.growth import Growth, growth
from apps.insights.rules.lapsing import AHEAD_DAYS, at_stake, chance_of_lapsing
from apps.insights.rules.needs import BASES, Said, Size, key_of, key_of_product, size_of, words_of
from apps.insights.rules.periods import WINDOWS, Period, Turn, inside, midnight, named, period, turned, year_of_months
from apps.insights.rules.silence import EXPERIENCES, PRIOR, Expected, expectations, experience

__all__ = [
    "AHEAD_DAYS",
    "BASES",
    "CAUSES",
    "EXPERIENCES",
    "HORIZON",
    "KINDS",
    "PRIOR",
    "WINDOWS",
    "Delivered",
    "Due",
    "Effect",
    "Expected",
    "Growth",
    "Period",
    "Said",
    "Size",
    "Turn",
    "at_stake",
    "cause_of",
    "chance_of_lapsing",
    "days_between",
    "due",
    "effects_of",
    "expectations",
    "experience",
    "growth",
    "inside",
    "is_owed",
    "key_of",
    "key_of_product",
    "midnight",
    "named",
    "period",
    "size_of",
    "turned",
    "urgency",
    "weekdays_between",
    "weight",
    "words_of",
    "year_of_months",
]
