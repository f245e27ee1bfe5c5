"""What insights keep so that nobody has to reckon it twice."""

from apps.insights.models.completeness import Completeness, CompletenessRule
from apps.insights.models.scores import CountedAnswer, ScoreMonth, ScorePart

__all__ = ["Completeness", "CompletenessRule", "CountedAnswer", "ScoreMonth", "ScorePart"]
