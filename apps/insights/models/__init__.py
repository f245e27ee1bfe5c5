"""What insights keep so that nobody has to reckon it twice."""

from apps.insights.models.completeness import Completeness, CompletenessRule
from apps.insights.models.digests import DigestPreference
from apps.insights.models.effects import FailureCost
from apps.insights.models.greetings import Greeting, GreetingPutAway, GreetingText
from apps.insights.models.journey import JourneyMonth, JourneyTarget, MeasureCode
from apps.insights.models.needs import Need, NeedKey, NeedMention
from apps.insights.models.scores import (
    CountedAnswer,
    MonthOfHouse,
    SaidOfDay,
    ScoreMonth,
    ScorePart,
    ScoreWindow,
    SumsStand,
)

__all__ = [
    "Completeness",
    "CompletenessRule",
    "CountedAnswer",
    "DigestPreference",
    "FailureCost",
    "Greeting",
    "GreetingPutAway",
    "GreetingText",
    "JourneyMonth",
    "JourneyTarget",
    "MeasureCode",
    "MonthOfHouse",
    "Need",
    "NeedKey",
    "NeedMention",
    "SaidOfDay",
    "ScoreMonth",
    "ScorePart",
    "ScoreWindow",
    "SumsStand",
]
