"""Delivery options and arrival dates."""

from apps.delivery.selectors.arrivals import arrivals_for, lots_apart
from apps.delivery.selectors.holidays import closed_days
from apps.delivery.selectors.options import has_priority_slots, options_for, options_to
from apps.delivery.selectors.quotes import BranchOffer, OptionQuote
from apps.delivery.selectors.ways import atlas_of, atlases_of

__all__ = [
    "BranchOffer",
    "OptionQuote",
    "arrivals_for",
    "atlas_of",
    "atlases_of",
    "closed_days",
    "has_priority_slots",
    "lots_apart",
    "options_for",
    "options_to",
]
