"""Delivery options and arrival dates."""

from apps.delivery.selectors.arrivals import arrivals_for, lots_apart
from apps.delivery.selectors.holidays import closed_days
from apps.delivery.selectors.options import options_for, options_to
from apps.delivery.selectors.quotes import BranchOffer, OptionQuote
from apps.delivery.selectors.ways import atlas_of, atlases_of

__all__ = [
    "BranchOffer",
    "OptionQuote",
    "arrivals_for",
    "atlas_of",
    "atlases_of",
    "closed_days",
    "lots_apart",
    "options_for",
    "options_to",
]
