"""The waist: carts, quick orders, lists, quotes, orders and their approvals, and how a company buys."""

from apps.ordering.models.carts import Cart, CartLine
from apps.ordering.models.company import ApprovalPolicy, BuyingRules, CostCentre, Deputy, PolicyStep
from apps.ordering.models.lists import BuyingList, BuyingListLine
from apps.ordering.models.orders import Approval, Order, OrderLine
from apps.ordering.models.payment import PaymentPlan
from apps.ordering.models.quick_orders import QuickOrder, QuickOrderLine
from apps.ordering.models.quotes import Quote, QuoteLine
from apps.ordering.models.standing import StandingOrder, StandingOrderLine

__all__ = [
    "Approval",
    "ApprovalPolicy",
    "BuyingList",
    "BuyingListLine",
    "BuyingRules",
    "Cart",
    "CartLine",
    "CostCentre",
    "Deputy",
    "Order",
    "OrderLine",
    "PaymentPlan",
    "PolicyStep",
    "QuickOrder",
    "QuickOrderLine",
    "Quote",
    "QuoteLine",
    "StandingOrder",
    "StandingOrderLine",
]
