"""Delivery options and arrival dates."""

from apps.delivery.selectors.arrivals import arrivals_for, lots_apart
from apps.delivery.selectors.holidays import closed_days
from apps.delivery.selectors.options import BranchOffer, OptionQuote, options_for
from apps.delivery.selectors.ways import atlas_of

__all__ = ["BranchOffer", "OptionQuote", "arrivals_for", "atlas_of", "closed_days", "lots_apart", "options_for"]
