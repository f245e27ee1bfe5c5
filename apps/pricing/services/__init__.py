from apps.pricing.services.agreements import (
    ensure_base_list,
    load_contract_prices,
    load_prices,
    set_list_prices,
    set_price,
    withdraw_price,
)
from apps.pricing.services.coupons import give_back_coupon, redeem_coupon
from apps.pricing.services.credit import add_exposure, ensure_terms, release_credit, take_credit
from apps.pricing.services.matches import SeenElsewhere, decline_match, grant_match, request_match

__all__ = [
    "SeenElsewhere", "add_exposure", "decline_match", "ensure_base_list", "ensure_terms", "give_back_coupon",
    "grant_match", "load_contract_prices", "load_prices", "redeem_coupon", "release_credit", "request_match",
    "set_list_prices", "set_price", "take_credit", "withdraw_price",
]  # fmt: skip
