"""The waist: carts, quotes, orders and their approvals."""

from apps.ordering.models.carts import Cart, CartLine
from apps.ordering.models.orders import Approval, Order, OrderLine
from apps.ordering.models.quotes import Quote, QuoteLine

__all__ = ["Approval", "Cart", "CartLine", "Order", "OrderLine", "Quote", "QuoteLine"]
