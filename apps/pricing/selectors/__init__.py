"""Prices, terms and taxes as they hold for an account on a date."""

from apps.pricing.selectors.coupons import Couponed, automatic_coupon, couponed, normal_coupon
from apps.pricing.selectors.decisions import agreed_products, prices_for, prices_for_account, unit_prices_for
from apps.pricing.selectors.lists import base_prices, currency_of_list, list_prices, price_list_id
from apps.pricing.selectors.margins import Margin, costs_of, margin_of, margins_for
from apps.pricing.selectors.matches import (
    decided_notices,
    file_of_match,
    match_for,
    matches_at_desk,
    matches_on,
    requested_notices,
)
from apps.pricing.selectors.papers import paper_for, paper_notices, papers_of, schedule_for, schedules_of
from apps.pricing.selectors.terms import house_rate, rate_to_house, tax_percents, tax_percents_for, terms_of

__all__ = [
    "Couponed", "Margin", "agreed_products", "automatic_coupon", "base_prices", "costs_of",
    "couponed", "currency_of_list", "decided_notices",
    "file_of_match", "house_rate",
    "list_prices", "margin_of", "margins_for", "match_for", "matches_at_desk", "matches_on", "normal_coupon",
    "paper_for", "paper_notices", "papers_of", "price_list_id", "prices_for", "prices_for_account",
    "rate_to_house", "requested_notices", "schedule_for", "schedules_of", "tax_percents", "tax_percents_for",
    "terms_of", "unit_prices_for",
]  # fmt: skip
