"""What insights keep so that nobody has to reckon it twice."""

from apps.insights.models.accounts import AccountSums
from apps.insights.models.care import (
    AccountNote,
    CallReport,
    CoverRule,
    HandOver,
    HealthScore,
    Mention,
    RevenueTarget,
    VisitDay,
    VisitStop,
)
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
    "AccountNote",
    "AccountSums",
    "CallReport",
    "Completeness",
    "CompletenessRule",
    "CountedAnswer",
    "CoverRule",
    "DigestPreference",
    "FailureCost",
    "Greeting",
    "GreetingPutAway",
    "GreetingText",
    "HandOver",
    "HealthScore",
    "JourneyMonth",
    "JourneyTarget",
    "MeasureCode",
    "Mention",
    "MonthOfHouse",
    "Need",
    "NeedKey",
    "NeedMention",
    "RevenueTarget",
    "SaidOfDay",
    "ScoreMonth",
    "ScorePart",
    "ScoreWindow",
    "SumsStand",
    "VisitDay",
    "VisitStop",
]
