"""Delivery options and arrival dates."""

from apps.delivery.selectors.arrivals import arrivals_for, lots_apart
from apps.delivery.selectors.options import BranchOffer, OptionQuote, options_for

__all__ = ["BranchOffer", "OptionQuote", "arrivals_for", "lots_apart", "options_for"]
