"""What is done with carts, orders, approvals and quotes."""

from apps.ordering.services.amending import take_off
from apps.ordering.services.approvals import approve, decline, decline_credit, release_credit_hold
from apps.ordering.services.carts import (
    Added,
    add_lines,
    add_to_cart,
    empty_cart,
    remove_line,
    reorder,
    set_quantities,
    set_quantity,
    use_automatic_coupon,
)
from apps.ordering.services.dearer import add_freight
from apps.ordering.services.instead import place_instead, way_of_part
from apps.ordering.services.orders import (
    cancel_order,
    confirm_order,
    correct_delivered,
    place_lines,
    place_order,
    record_delivered,
    record_shipped,
    take_back,
    take_back_delivered,
)
from apps.ordering.services.prepayment import release_prepaid, remind_or_end, wait_longer
from apps.ordering.services.quotes import (
    accept_quote,
    attach_to_quote,
    counter_quote,
    decline_quote,
    expire_quotes,
    offer_quote,
    request_quote,
    request_quote_for,
    warn_of_expiry,
    withdraw_offer,
)

__all__ = [
    "Added",
    "accept_quote",
    "add_freight",
    "add_lines",
    "add_to_cart",
    "approve",
    "attach_to_quote",
    "cancel_order",
    "confirm_order",
    "correct_delivered",
    "counter_quote",
    "decline",
    "decline_credit",
    "decline_quote",
    "empty_cart",
    "expire_quotes",
    "offer_quote",
    "place_instead",
    "place_lines",
    "place_order",
    "record_delivered",
    "record_shipped",
    "release_credit_hold",
    "release_prepaid",
    "remind_or_end",
    "remove_line",
    "reorder",
    "request_quote",
    "request_quote_for",
    "set_quantities",
    "set_quantity",
    "take_back",
    "take_back_delivered",
    "take_off",
    "use_automatic_coupon",
    "wait_longer",
    "warn_of_expiry",
    "way_of_part",
    "withdraw_offer",
]
