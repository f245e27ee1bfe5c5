"""What to suggest: an account's next order, its regular SKUs, what its rep picked, and what it does not want to see;
what became of suggestions, and the letters that told of them."""

from apps.recommendations.models.dismissals import (
    Block,
    Dismissal,
    DismissalQuerySet,
    is_dismissed,
    is_unwanted,
)
from apps.recommendations.models.letters import (
    NextOrderLetter,
)
from apps.recommendations.models.measuring import (
    SuggestionDay,
    SuggestionKind,
    SuggestionPlace,
    SuggestionSale,
    SuggestionTerms,
    SuggestionTrace,
)
from apps.recommendations.models.next_order import (
    NextLine,
    RegularSku,
    Shortage,
    Training,
)
from apps.recommendations.models.ranges import (
    CategoryService,
    Pick,
    RangeGap,
    SegmentDemand,
)
from apps.recommendations.models.watches import (
    Watch,
)

__all__ = [
    "Block",
    "CategoryService",
    "Dismissal",
    "DismissalQuerySet",
    "NextLine",
    "NextOrderLetter",
    "Pick",
    "RangeGap",
    "RegularSku",
    "SegmentDemand",
    "Shortage",
    "SuggestionDay",
    "SuggestionKind",
    "SuggestionPlace",
    "SuggestionSale",
    "SuggestionTerms",
    "SuggestionTrace",
    "Training",
    "Watch",
    "is_dismissed",
    "is_unwanted",
]
