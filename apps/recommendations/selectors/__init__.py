"""What to suggest to an account, each with its reason in facts: the words are the page's.

Nothing outside the account's assortment is suggested; to learn of it takes one query, where nobody has asked yet.
"""

from apps.recommendations.selectors.fitting import missing_from_range, services_that_fit
from apps.recommendations.selectors.instead import savings_for, sooner_instead
from apps.recommendations.selectors.short import ShortAhead, products_of_event, shortages_ahead, shortages_by_account
from apps.recommendations.selectors.suggested import (
    AHEAD_DAYS,
    Due,
    Picked,
    Reason,
    Suggested,
    blocks_of,
    demand_of_like,
    dismissals_of,
    due_to_reorder,
    last_training,
    met_notices,
    next_order,
    picks_of,
    regulars_of,
    shared_notices,
    watches_of,
    watches_on,
)
from apps.recommendations.selectors.suggestion import Suggestion
from apps.recommendations.selectors.together import GoesWith, goes_with, suggested_with, usually_added

__all__ = [
    "AHEAD_DAYS",
    "Due",
    "GoesWith",
    "Picked",
    "Reason",
    "ShortAhead",
    "Suggested",
    "Suggestion",
    "blocks_of",
    "demand_of_like",
    "dismissals_of",
    "due_to_reorder",
    "goes_with",
    "last_training",
    "met_notices",
    "missing_from_range",
    "next_order",
    "picks_of",
    "products_of_event",
    "regulars_of",
    "savings_for",
    "services_that_fit",
    "shared_notices",
    "shortages_ahead",
    "shortages_by_account",
    "sooner_instead",
    "suggested_with",
    "usually_added",
    "watches_of",
    "watches_on",
]
