"""Carts, checkout, orders, approvals and quotes as they are read."""

from apps.ordering.selectors.carts import CartLineView, CartView, cart_count, cart_of
from apps.ordering.selectors.checkout import CheckoutView, OptionTotals, checkout_of, spend_limit_of
from apps.ordering.selectors.lists import ListLineView, governs, list_for, list_lines, list_page, lists_of
from apps.ordering.selectors.orders import (
    BoughtBefore,
    OrderPage,
    approvals_waiting,
    bought_history,
    is_own,
    open_orders,
    order_by_key,
    order_for,
    order_page,
    orders_of,
    totals_of,
)
from apps.ordering.selectors.payment import way_to_pay, ways_to_pay
from apps.ordering.selectors.quick_orders import (
    Answer,
    Answers,
    QuickOrderView,
    answers_for,
    nearest_to,
    quick_order_of,
)
from apps.ordering.selectors.quotes import latest_quotes, quote_for, quotes_of, quotes_waiting
from apps.ordering.selectors.standing import dates_of, standing_lines, standing_order_for, standing_orders_of

__all__ = [
    "Answer",
    "Answers",
    "BoughtBefore",
    "CartLineView",
    "CartView",
    "CheckoutView",
    "ListLineView",
    "OptionTotals",
    "OrderPage",
    "QuickOrderView",
    "answers_for",
    "approvals_waiting",
    "bought_history",
    "cart_count",
    "cart_of",
    "checkout_of",
    "dates_of",
    "governs",
    "is_own",
    "latest_quotes",
    "list_for",
    "list_lines",
    "list_page",
    "lists_of",
    "nearest_to",
    "open_orders",
    "order_by_key",
    "order_for",
    "order_page",
    "orders_of",
    "quick_order_of",
    "quote_for",
    "quotes_of",
    "quotes_waiting",
    "spend_limit_of",
    "standing_lines",
    "standing_order_for",
    "standing_orders_of",
    "totals_of",
    "way_to_pay",
    "ways_to_pay",
]
