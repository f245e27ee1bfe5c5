"""Carts, checkout, orders, approvals and quotes as they are read."""

from apps.ordering.selectors.carts import CartLineView, CartView, cart_count, cart_of
from apps.ordering.selectors.checkout import CheckoutView, OptionTotals, checkout_of, spend_limit_of
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
from apps.ordering.selectors.quotes import latest_quotes, quote_for, quotes_of, quotes_waiting

__all__ = [
    "BoughtBefore",
    "CartLineView",
    "CartView",
    "CheckoutView",
    "OptionTotals",
    "OrderPage",
    "approvals_waiting",
    "bought_history",
    "cart_count",
    "cart_of",
    "checkout_of",
    "is_own",
    "latest_quotes",
    "open_orders",
    "order_by_key",
    "order_for",
    "order_page",
    "orders_of",
    "quote_for",
    "quotes_of",
    "quotes_waiting",
    "spend_limit_of",
    "totals_of",
]
