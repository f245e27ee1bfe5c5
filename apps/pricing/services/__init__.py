from apps.pricing.services.agreements import (
    ensure_base_list,
    load_contract_prices,
    load_prices,
    set_list_prices,
    set_price,
    withdraw_price,
)
from apps.pricing.services.coupons import give_back_coupon, issue_coupon, redeem_coupon, withdraw_coupon
from apps.pricing.services.credit import add_exposure, ensure_terms, release_credit, take_credit
from apps.pricing.services.matches import SeenElsewhere, decline_match, grant_match, request_match
from apps.pricing.services.papers import (
    ask_for_paper,
    forget_old_papers,
    make_due_papers,
    make_paper,
    schedule_paper,
    stop_schedule,
)
from apps.pricing.services.rates import drop_rates, keep_rate

__all__ = [
    "SeenElsewhere", "add_exposure", "ask_for_paper", "decline_match", "drop_rates", "ensure_base_list",
    "ensure_terms", "forget_old_papers", "give_back_coupon", "grant_match", "issue_coupon", "keep_rate",
    "load_contract_prices", "load_prices", "make_due_papers", "make_paper", "redeem_coupon", "release_credit",
    "request_match", "schedule_paper", "set_list_prices", "set_price", "stop_schedule", "take_credit",
    "withdraw_coupon", "withdraw_price",
]  # fmt: skip
